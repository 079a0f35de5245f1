"""EP blocks, as a catalog says how they are written, and as a row among the formats."""

from __future__ import annotations

from pydantic import Field

from mallfeed.formats.fallback_option import FALLBACK, Fallback
from mallfeed.formats.format import Format, Look, Weight
from mallfeed.yaml_files.part import YamlPart


class EpBlocksOptions(YamlPart):
    """Daum / Naver 2.0 EP blocks: `<<<begin>>>` … `<<<ftend>>>`."""

    encoding: str = Field(default="cp949", description="As for CSV.")
    fallback_encoding: Fallback = Field(default="cp949", description=FALLBACK)


EP_BLOCKS = Format(
    name="ep_blocks",
    title_en="EP (`<<<begin>>>` blocks)",
    title_ko="EP(`<<<begin>>>` 블록)",
    reader="mallfeed.formats.ep_blocks.read:read",
    weight=Weight(seconds=0.5, rows_mb=0.75, splitting=3.3),
    options=EpBlocksOptions,
    nests=True,
    look=Look("mallfeed.formats.ep_blocks.look:look"),
    called="EP blocks",
    begins=r"(?i)<<<(begin|tocnt)>>>",
    drafted=("encoding",),
)
