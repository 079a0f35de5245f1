"""How far the cells of a sheet reach is read from its XML, however they say their place."""

from __future__ import annotations

import pytest

from mallfeed.formats.xlsx.extent import cells_spanned


@pytest.mark.parametrize(
    ("xml", "spanned"),
    [
        ("", (0, 0)),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>', (1, 2)),
        ('<row r="5"><c r="C5"><v>1</v></c></row><row r="9"><c r="E9"><v>1</v></c></row>', (5, 3)),
        ("<x:row r='1'><x:c s='1' r='aa1'><x:v>1</x:v></x:c><x:c r='ZZ7' ><x:v/></x:c></x:row>", (7, 676)),
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>', (1, 1)),
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', (1048576, 16384)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [7, 1 << 20])
def test_rows_and_columns_from_the_first_to_the_last_cell_with_content(
    xml: str, spanned: tuple[int, int], size: int
) -> None:
    data = xml.encode()
    assert cells_spanned(data[n : n + size] for n in range(0, len(data), size)) == spanned


def test_the_faster_look_takes_cells_without_content_for_cells() -> None:
    xml = b'<row r="1"><c r="A1"><v>1</v></c><c r="C1" s="1"/></row><row r="9"><c r="B9"><v>1</v></c></row>'
    assert (cells_spanned([xml]), cells_spanned([xml], exactly=False)) == ((9, 2), (9, 3))
    odd = xml.replace(b'<c r="A1">', b"<c s='1' r='a1'>")
    assert cells_spanned([odd], exactly=False) == (9, 2)


def test_cells_that_do_not_say_their_place_are_as_many_as_there_can_be() -> None:
    xml = (
        b"<row>"
        + b"<c><v>1</v></c>" * 30
        + b"</row>"
        + b"<row/>" * 50
        + b"<row><c><v>1</v></c></row>"
    )
    assert cells_spanned([xml]) == (52, 30)
    rows, columns = cells_spanned([b'<row r="100"><c><v>1</v></c></row>' + xml])
    assert rows >= 152
    assert columns == 30
