"""What the site's search looks up: English words by their stem, Korean ones by their beginnings."""

from __future__ import annotations

import re

from sphinx.search.en import SearchEnglish

_HANGUL = re.compile(r"[가-힣]+")
_LONGEST = 12  # letters; no Korean word of these pages is longer


class EnglishAndKorean(SearchEnglish):
    """English, and Korean without a dictionary.

    A Korean word carries its particles (`피드를`, `피드가`), so every beginning of two letters or more is
    indexed with it: whoever types `피드` finds both. The browser needs to know nothing of that.
    """

    lang = "en_ko"

    def split(self, input: str) -> list[str]:
        """The words of a text, and the beginnings of its Korean ones."""
        return [form for word in super().split(input) for form in _forms(word)]


def _forms(word: str) -> list[str]:
    starts = [
        run[:n] for run in _HANGUL.findall(word) for n in range(2, min(len(run), _LONGEST) + 1)
    ]
    return list(dict.fromkeys([word, *starts]))
