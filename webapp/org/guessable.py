"""What is tried first by whoever guesses a password: leaked ones, and what people here make theirs of.

The leaked ones are those of ``common_passwords.txt.gz``; where it comes from and its licences stand beside it, in
``common_passwords.SOURCES``. It is compared offline, without regard to capitals and width [OWASP ASVS 5.0, 6.2.4 and 6.2.12].
"""

import gzip
import re
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("common_passwords.txt.gz")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Pieces that cost whoever guesses next to nothing: syllables of names, rows and columns of the keyboard, repeats.
_SYLLABLES = _words(
    "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang "
    "feng yu dong xiao cheng cao yuan deng fu shen zeng peng lu su jiang cai jia ding wei xue ye yan pan du dai xia "
    "zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng long "
    "wan duan qian yin chang qiao lai gong wen bo bin bing bao bu da de er gang guang gui hai hong hua hui jian jie jing "
    "jun kai kun lan lei ling mei min ming na nan ning ping qi qiang qing rui ru rong sha shan shu shuai shuang si tao "
    "ting tong wo wu xi xiang xin xing xiu ya yi ying yong yue yun ze zhen zhi zi nuo ha te tu ai ni ge le mu sang"
)
_KEYS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol"),
    *("147", "258", "369", "159", "357", "741852963", "789456123", "147258369"),  # the number pad
)
# Pieces that are one of some thousands: words, lucky numbers, days, telephone numbers.
_LUCKY = _words(
    "woaini woaiwojia woai aini wodemima mima iloveyou loveyou love forever baobei laopo laogong mama baba jiayou "
    "china zhongguo beijing neimenggu huhehaote xilinhaote xilingol caoyuan chinapost youzheng youju postoffice post ems "
    "toucha password passwd pass admin root user test welcome hello login system guanliyuan gongsi "
    "520 521 1314 5201314 1314520 5211314 168 518 666 888 668 886 987 110 112 119 120 11183 11185 10086 10010"
)
_DAY = r"(?:(?:19|20)?\d\d)?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_NUMBER = re.compile(rf"{_DAY}|(?:19|20)\d\d|1[3-9]\d{{9}}")
_CHEAP, _DEAR = 1, 2
_ENOUGH = 6  # what a password has to cost: three syllables and a year cost 5
_LONGEST = 26


def is_guessable(plain: str) -> bool:
    """Whether ``plain`` (NFKC, casefolded) is a leaked password or put together of three or four usual pieces."""
    return plain in _leaked() or _cost(re.sub(r"[\W_]+", "", plain)) < _ENOUGH


@cache
def _leaked() -> frozenset[str]:
    return frozenset(gzip.decompress(LIST.read_bytes()).decode().splitlines())


def _cost(plain: str) -> int:
    """The least that pieces making up ``plain`` cost together; a character that belongs to none costs like a word."""
    least = [0]
    for end in range(1, len(plain) + 1):
        starts = range(max(0, end - _LONGEST), end)
        least.append(min(least[start] + _price(plain[start:end]) for start in starts))
    return least[-1]


def _price(piece: str) -> int:
    if piece in _SYLLABLES or (len(piece) > 1 and len(set(piece)) == 1):
        return _CHEAP
    if len(piece) > 2 and any(piece in row or piece[::-1] in row for row in _KEYS):
        return _CHEAP
    if len(piece) == 1 or piece in _LUCKY or _NUMBER.fullmatch(piece):
        return _DEAR
    return _DEAR * len(piece)
