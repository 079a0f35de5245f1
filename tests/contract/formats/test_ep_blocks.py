"""EP blocks do what every format does."""

from __future__ import annotations

from mallfeed.formats.ep_blocks.format import EP_BLOCKS
from tests.contract.formats.suite import RECORDS, FormatContract, Records


class TestEpBlocks(FormatContract):
    row = EP_BLOCKS

    def written(self, records: Records) -> str:
        blocks = (
            "".join(f"<<<{name}>>>{value}\n" for name, value in one.items()) for one in records
        )
        return "".join(f"<<<begin>>>\n{block}<<<ftend>>>\n" for block in blocks)

    def torn(self) -> str:
        again = f"<<<c1>>>{RECORDS[2]['c1']}\n"
        return self.written(RECORDS).replace(again, again * 2)
