"""Words of a fixed set: enums and yes/no, as malls write them in Korean and English."""

from __future__ import annotations

from mallfeed.catalog.field_types import BoolType, EnumType
from mallfeed.normalise.types.reading import Reading, Sql, unreadable
from mallfeed.product.sql import called, text, word_list

_AVAILABILITY = {
    "in_stock": "instock available y yes true 1 o onsale selling limitedavailability instoreonly "
    "onlineonly 판매중 판매 재고있음 재고 정상 정상판매 구매가능 있음 입고 즉시구매 판매가능",
    "out_of_stock": "outofstock soldout unavailable n no false 0 x notavailable oos "
    "품절 일시품절 재고없음 매진 없음 판매중지 일시중지 구매불가 솔드아웃",
    "preorder": "preorder presale preorders 예약 예약판매 예약구매 사전예약 출시예정",
    "backorder": "backorder backordered availablefororder 주문가능 입고예정 입고대기 재입고예정 주문후입고",
    "discontinued": "discontinued ended 단종 판매종료 종료 영구품절 생산중단",
}
_CONDITION = {
    "new": "new brandnew newcondition 신상품 신품 새상품 새제품 새것 미사용",
    "used": "used secondhand usedcondition usedgood usedlikenew usedfair preowned 중고 중고품 중고상품",
    "refurbished": "refurbished refurb refurbishedcondition renewed 리퍼 리퍼비시 리퍼브 리퍼상품 리퍼제품",
    "display": "display displayed openbox 전시 전시품 전시상품 진열 진열상품",
    "returned": "returned return 반품 반품상품 반품샵",
    "damaged": "damaged damagedcondition scratch scratched 스크래치 스크래치상품 하자 흠집 파손",
}
KNOWN_WORDS: dict[str, dict[str, str]] = {"availability": _AVAILABILITY, "condition": _CONDITION}
"""Canonical field → canonical word → the words that mean it, without spaces and in lower case."""

_YES = "y yes true 1 t o on 예 네 유 있음 해당 가능"
_NO = "n no false 0 f x off 아니오 아니요 무 없음 해당없음 비해당 불가"


def key_of(word: str) -> str:
    """How a word is looked up: lower case, no space, hyphen, underscore, no schema.org prefix."""
    short = word.strip().lower().rsplit("schema.org/", 1)[-1]
    return "".join(char for char in short if char not in " \t_-")


def vocabulary(field: str, options: EnumType, allowed: tuple[str, ...]) -> dict[str, str]:
    """Looked-up word → canonical word, the mall's own words first."""
    known = {key_of(word): word for word in allowed}
    for canonical, words in KNOWN_WORDS.get(field, {}).items():
        known |= dict.fromkeys(words.split(), canonical)
    return known | {key_of(word): canonical for word, canonical in options.values.items()}


def read_enum(field: str, options: EnumType, source: Sql, allowed: tuple[str, ...]) -> Reading:
    """The canonical word; an unknown one is dropped and told."""
    words = vocabulary(field, options, allowed)
    blank = options.blank or ("new" if field == "condition" else None)
    cell = f"coalesce({source}, {text(blank)})" if blank else source
    return Reading(cell, lambda c: _meaning_of(c, words), problems=(unreadable("unknown"),))


def read_bool(options: BoolType, source: Sql) -> Reading:
    """Yes or no; blank is no."""
    words = dict.fromkeys(_YES.split(), "true") | dict.fromkeys(_NO.split(), "false")
    words |= _meaning(options.true, "true") | _meaning(options.false, "false")
    return Reading(
        cell=f"coalesce({source}, 'N')",
        parse=lambda c: f"({_meaning_of(c, words)} = 'true')",
        problems=(unreadable("unknown"),),
        sql_type="boolean",
    )


def _meaning_of(cell: Sql, words: dict[str, str]) -> Sql:
    return called("word", cell, word_list(words))


def _meaning(words: tuple[str, ...], value: str) -> dict[str, str]:
    return {key_of(word): value for word in words}
