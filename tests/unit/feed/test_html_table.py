"""Web pages under a workbook's name, as shop builders export their lists of products."""

from __future__ import annotations

from pathlib import Path

import pytest

from mallfeed.authoring.suggest.examine_file import look
from mallfeed.errors import FeedHeld
from mallfeed.kinds.sql.marks import LINK, LINKED_TEXT
from tests.unit.feed.reading import read

HEAD = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv="Content-Type" content="text/html; charset={0}"><style><!--td {{mso-number-format:"\\@"; white-space:nowrap;}}--></style>
</head><body>"""
TABLE = """<table><tr><td>아무개 쇼핑몰</td></tr></table><table border=1>
<tr><th>상품코드</th><th>상품명<th>가격</th></tr>
<tr><td>0088</td><td>가방<br>빨강 &amp; <b>파</b>랑&nbsp;</td><td rowspan="2">1,000</td></tr>
<tr><td>0089<td>모자<table><tr><td>안쪽</td></tr></table></td></tr>
<tr><td colspan="3">합계</td></tr></table></body></html>"""


@pytest.mark.parametrize("encoding", ["euc-kr", "utf-8", "UTF-16"])
def test_the_largest_table_is_read(encoding: str) -> None:
    page = (HEAD.format(encoding) + TABLE).encode(encoding)
    found = read(page, format="xlsx")
    assert found.cells("상품코드", "상품명", "가격") == [
        ("0088", "가방 빨강 & 파랑", "1,000"),
        ("0089", "모자 안쪽", "1,000"),
        ("합계", "합계", "합계"),
    ]
    assert [row["_row"] for row in found.rows] == ["2", "3", "4"]


@pytest.mark.parametrize("cut", [30, 80, 200])
def test_a_page_that_is_cut_off_is_held(cut: int) -> None:
    page = (HEAD.format("utf-8") + TABLE).encode()[:-cut].decode("utf-8", "ignore").encode()
    with pytest.raises(
        FeedHeld, match="is a web page whose table does not end: it is cut off"
    ) as held:
        read(page, format="xlsx")
    assert held.value.code == "truncated"


@pytest.mark.parametrize(
    "tag",
    [
        "<td " + " ".join(f"a{n}=1" for n in range(40_000)) + ">",
        "<td class='" + "x" * 2_000_000 + "'>",
    ],
)
def test_a_tag_like_no_cell_is_held(tag: str) -> None:
    page = HEAD.format("utf-8") + f"<table><tr>{tag}x</td></tr></table></html>"
    with pytest.raises(
        FeedHeld,
        match="a tag with more than 1,000 attributes, or of more than 1,048,576 characters",
    ) as held:
        read(page.encode(), format="xlsx")
    assert held.value.code == "record_too_large"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("<td colspan=100000>x</td>" * 100, "too_many_columns"),
        ("<td colspan=999 rowspan=100000>x</td>" * 2, "record_too_large"),
    ],
)
def test_spans_without_end_are_held(cells: str, code: str) -> None:
    page = f"<html><table><tr>{cells}</tr>{'<tr></tr>' * 4_000}</table></html>"
    with pytest.raises(FeedHeld) as held:
        read(page.encode(), format="xlsx")
    assert held.value.code == code


def test_suggest_says_where_the_header_is(tmp_path: Path) -> None:
    path = tmp_path / "products.xls"
    title = "<html><table><tr><td>상품 목록</td></tr>"
    rows = "".join(f"<tr><td>{n}</td><td>가방 {n}</td><td>{n}000</td></tr>" for n in range(1, 30))
    path.write_text(
        f"{title}<tr><td>상품코드</td><td>상품명</td><td>판매가</td></tr>{rows}</table></html>",
        "utf-8",
    )
    looked = look(path)
    assert (looked.spec.format, looked.spec.options.header_row) == ("xlsx", 2)
    assert looked.why == (
        "a web page saved as a workbook: its largest table has 31 rows; row 2 names the columns",
    )


def test_a_link_stands_beside_its_text_and_a_picture_alone_for_itself() -> None:
    cells = {
        '<a href=" /p/1 ">상세</a> <a href="/p/2">또</a>': f"{LINK}/p/1{LINKED_TEXT}상세 또",
        '<a href="/p/1"><img src="/i.jpg"></a>': f"{LINK}/p/1{LINKED_TEXT}",
        '<img src="/i.jpg">': f"{LINK}/i.jpg{LINKED_TEXT}",
        '<img src="/icon.gif">가방': "가방",
        '<a href="/stale">https://shop.example/p/1</a>': "https://shop.example/p/1",
        '<a href="#">열기</a>': "열기",
        '<a href="javascript:void(0)">열기</a>': "열기",
        '<a name="top">가방</a>': "가방",
    }
    rows = "".join(f"<tr><td>{n}</td><td>{cell}</td></tr>" for n, cell in enumerate(cells))
    page = f"<html><body><table><tr><th>id</th><th><a href='/sort'>url</a></th></tr>{rows}</table></body></html>"
    assert [one for (one,) in read(page.encode(), format="xlsx").cells("url")] == [*cells.values()]


def test_what_nobody_sees_is_no_text() -> None:
    hidden = "<script>alert(1)</script><style>td{}</style><template><b>x</b></template>"
    page = f"<html><table><tr><th>id</th><th>cat</th></tr><tr><td>1</td><td>가{hidden}방</td></tr></table></html>"
    assert read(page.encode(), format="xlsx").cells("cat") == [("가방",)]
