"""Each rule of finding a product in Korean, on the real analysers, templates and index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mallfeed.search import engine
from mallfeed.search.request import SearchRequest, SuggestRequest
from mallfeed.search.result import Reading
from tests.search.little_shop import filled_index, row

pytestmark = pytest.mark.sinks

GOODS = (
    row("sony", "소니 WH-1000XM5 헤드폰 블랙", brand="소니", model_number="WH-1000XM5"),
    row("sony4", "소니 WH-1000XM4 헤드폰 블랙", brand="소니", model_number="WH-1000XM4"),
    row("water", "제주 샘물 500ml 20병", category_path=["식품", "음료", "생수"]),
    row("water2", "제주 샘물 2L 6병", category_path=["식품", "음료", "생수"]),
    row("force", "나이키 에어포스 1 로우 화이트", brand="NIKE", category_path=["신발", "운동화"]),
    row("max", "에어맥스 97", brand="나이키", category_path=["신발", "운동화"]),
    row("buds", "무선이어폰 노이즈캔슬링", category_path=["가전", "이어폰"], review_count=10),
    row("buds2", "무선 이어폰 스포츠 방수", category_path=["가전", "이어폰"], review_count=900),
    row("gram", "엘지 그램 16인치 노트북", brand="LG전자", category_path=["컴퓨터", "노트북"]),
    row("stand", "노트북 거치대 알루미늄", category_path=["컴퓨터", "거치대"]),
    row("rice", "이천 쌀 10kg", category_path=["식품", "쌀"]),
    row("lamp", "코끼리방귀 무드등", description="은은한 수면 조명"),
    row("zzz", "꿀잠 베개", tags=["경추", "숙면"]),
    row("mug", "도자기 컵", gtin="8800000070001", gtins=["8800000070001", "036000291452"]),
    row("mug2", "유리 컵", gtin="8800000070025"),
)  # fmt: skip


@pytest.fixture(scope="module")
def shop(opensearch: str) -> Iterator[tuple[Any, str]]:
    """The little shop's index."""
    with filled_index(opensearch, "products-finding-tests", GOODS) as filled:
        yield filled


def found(shop: tuple[Any, str], q: str, **more: Any) -> list[str]:
    """Product ids, best first."""
    result = engine.search(shop[0], SearchRequest(q=q, **more), shop[1])
    return [hit.fields["product_id"] for hit in result.hits]


@pytest.mark.parametrize("q", ["WH-1000XM5", "wh1000xm5", "1000xm5", "WH 1000XM5", "소니wh1000xm5"])
def test_a_model_number_finds_its_product_only_however_it_is_written(
    shop: tuple[Any, str], q: str
) -> None:
    assert found(shop, q) == ["sony"]


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("8800000070001", ["mug"]), ("036000291452", ["mug"]), ("0036000291452", ["mug"]),
        ("0-36000-29145-2", ["mug"]), ("8800000070025", ["mug2"]), ("08800000070025", ["mug2"]),
    ],
)  # fmt: skip
def test_any_of_its_trade_item_numbers_finds_a_product(
    shop: tuple[Any, str], q: str, wanted: list[str]
) -> None:
    assert found(shop, q) == wanted


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        *(
            (q, "water")
            for q in ("500ml", "500 ml", "0.5L", "0.5리터", "500미리리터", "샘물 500ML")
        ),
        *((q, "water2") for q in ("2L", "2리터", "2000ml", "2,000ml", "2.0l")),
        *((q, "rice") for q in ("10kg", "10 kg", "10키로", "쌀 10킬로그램", "10000g")),
        *((q, "gram") for q in ("16인치", "16inch", '16"', "노트북 16 인치")),
    ],
)
def test_an_amount_is_found_in_any_of_its_units(shop: tuple[Any, str], q: str, wanted: str) -> None:
    assert found(shop, q) == [wanted]


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("나이키 air force", "force"), ("nike 에어포스", "force"), ("nike air max", "max"),
        ("lg gram", "gram"), ("엘지전자 노트북", "gram"), ("LG전자 그램", "gram"),
        ("sony 헤드폰 1000xm4", "sony4"), ("랩탑 엘지", "gram"),
    ],
)  # fmt: skip
def test_brands_and_words_are_found_in_either_script(
    shop: tuple[Any, str], q: str, wanted: str
) -> None:
    assert found(shop, q)[0] == wanted


