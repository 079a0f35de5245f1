"""LTSV as a row among mallfeed's formats."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from mallfeed.formats.format import Format, Look, Weight, WrittenOptions
from mallfeed.wording import dotted, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.part import YamlPart


class LtsvOptions(YamlPart):
    """How an LTSV feed is written: `label:value`, tabs between them, one record per line."""

    encoding: str = Field(default="utf-8", description="As for CSV.")
    mark: str = Field(default=":", description="Between a label and its value.")


def _faults(written: WrittenOptions) -> Iterator[Fault]:
    mark = written.values.get("mark", ":")
    if isinstance(mark, str) and (len(mark) != 1 or mark in "\t\r\n"):
        here = (*written.path, "mark")
        yield Fault(here, f"`{dotted(here)}` is {shown(mark)}", "one character, no tab")


LTSV = Format(
    name="ltsv",
    title_en="LTSV",
    title_ko="LTSV",
    reader="mallfeed_ltsv.read:read",
    weight=Weight(seconds=0.5, rows_mb=0.75, splitting=2.0),
    options=LtsvOptions,
    nests=True,
    look=Look("mallfeed_ltsv.look:look"),
    drafted=("encoding",),
    faults=_faults,
)
