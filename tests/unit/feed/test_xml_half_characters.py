"""XML with references to what is no character: a recovering parser hands on bytes that are no text."""

from __future__ import annotations

import pytest

from mallfeed.authoring.suggest.header import KnownNames
from mallfeed.formats.xml.elements import record_element

ITEM = "<item><id>X{n}</id><name>{name}</name><price>1000</price><url>https://a.example/{n}</url></item>"


@pytest.mark.parametrize(
    "name", ["&#xD800;", "상품 &#xDFFF; 가", "&#0;", "&#xFFFE;&#x1F600;", "&#55296;"]
)
@pytest.mark.parametrize("place", [0, 5])
def test_the_element_of_records_is_found_all_the_same(name: str, place: int) -> None:
    items = "".join(ITEM.format(n=n, name=name if n == place else "이름") for n in range(6))
    found = record_element(f"<items>{items}</items>".encode(), KnownNames())
    assert found is not None
    assert found[0] == "item"
