"""Words of enums that the normaliser does not know by itself: a draft names those that a feed has."""

from __future__ import annotations

from collections.abc import Mapping

from mallfeed.kinds.enum import EnumType, vocabulary
from mallfeed.kinds.sql.vocabulary import key_of
from mallfeed.product.fields import BY_NAME

_AVAILABILITY = {
    "in_stock": "판매함|재고부족|온라인판매|active|in|sale|승인완료|in stock soon|low stock|auf lager|lagernd|lieferbar|verfügbar|"
    "vorrätig|sofort lieferbar|ja|en stock|disponible|oui|disponibile|sì|si|disponível|em estoque|sim|op voorraad|leverbaar|i lager|"
    "på lager|finns i lager|dostępny|na stanie|skladem|tak|в наличии|есть|да|διαθέσιμο|var|stokta|在庫あり|在庫有り|販売中|有り|有|○|在售|有货|"
    "上架|销售中|現貨|有現貨|公開",
    "out_of_stock": "판매안함|판매금지|sold|out|out of print|nicht auf lager|nicht lagernd|nicht verfügbar|nicht vorrätig|ausverkauft|nein|"
    "vergriffen|en rupture|rupture de stock|épuisé|indisponible|non|agotado|sin stock|no disponible|non disponibile|esaurito|esgotado|"
    "indisponível|não|niet op voorraad|uitverkocht|slut i lager|ej i lager|ikke på lager|udsolgt|niedostępny|brak|nie|vyprodáno|není skladem|"
    "нет в наличии|нет|εξαντλημένο|yok|tükendi|在庫なし|在庫無し|売り切れ|売切れ|無し|×|缺货|无货|售罄|下架|已下架|缺貨|非公開",
    "preorder": "soon|판매대기|vorbestellbar|précommande|preventa|preordine|pré-venda|予約|予約受付中|预售|預購|предзаказ",
    "backorder": "onbackorder|available_for_order|입고예정중|special order|auf bestellung|nachbestellbar|sur commande|bajo pedido|su ordinazione|"
    "op bestelling|beställningsvara|na zamówienie|na objednávku|под заказ|お取り寄せ|取り寄せ|取寄せ|入荷待ち|補貨中",
    "discontinued": "판매종료됨|outofprint|절판|eingestellt|販売終了|廃番|生産終了|停产|停售",
}
_CONDITION = {
    "new": "neu|neuware|neuf|nuevo|nuovo|novo|nieuw|ny|nytt|nowy|nowe|nový|nové|новый|новое|καινούργιο|yeni|új|nou|uusi|未使用|全新|新",
    "used": "liked_new|like_new|used_good|gebraucht|occasion|d'occasion|usado|usato|gebruikt|begagnad|brugt|brukt|używany|używane|použité|použitý|"
    "б/у|бывший в употреблении|μεταχειρισμένο|ikinci el|használt|käytetty|中古|中古品|二手",
    "refurbished": "generalüberholt|erneuert|reconditionné|reacondicionado|ricondizionato|recondicionado|gereviseerd|odnowiony|repasovaný|再生品|整備済み|翻新|官翻",
    "display": "open_box_new|ausstellungsstück|展示品",
}


def _found(field: str, words: Mapping[str, str]) -> dict[str, str]:
    known = vocabulary(EnumType(), BY_NAME[field])
    pairs = ((key_of(word), value) for value, text in words.items() for word in text.split("|"))
    return {word: value for word, value in pairs if word not in known}


_WORDS = {name: vocabulary(EnumType(), field) for name, field in BY_NAME.items() if field.values}
_MORE = {
    "availability": _found("availability", _AVAILABILITY),
    "condition": _found("condition", _CONDITION),
}


def known_word(field: str, value: str) -> str | None:
    """The canonical word of an enum that the value means, if the normaliser knows it."""
    return _WORDS[field].get(key_of(value))


def other_word(field: str, value: str) -> str | None:
    """The canonical word that the value means in another language, or in a shop program's own."""
    return _MORE.get(field, {}).get(key_of(value))
