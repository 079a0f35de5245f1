"""LTSV does what every format does, though mallfeed has never heard of it. See ../README.md."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.contract.formats.suite")

from mallfeed_ltsv.format import LTSV  # noqa: E402

from tests.contract.formats.suite import RECORDS, FormatContract, Records  # noqa: E402


class TestLtsv(FormatContract):
    row = LTSV

    def written(self, records: Records) -> str:
        fields = ([f"{name}:{value}" for name, value in one.items()] for one in records)
        return "".join("\t".join(line) + "\n" for line in fields)

    def torn(self) -> str:
        return self.written(RECORDS).replace(f"c1:{RECORDS[2]['c1']}", RECORDS[2]["c1"])

    def test_a_fault_of_its_own_options_is_said_like_any_other(self) -> None:
        text = self.catalog("ltsv: {mark: '::'}")
        assert self.faults(text) == [
            "v1.yaml:11:18: `feeds.full.ltsv.mark` is `::`; expected one character, no tab"
        ]
