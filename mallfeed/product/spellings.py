"""How malls write the words of canonical fields, in Korean and English: without spaces, in lower case."""

from __future__ import annotations

from collections.abc import Mapping

Spellings = Mapping[str, tuple[str, ...]]
"""Canonical word → the words that mean it."""

AVAILABILITY: Spellings = {
    word: tuple(spelled.split())
    for word, spelled in {
        "in_stock": "instock available y yes true 1 o onsale selling limitedavailability "
        "instoreonly onlineonly 판매중 판매 재고있음 재고 정상 정상판매 구매가능 있음 입고 즉시구매 판매가능",
        "out_of_stock": "outofstock soldout unavailable n no false 0 x notavailable oos "
        "품절 일시품절 재고없음 매진 없음 판매중지 일시중지 구매불가 솔드아웃",
        "preorder": "preorder presale preorders 예약 예약판매 예약구매 사전예약 출시예정",
        "backorder": "backorder backordered availablefororder 주문가능 입고예정 입고대기 재입고예정 주문후입고",
        "discontinued": "discontinued ended 단종 판매종료 종료 영구품절 생산중단",
    }.items()
}
CONDITION: Spellings = {
    word: tuple(spelled.split())
    for word, spelled in {
        "new": "new brandnew newcondition 신상품 신품 새상품 새제품 새것 미사용",
        "used": "used secondhand usedcondition usedgood usedlikenew usedfair preowned "
        "중고 중고품 중고상품",
        "refurbished": "refurbished refurb refurbishedcondition renewed "
        "리퍼 리퍼비시 리퍼브 리퍼상품 리퍼제품",
        "display": "display displayed openbox 전시 전시품 전시상품 진열 진열상품",
        "returned": "returned return 반품 반품상품 반품샵",
        "damaged": "damaged damagedcondition scratch scratched 스크래치 스크래치상품 하자 흠집 파손",
    }.items()
}
SHIPPING_FEE: Spellings = {
    "0": ("무료", "무료배송", "free", "freeshipping"),
    "-1": ("착불", "collect", "cod", "수취인부담"),
}
"""Words that stand for amounts; -1 means paid on delivery."""