@pytest.mark.parametrize("q", ["무선이어폰", "무선 이어폰", "무 선 이 어 폰"])
def test_spacing_does_not_matter(shop: tuple[Any, str], q: str) -> None:
    assert set(found(shop, q)) == {"buds", "buds2"}


@pytest.mark.parametrize("q", ["코끼리 방귀", "코끼리방귀무드등", "코끼 리방귀 무드등"])
def test_spacing_does_not_matter_in_words_that_no_dictionary_has(
    shop: tuple[Any, str], q: str
) -> None:
    assert found(shop, q) == ["lamp"]


@pytest.mark.parametrize(
    ("q", "meant"),
    [
        ("무선이어혼", "무선이어폰"), ("노트벅", "노트북"), ("노트봇", "노트북"), ("놋트북", "노트북"),
        ("나이끼", "나이키"), ("에어포수", "에어포스"), ("이어픈", "이어폰"), ("노이즈캔슬렁", "노이즈캔슬링"),
    ],
)  # fmt: skip
def test_a_mistyped_word_is_corrected_from_the_index(
    shop: tuple[Any, str], q: str, meant: str
) -> None:
    result = engine.search(shop[0], SearchRequest(q=q), shop[1])
    assert (result.reading, result.query) == (Reading.corrected, meant)
    assert result.total


@pytest.mark.parametrize(
    ("q", "meant"),
    [("shxmqnr", "노트북"), ("dldjvhs", "이어폰"), ("ㅜㅑㅏㄷ", "nike"), ("ㄴㅐㅜㅛ", "sony")],
)
def test_the_other_keyboard_layout_is_read(shop: tuple[Any, str], q: str, meant: str) -> None:
    result = engine.search(shop[0], SearchRequest(q=q), shop[1])
    assert (result.reading, result.query) == (Reading.other_layout, meant)
    assert found(shop, q) == found(shop, meant) != []


@pytest.mark.parametrize("q", ["ㄴㅌㅂ", "노ㅌ", "노틉"])
def test_half_typed_words_and_initials_find(shop: tuple[Any, str], q: str) -> None:
    assert "gram" in found(shop, q)


def test_the_thing_itself_comes_before_what_belongs_to_it(shop: tuple[Any, str]) -> None:
    assert found(shop, "노트북") == ["gram", "stand"]


def test_of_equal_texts_the_one_with_more_reviews_comes_first(shop: tuple[Any, str]) -> None:
    assert found(shop, "이어폰") == ["buds2", "buds"]


def test_words_are_found_in_description_and_tags(shop: tuple[Any, str]) -> None:
    assert found(shop, "수면 조명") == ["lamp"]
    assert found(shop, "숙면 베개") == ["zzz"]


def test_a_query_with_one_word_too_many_still_finds(shop: tuple[Any, str]) -> None:
    result = engine.search(shop[0], SearchRequest(q="알루미늄 노트북 거치대 초특급"), shop[1])
    assert result.reading is Reading.loose
    assert result.hits[0].fields["product_id"] == "stand"


@pytest.mark.parametrize(
    ("q", "text"),
    [
        ("노", "노트북"), ("노ㅌ", "노트북"), ("놑", "노트북"), ("ㄴㅌㅂ", "노트북"), ("shxm", "노트북"),
        ("나이", "나이키"), ("ㅅㄴ", "소니"), ("무선이", "무선이어폰"), ("소니 헤", "소니 헤드폰"),
        ("ㅜㅑ", "NIKE"), ("WH-1", "WH-1000XM5"),
    ],
)  # fmt: skip
def test_what_is_being_typed_is_completed(shop: tuple[Any, str], q: str, text: str) -> None:
    result = engine.suggest(shop[0], SuggestRequest(q=q, size=5), shop[1])
    assert text in [one.text for one in result.suggestions]
    assert len(result.suggestions) <= 5


@pytest.mark.parametrize(
    ("q", "text"), [("헤드픈", "헤드폰"), ("노트붓", "노트북"), ("무선이억", "무선이어폰")]
)
def test_what_begins_nothing_is_completed_from_before_the_slip(
    shop: tuple[Any, str], q: str, text: str
) -> None:
    completions = engine.suggest(shop[0], SuggestRequest(q=q, size=5), shop[1]).suggestions
    assert text in [one.text for one in completions]


def test_a_rare_word_that_no_other_spelling_beats_is_left_as_it_was_typed(
    shop: tuple[Any, str],
) -> None:
    result = engine.search(shop[0], SearchRequest(q="쌀"), shop[1])
    assert (result.reading, result.query) == (Reading.as_typed, "쌀")
