"""A text in both languages: what packs and topics bring, and what Laurel says itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in both languages."""

    zh: str
    en: str

    def get(self, locale: str) -> str:
        """The text in the language "zh" or "en"."""
        return self.en if locale == "en" else self.zh
