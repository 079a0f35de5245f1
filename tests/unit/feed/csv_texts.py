"""CSV texts of every kind of right and wrong, by number."""

from __future__ import annotations

import random
from dataclasses import dataclass

from mallfeed.formats.csv.format import CsvOptions

_CELLS = ["", "", "a", "가방", "12", " ", "b c", "😀", "27", "\t"]
_STRANGE = [
    "\r",
    "\0",
    "\ufeff",
    "\\",
    "\u2028",
    "\x0b",
    '27" tv',
    "o'k",
    '\\"',
    "|",
    ";",
    "x" * 45,
]
_LINES = ["", " ", "\t ", "\r", '""', '"', "\ufeff", "\r\r", " \r"]


@dataclass(frozen=True)
class Sample:
    """A text and how the catalog says it is written."""

    text: str
    options: CsvOptions
    numbered: bool

    def pieces(self, rng: random.Random) -> list[str]:
        """The text, cut anywhere."""
        size = rng.choice([3, 20, 60, 1000])
        pieces, place = [], 0
        while place < len(self.text):
            step = rng.randint(1, size)
            pieces.append(self.text[place : place + step])
            place += step
        return pieces


def sample(number: int) -> Sample:
    """One text; some are all right, most are a little wrong, some are nothing but wrong."""
    rng = random.Random(number)
    options = _options(rng)
    width = rng.choice([1, 2, 2, 3, 4])
    if not options.header:
        options = options.model_copy(update={"columns": tuple(f"c{n}" for n in range(width))})
    header = options.separator.join(f"c{n}" for n in range(width)) if options.header else None
    wrong = rng.choice([0, 0, 0.02, 0.1, 0.4])
    if rng.random() < 0.15:
        marks = [options.separator, options.quote or '"', "\n", "\r\n", "\r", "a", "나", "\\"]
        soup = "".join(rng.choices(marks, k=rng.randrange(60)))
        return Sample(f"{header}\n{soup}" if header else soup, options, rng.random() < 0.3)
    rows = [_line(rng, options, width, wrong) for _ in range(rng.randrange(40))]
    end = rng.choice(["\n", "\n", "\r\n", "\r"])
    text = end.join([*([header] if header is not None else []), *rows])
    return Sample(text + (end if rng.random() < 0.7 else ""), options, rng.random() < 0.3)


def _options(rng: random.Random) -> CsvOptions:
    return CsvOptions(
        separator=rng.choice([",", ",", ",", ",", ",", "\t", "|", ";", "^", " ", "·", '"']),
        quote=rng.choice(['"', '"', '"', '"', "'", None, "`", "“"]),
        escape=rng.choice([None, None, None, "\\", "~", "₩"]),
        header=rng.random() < 0.8,
        trailing_separator=rng.random() < 0.2,
    )


def _line(rng: random.Random, options: CsvOptions, width: int, wrong: float) -> str:
    if rng.random() < wrong / 2 or (not wrong and rng.random() < 0.05):
        return rng.choice(_LINES) if wrong else ""
    if rng.random() < wrong / 2:
        width += rng.choice([-1, 1, 2])
    end = options.separator if options.trailing_separator and rng.random() < 0.95 else ""
    return options.separator.join(_cell(rng, options, wrong) for _ in range(width)) + end


def _cell(rng: random.Random, options: CsvOptions, wrong: float) -> str:
    value = rng.choice(_STRANGE) if rng.random() < wrong / 3 else rng.choice(_CELLS)
    quote = options.quote or '"'
    if rng.random() < 0.6:
        return value
    inner = [value, rng.choice(["", "\n", "\r\n", options.separator, quote * 2, "\r", "\n\n"])]
    rng.shuffle(inner)
    quoted = quote + "".join(inner) + quote
    if rng.random() < wrong / 3:
        cut = rng.randrange(3)
        return (quoted[:-1], quoted[1:], quoted + rng.choice(["z", " ", quote]))[cut]
    return quoted
