"""Names of columns that say whether the mall shows a product, and the words in them, in the languages of feeds.

After the exports of shop builders and marketplaces: 진열, 전시, 노출, 공개; published, visible, active, enabled, online; 公開, 表示,
掲載. Words that are put together (진열 + 안함, 미 + 노출, not + visible, 非 + 公開) are known by their parts.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from mallfeed.catalog.name_words import NEUTRAL
from mallfeed.catalog.names import words_of
from mallfeed.kinds.sql.vocabulary import key_of

Says = Literal["shown", "hidden", "status", "sale"]
"""What a yes in the column means: that the product is shown, or hidden; of a status nobody knows; of a sale, that it can be
bought."""

_KOREAN = "진열|전시|노출|공개|게시|표시"
_JAPANESE = "公開|表示|掲載"
_CHINESE = "显示|顯示|公开|公開|发布|發佈|發布|展示|启用|啟用"
_OUT_OF_CJK: tuple[tuple[Says, re.Pattern[str]], ...] = (
    ("shown", re.compile(rf"(?:상품|제품)?(?:{_KOREAN})(?:여부|상태|유무|설정|구분|yn)?")),
    ("shown", re.compile(r"(?:상품|제품)?(?:사용|활성화?)(?:여부|상태|유무|yn)")),
    ("shown", re.compile(rf"(?:商品)?(?:{_JAPANESE})(?:状態|フラグ|設定|区分|ステータス|可否|有無)?")),
    ("shown", re.compile(rf"(?:是否)?(?:{_CHINESE})(?:状态|狀態)?")),
    ("hidden", re.compile(rf"(?:상품|제품)?(?:숨김|감춤|[미비](?:{_KOREAN})|(?:{_KOREAN})안함|삭제)(?:여부|상태|처리|yn)?")),
    ("hidden", re.compile(rf"(?:商品)?(?:非(?:{_JAPANESE})|倉庫指定|削除)(?:フラグ|設定|区分)?")),
    ("hidden", re.compile(r"(?:是否)?(?:隐藏|隱藏|停用|禁用|删除|刪除)(?:状态|狀態)?")),
    ("status", re.compile(r"(?:상품|제품|등록|진행|처리)?상태(?:값|구분)?|(?:商品)?(?:ステータス|状態|状态|狀態)")),
    ("sale", re.compile(r"(?:상품|제품)?판매(?:상태|여부|유무)|販売(?:状態|ステータス)|销售状态|銷售狀態")),
)  # fmt: skip
_SHOWN_NAMES = (
    "published publish publication visible visibility display displayed display_status shown show active activated activation "
    "enabled enable online listed live web_visible visible_online online_visible store_visible shop_visible published_status publish_status "
    "publication_status visibility_status active_status activation_status show_in_shop show_in_store show_on_web show_on_website "
    "show_on_site show_online show_in_catalog visibility_in_catalog visible_in_catalog visible_on_storefront visible_in_shop visible_in_store "
    "published_on_online_store published_online published_on_web display_on_web display_online "
    "sichtbar sichtbarkeit aktiv aktiviert veroffentlicht freigegeben anzeigen actif active_en_ligne publie affiche en_ligne visibilite "
    "activo publicado habilitado visibilidad attivo pubblicato abilitato visibilita ativo visivel visibilidade zichtbaar actief gepubliceerd "
    "synlig publicerad aktiivinen widoczny aktywny opublikowany widocznosc viditelny viditelnost aktivni zverejneno видимость активен активность "
    "активный опубликован показывать включен видим aktif gorunur yayinda"
)
_HIDDEN_NAMES = (
    "hidden hide disabled disable archived archive deleted unpublished draft inactive invisible do_not_show versteckt ausgeblendet "
    "deaktiviert inaktiv masque cache desactive oculto desactivado nascosto disattivato desativado verborgen dold skjult ukryty skryty скрыт скрытый gizli"
)
_STATUS_NAMES = "status state post_status item_status listing_status product_state statut estado stato stav durum статус zustand"
_SALE_NAMES = "sale_status sales_status selling_status sell_status"
_CHANNELS = frozenset("pc mobile app 모바일 앱 피씨 スマホ スマートフォン モバイル".split())  # noqa: SIM905
_CHANNEL_BEFORE = re.compile(r"(?:모바일|피씨|スマートフォン|スマホ|モバイル)(?=.)")
_BRACKETS = re.compile(r"[()\[\]（）]")

YES = frozenset(
    "y yes true t 1 on o 예 네 ja oui si sì sí sim tak ano да ναι evet kyllä igen はい 有 是".split()  # noqa: SIM905
)
NO = frozenset(
    "n no false f 0 -1 off x 아니오 아니요 nein non nej nie ne não nao нет όχι hayır ei nem いいえ 無 否".split()  # noqa: SIM905
)
_HIDDEN = re.compile(
    rf"[미비](?:{_KOREAN}|활성화?)(?:중|함|상태|상품)?|(?:{_KOREAN})(?:안함|안됨|않음|하지않음|중지|중단|정지|종료|보류|대기|예정|제외|불가|off)(?:상품)?"
    r"|숨김(?:처리|상품|중)?|숨기기|감춤|임시저장(?:중)?|삭제(?:됨|상품|처리)?|사용안함|사용중지"
    rf"|[非未](?:{_JAPANESE})(?:中)?|(?:{_JAPANESE})(?:しない|停止|終了|前|中止|待ち)|下書き|非掲載|倉庫に入れる|削除済み?"
    rf"|[不未非](?:{_CHINESE})|隐藏|隱藏|草稿|停用|禁用|已删除|已刪除"
    r"|(?:not|un|non|in)(?:visible|published?|displayed|shown|active|activated|listed|enabled)|hidden|hide|draft|autodraft|archived?|disabled"
    r"|deactivated|private|offline|deleted|trash(?:ed)?"
    r"|inaktiv|deaktiviert|versteckt|ausgeblendet|entwurf|unsichtbar|nichtsichtbar|archiviert|(?:nicht|un)veröffentlicht"
    r"|brouillon|masquée?|cachée?|désactivée?|inactive?|inactif|archivée?|nonpubliée?|horsligne"
    r"|borrador|oculto|inactivo|desactivado|archivado|nopublicado|novisible|bozza|nascosto|disattivato|inattivo|archiviato"
    r"|rascunho|inativo|desativado|arquivado|concept|verborgen|inactief|gearchiveerd|nietzichtbaar|utkast|dold|kladde|skjult|arkiverad"
    r"|szkic|ukryty|nieaktywny|niewidoczny|skrytý|neaktivní|koncept|черновик|скрыт(?:ый|о)?|неактив(?:ен|ный|но)|неопубликован(?:о)?|отключ[её]н"
    r"|taslak|gizli|pasif"
)  # fmt: skip
_SHOWN = re.compile(
    rf"(?:{_KOREAN}|활성화?)(?:중|함|됨|가능|상태|상품|on)?|사용(?:함|중)?|(?:{_JAPANESE})(?:する|中|済み?)?|已?(?:{_CHINESE})"
    r"|visible|published?|displayed|shown?|active|activated|listed|enabled|public|online|live|catalog|search|catalog[,/&]?search|both|everywhere"
    r"|aktiv|aktiviert|sichtbar|veröffentlicht|actif|active|publiée?|visible|enligne|activo|publicado|attivo|pubblicato|visibile|ativo|visível"
    r"|actief|gepubliceerd|zichtbaar|publicerad|synlig|aktywny|widoczny|opublikowany|aktivní|viditelný|актив(?:ен|ный|но)|опубликован(?:о)?|включ[её]н"
    r"|aktif|yayında"
)  # fmt: skip


@cache
def _by_words() -> dict[frozenset[str], Says]:
    names: tuple[tuple[Says, str], ...] = (
        ("sale", _SALE_NAMES),
        ("status", _STATUS_NAMES),
        ("hidden", _HIDDEN_NAMES),
        ("shown", _SHOWN_NAMES),
    )
    return {frozenset(words_of(name)) - NEUTRAL: says for says, text in names for name in text.split()}  # fmt: skip


def said_by(name: str) -> Says | None:
    """What a column of this name says by a yes; None = its name says nothing of showing a product."""
    words = [_CHANNEL_BEFORE.sub("", word) for word in words_of(name)]
    words = [word for word in words if word and word not in _CHANNELS]
    joined = "".join(words)
    found = next((says for says, pattern in _OUT_OF_CJK if pattern.fullmatch(joined)), None)
    return found or _by_words().get(frozenset(words) - NEUTRAL)


def is_of_channel(name: str) -> bool:
    """Whether it says that of one way to the shop only: `display_mobile_yn`, `진열여부(모바일)`, `모바일진열`."""
    words = words_of(_BRACKETS.sub(" ", name))
    return any(word in _CHANNELS or _CHANNEL_BEFORE.match(word) for word in words)


def means_hidden(value: str) -> bool:
    """Whether the word says by itself that a product is not shown."""
    return bool(_HIDDEN.fullmatch(key_of(value)))


def means_shown(value: str) -> bool:
    """Whether the word says by itself that a product is shown."""
    return bool(_SHOWN.fullmatch(key_of(value)))


def is_yes(value: str) -> bool:
    """Whether it is a yes."""
    return value.strip().lower() in YES


def is_no(value: str) -> bool:
    """Whether it is a no."""
    return value.strip().lower() in NO
