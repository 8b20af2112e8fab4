"""Chinese syllables. Loaded when a name is first spelt: the library's phrases, by which it reads 重庆 as cq, take 55 MB."""

from pypinyin import Style, lazy_pinyin


def first_letters(name: str) -> str:
    """The first letter of each syllable, what is no Chinese as it is: 都兰敖包 → dlab."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
