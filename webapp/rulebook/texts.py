"""Something said in both languages. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """Something said in both languages."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        """The sentence in ``language``; Chinese for any other than English."""
        return self.en if language.startswith("en") else self.zh

    def as_dict(self) -> dict:
        """As the wire carries it."""
        return {"zh": self.zh, "en": self.en}
