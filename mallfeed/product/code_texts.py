"""The words of the codes: (meaning, what to do) in English, then in Korean."""

from __future__ import annotations

from mallfeed.product.fields import MAX_ATTRIBUTES, MAX_ATTRIBUTES_BYTES

Texts = tuple[str, str, str, str]

LABELS: dict[str, str] = {
    "product_id": "상품 ID", "title": "상품명", "description": "상품 설명", "price": "판매가",
    "list_price": "정가", "currency": "통화", "shipping_fee": "배송비", "url": "상품 URL",
    "mobile_url": "모바일 URL", "image_url": "대표 이미지 URL", "extra_image_urls": "추가 이미지 URL",
    "category_path": "카테고리", "category_raw": "원본 카테고리", "brand": "브랜드",
    "maker": "제조사", "origin": "원산지", "model_number": "모델명", "gtin": "바코드(GTIN)",
    "availability": "재고 상태", "condition": "상품 상태", "item_group_id": "상품 그룹 ID",
    "review_count": "리뷰 수", "rating": "평점", "adult": "성인 상품 여부", "imported": "해외 구매대행 여부",
    "parallel_import": "병행수입 여부", "made_to_order": "주문 제작 여부", "tags": "태그",
    "attributes": "속성", "mall_updated_at": "수정 일시", "gtins": "바코드(GTIN) 전체",
    "available_at": "구매 가능 일시", "base_price": "할인 전 판매가", "sale_price": "할인가",
    "sale_starts_at": "할인 시작 일시", "sale_ends_at": "할인 종료 일시", "expires_at": "판매 종료 일시",
    "pack_size": "묶음 수량", "least_quantity": "최소 구매 수량",
    "measure": "용량", "base_measure": "단위가격 기준 용량", "free_shipping_over": "무료배송 기준 금액",
    "card_price": "카드 할인가", "card_price_condition": "카드 할인 조건", "coupon_price": "쿠폰 적용가",
    "coupon_price_condition": "쿠폰 적용 조건", "stock_quantity": "재고 수량",
}  # fmt: skip
"""Canonical field → what Korean merchandisers call it."""

_AMOUNT_SHOWN = ("out_of_range", "rounded", "rounded_to_nothing", "other_currency")

RULES: dict[str, tuple[str, ...]] = {
    "price": ("not_positive", "out_of_range", "rounded", "rounded_to_nothing", "unknown_currency"),
    "list_price": (
        "not_positive",
        "out_of_range",
        "rounded",
        "rounded_to_nothing",
        "other_currency",
        "below_price",
    ),
    "sale_price": (
        "not_positive",
        "out_of_range",
        "rounded",
        "rounded_to_nothing",
        "other_currency",
    ),
    "shipping_fee": (
        "out_of_range",
        "rounded",
        "rounded_to_nothing",
        "other_currency",
        "other_country",
    ),
    "free_shipping_over": _AMOUNT_SHOWN,
    "card_price": ("not_positive", *_AMOUNT_SHOWN),
    "coupon_price": ("not_positive", *_AMOUNT_SHOWN),
    "base_measure": ("other_dimension",),
    "currency": ("conflict",),
    "category_path": ("only_numbers",),
    "model_number": ("text_mark",),
    "item_group_id": ("text_mark",),
    "available_at": ("needed", "in_the_past", "in_the_future"),
    "sale_ends_at": ("before_start",),
    "expires_at": ("passed",),
}
"""Canonical field → what may be wrong with it beyond what its kind knows (`mallfeed.normalise.rules`)."""

PROBLEMS: dict[str, tuple[str, str, str, str, bool]] = {
    "missing": (
        "`{field}` is missing.",
        "Fill it in: without it the product is not shown.",
        "{field} 항목이 비어 있습니다.",
        "값을 입력해 주세요. 이 값이 없으면 상품이 노출되지 않습니다.",
        True,
    ),
    "not_in_table": (
        "`{field}` could not be looked up: the catalog's table lacks what was sent.",
        "Correct the code, or have the operators add it to the table.",
        "{field} 코드를 카탈로그의 변환표에서 찾을 수 없습니다.",
        "코드를 확인해 주세요. 새 코드라면 운영 담당자에게 변환표에 추가하도록 요청해 주세요.",
        True,
    ),
    "from_elsewhere": (
        "`{field}` could not be looked up: the catalog's table lacks what was sent, so it was read from elsewhere in the row.",
        "Correct the code, or have the operators add it to the table.",
        "{field} 코드를 카탈로그의 변환표에서 찾을 수 없어 행의 다른 값을 사용했습니다.",
        "코드를 확인해 주세요. 새 코드라면 운영 담당자에게 변환표에 추가하도록 요청해 주세요.",
        False,
    ),
    "only_numbers": (
        "`{field}` is a number, which shoppers cannot read.",
        "Send the names. The operators can also add a table of the numbers to the catalog (type `lookup`).",
        "{field} 값이 번호뿐이라 구매자가 알아볼 수 없습니다.",
        "이름을 보내 주세요. 운영 담당자가 카탈로그에 번호 변환표를 추가할 수도 있습니다.",
        False,
    ),
    "needed": (
        "`{field}` is missing, although the product can be ordered before it is available.",
        "Send the date from which a preorder or backorder is delivered.",
        "예약 또는 입고 예정 상품인데 {field} 값이 없습니다.",
        "예약·입고 예정 상품은 구매(출고) 가능한 날짜를 함께 보내 주세요.",
        False,
    ),
    "in_the_past": (
        "`{field}` has passed, although the product is offered as a preorder.",
        "Send in_stock once the product is available, or its new date.",
        "예약 상품인데 {field}이(가) 이미 지났습니다.",
        "구매할 수 있게 되었으면 재고 상태를 판매중으로 바꾸고, 아니면 새 날짜를 보내 주세요.",
        False,
    ),
    "in_the_future": (
        "`{field}` lies ahead, although the product is in stock.",
        "Send preorder or backorder until then, or leave the date out.",
        "재고가 있는 상품인데 {field}이(가) 아직 오지 않았습니다.",
        "그때까지는 재고 상태를 예약 또는 입고 예정으로 보내거나 날짜를 비워 두세요.",
        False,
    ),
    "before_start": (
        "`{field}` is not after the beginning of the sale, so the sale never holds.",
        "Correct the dates. A last day without a time counts to its end.",
        "{field}이(가) 할인 시작 일시보다 늦지 않아 할인이 적용되지 않습니다.",
        "할인 기간을 확인해 주세요. 시각이 없는 종료일은 그날 끝까지로 봅니다.",
        False,
    ),
    "passed": (
        "`{field}` has passed, so the product is not shown.",
        "Send a later date, or leave it out, to show the product again.",
        "{field}이(가) 지나 상품이 노출되지 않습니다.",
        "다시 노출하려면 이후 날짜를 보내거나 값을 비워 주세요.",
        False,
    ),
    "other_dimension": (
        "`{field}` does not measure the same thing as the product's measure, so no unit price is shown.",
        "Send both in units of one kind, such as 750 ml and 100 ml.",
        "{field}의 단위가 용량의 단위와 달라 단위가격을 표시할 수 없습니다.",
        "750ml와 100ml처럼 같은 종류의 단위로 보내 주세요.",
        False,
    ),
    "too_long": (
        "`{field}` is too long.",
        "Shorten it. A text is cut at the limit; an id or an address is rejected.",
        "{field} 길이가 최대 글자 수를 초과했습니다.",
        "최대 글자 수 이내로 줄여 주세요. 텍스트는 초과분이 잘리고, ID와 URL은 거부됩니다.",
        False,
    ),
    "no_text": (
        "`{field}` contains markup or separators, but nothing to show.",
        "Leave the cell empty, or fill it in.",
        "{field}에 HTML 태그나 구분자만 있고 표시할 내용이 없습니다.",
        "내용을 입력하거나 셀을 비워 두세요.",
        True,
    ),
    "unclosed": (
        "`{field}` opens a script, style or comment and does not close it, so the rest is not shown.",
        "Close it, or send the text without markup.",
        "{field}에서 script, style 또는 주석 태그가 닫히지 않아 이후 내용이 표시되지 않습니다.",
        "태그를 닫거나, HTML 없이 텍스트만 보내 주세요.",
        False,
    ),
    "invalid": (
        "`{field}` is not valid.",
        "Correct its format; docs/for-malls.md lists what is accepted.",
        "{field} 형식이 올바르지 않습니다.",
        "형식에 맞게 수정해 주세요. 허용되는 형식은 입점사 안내서를 참고해 주세요.",
        True,
    ),
    "not_a_number": (
        "`{field}` is not a number.",
        "Write digits, such as 12900 or 12,900.",
        "{field}에 숫자가 아닌 값이 있습니다.",
        "12900 또는 12,900처럼 숫자로 입력해 주세요.",
        True,
    ),
    "unclear": (
        "`{field}` can be read in two ways: its separator does not stand before three digits.",
        "Write 12900 or 12,900; if the separator marks decimals, have `decimal_mark` added to the catalog.",
        "{field}의 쉼표나 마침표가 세 자리 단위가 아니어서 금액을 확정할 수 없습니다.",
        "12900 또는 12,900처럼 입력해 주세요. 소수점 표시라면 카탈로그에 추가해 달라고 요청해 주세요.",
        True,
    ),
    "unknown_currency": (
        "The currency of `{field}` is unknown.",
        "Send an ISO 4217 code such as KRW or USD in the currency's column, or the number alone.",
        "{field}의 통화를 인식할 수 없습니다.",
        "통화 항목에 KRW, USD 같은 ISO 4217 코드를 넣거나 금액만 숫자로 보내 주세요.",
        True,
    ),
    "not_positive": (
        "`{field}` is zero or less.",
        "Send the amount that the buyer pays; it must be above zero.",
        "{field} 값이 0 이하입니다.",
        "0보다 큰 실제 금액을 보내 주세요.",
        True,
    ),
    "out_of_range": (
        "`{field}` is outside the accepted range.",
        "Check the value and its unit.",
        "{field} 값이 허용 범위를 벗어났습니다.",
        "값과 단위를 확인해 주세요.",
        True,
    ),
    "rounded": (
        "`{field}` has more decimals than are kept of its currency and was rounded half up.",
        "Send amounts with the decimals of their currency (KRW has none, KWD three).",
        "{field}에 통화의 최소 단위보다 작은 소수가 있어 반올림했습니다.",
        "통화 단위에 맞는 금액을 보내 주세요(원화는 소수점 없음).",
        False,
    ),
    "rounded_to_nothing": (
        "`{field}` is less than half of the smallest unit of its currency, so that rounding left nothing of it.",
        "Check the currency: an amount in cents needs one with decimals (KRW has none, KWD three).",
        "{field}이(가) 통화의 최소 단위의 절반보다 작아 반올림하면 0이 됩니다.",
        "통화를 확인해 주세요. 소수점이 있는 금액에는 소수 단위가 있는 통화가 필요합니다(원화는 소수점 없음).",
        True,
    ),
    "other_currency": (
        "`{field}` is not in the currency of the price and was dropped.",
        "Send all amounts of a product in one currency.",
        "{field}의 통화가 판매가와 달라 제외했습니다.",
        "한 상품의 금액은 모두 같은 통화로 보내 주세요.",
        True,
    ),
    "other_country": (
        "`{field}` is told for other countries only, not for the shop's, and was dropped.",
        "Send the fee for the shop's country too, or one without a country, which counts for all.",
        "{field}이(가) 다른 국가에 대해서만 있어 제외했습니다.",
        "판매 국가의 배송비를 함께 보내거나, 모든 국가에 적용되는 값이면 국가를 비워 두세요.",
        True,
    ),
    "below_price": (
        "`{field}` is below the price and was dropped.",
        "Send the price before the discount; it must be at least as high as the price.",
        "{field}가 판매가보다 낮아 제외했습니다.",
        "판매가 이상인 할인 전 가격을 보내 주세요.",
        True,
    ),
    "unknown": (
        "`{field}` contains an unknown word.",
        "Use one of the documented words, or have yours added to the catalog.",
        "{field} 값을 인식할 수 없습니다.",
        "안내서에 있는 값을 사용하거나, 현재 쓰는 값을 카탈로그에 추가해 달라고 요청해 주세요.",
        True,
    ),
    "conflict": (
        "`{field}` differs from the currency in the price; the price's currency was used.",
        "Use the same currency in both.",
        "{field} 항목이 판매가에 표시된 통화와 달라 판매가의 통화를 사용했습니다.",
        "두 값의 통화를 같게 맞춰 주세요.",
        False,
    ),
    "too_many": (
        "`{field}` has too many values; those beyond the limit were dropped.",
        "Send the most important ones first.",
        "{field} 값이 너무 많아 초과분을 제외했습니다.",
        "중요한 값부터 순서대로 보내 주세요.",
        False,
    ),
    "blank_word": (
        "`{field}` contains a word that means nothing, such as null or N/A, and is read as blank.",
        "Fill it in, or leave it blank. If the word is a value of yours, have the catalog keep it.",
        "{field}에 null, N/A처럼 의미 없는 값이 있어 빈 값으로 처리했습니다.",
        "값을 입력하거나 비워 두세요. 실제로 쓰는 값이라면 카탈로그에서 허용하도록 요청해 주세요.",
        True,
    ),
    "not_a_value": (
        "`{field}` contains a list or an object (or true or false, where that is no value of it) where one value belongs.",
        "Send one text or number in it, or have the catalog read the part that is meant.",
        "{field}에 값 하나가 아니라 목록이나 객체(또는 이 항목에 쓸 수 없는 true, false)가 들어 있습니다.",
        "텍스트나 숫자 하나만 보내거나, 읽을 위치를 카탈로그에 지정하도록 요청해 주세요.",
        True,
    ),
    "other_shape": (
        "`{field}` is agreed to lie within a list or an object, but something else stands there, such as a single text.",
        "Send the list or the object that was agreed, or have the catalog read the value from where it is now.",
        "{field}은(는) 목록이나 객체 안에 있기로 합의되어 있지만 그 자리에 텍스트 같은 다른 값이 있습니다.",
        "합의한 목록이나 객체로 보내거나, 값이 실제로 있는 위치를 카탈로그에서 읽도록 요청해 주세요.",
        True,
    ),
    "not_calculated": (
        "The cell of `{field}` holds a formula without a stored result, or one that gives an error.",
        "Save the file in a spreadsheet program, which calculates it, and correct what gives an error.",
        "{field} 셀의 수식에 저장된 결과가 없거나 오류가 있습니다.",
        "엑셀 등에서 파일을 열어 다시 계산한 뒤 저장하고, 오류가 나는 수식을 수정해 주세요.",
        True,
    ),
    "shortened": (
        "`{field}` was shortened by a spreadsheet, such as 8.80123E+12; its last digits are lost.",
        "Format the column as text, enter the values again and save the file anew.",
        "{field} 값이 8.80123E+12처럼 스프레드시트에서 줄어들어 끝자리 숫자가 사라졌습니다.",
        "열을 텍스트 형식으로 바꾸고 값을 다시 입력한 뒤 저장해 주세요.",
        False,
    ),
    "text_mark": (
        "`{field}` stands in a spreadsheet's text mark, such as '0088 or =\"0099\", which was taken off.",
        "Send the code alone, in a text column.",
        '{field}에 \'0088 또는 ="0099"처럼 스프레드시트의 텍스트 표시가 있어 제거했습니다.',
        "표시 없이 코드만 텍스트로 보내 주세요.",
        False,
    ),
    "undecodable": (
        "`{field}` contains bytes that are no text in UTF-8.",
        "Write the column as text, in UTF-8.",
        "{field}에 UTF-8 텍스트가 아닌 바이트가 있습니다.",
        "열을 UTF-8 텍스트로 저장해 주세요.",
        True,
    ),
    "not_json": (
        "The cell from which `{field}` is read does not contain valid JSON.",
        "Send valid JSON in it, or leave it blank.",
        "{field} 값을 가져올 셀의 JSON 형식이 올바르지 않습니다.",
        "올바른 JSON으로 보내거나 비워 두세요.",
        True,
    ),
    "too_costly": (
        "A pattern in the catalog's expression for `{field}` takes too long on this value.",
        "You need not change your file: the operators of the pipeline simplify the pattern.",
        "{field} 값을 읽는 카탈로그 표현식의 패턴이 이 값에서 너무 오래 걸립니다.",
        "파일은 수정하지 않으셔도 됩니다. 운영 담당자가 패턴을 수정합니다.",
        True,
    ),
}
"""Problem → English meaning and advice, Korean meaning and advice, whether the value is lost."""

ROW: dict[str, Texts] = {
    "malformed_row": (
        "The record could not be taken apart, as the value beside this code says: a row whose columns do not match the header, or a JSON or XML record that is broken.",
        "Mend what it says: in a row of a table look for unescaped separators, quotes or line breaks, in JSON or XML for brackets, quotes, commas or tags.",
        "레코드를 읽을 수 없습니다(코드 옆의 값에 이유가 있습니다). 행의 열 개수가 머리글과 다르거나 JSON, XML 레코드가 깨져 있습니다.",
        "그 이유에 따라 고쳐 주세요. 표 형식이면 이스케이프하지 않은 구분자, 따옴표, 줄바꿈을, JSON이나 XML이면 괄호, 따옴표, 쉼표, 태그를 확인해 주세요.",
    ),
    "row_cut_short": (
        "The file ends before all columns of this row are there.",
        "Upload the file again, whole: rows behind this one may be missing, too. If nothing is, write all columns of the row.",
        "이 행의 열이 다 나오기 전에 파일이 끝났습니다.",
        "뒤의 행도 빠졌을 수 있으니 파일 전체를 다시 올려 주세요. 빠진 것이 없다면 이 행의 열을 모두 채워 주세요.",
    ),
    "trailing_separator": (
        "The row ends with a separator, so that it has one blank cell more than there are columns.",
        "Leave the last separator out, or ask for a catalog that takes it (`trailing_separator`).",
        "행이 구분자로 끝나 머리글보다 빈 셀이 하나 더 있습니다.",
        "행 끝의 구분자를 빼거나, 카탈로그에서 허용(trailing_separator)하도록 요청해 주세요.",
    ),
    "row_undecodable": (
        "The row contains bytes that are neither UTF-8 nor CP949.",
        "Write the row in the encoding of the rest of the file.",
        "이 행에 UTF-8도 CP949도 아닌 바이트가 있습니다.",
        "이 행을 파일의 나머지와 같은 문자 인코딩으로 저장해 주세요.",
    ),
    "cell_too_large": (
        "A cell in this row is larger than any product needs.",
        "Look for a quote that is never closed, or shorten the text.",
        "이 행에 지나치게 큰 셀이 있습니다.",
        "닫히지 않은 따옴표가 있는지 확인하거나 내용을 줄여 주세요.",
    ),
    "row_rule_too_costly": (
        "Whether the row is to be shown could not be found out: a pattern took too long on it.",
        "Shorten the long text of this row. The operators can also simplify the rule in the catalog.",
        "이 행을 노출할지 판단하는 규칙의 검사 시간이 너무 오래 걸렸습니다.",
        "이 행의 긴 텍스트를 줄여 주세요. 운영 담당자가 카탈로그의 규칙을 단순하게 바꿀 수도 있습니다.",
    ),
    "product_unknown": (
        "This row changes a product that the shop does not have.",
        "Send the whole product first (title, price, address and category), in a full feed or as a row of "
        "its own; then changes of it count. That is also so after it was deleted, or after a rule of the catalog left it out.",
        "이 행은 몰에 등록되어 있지 않은 상품의 일부 값만 변경하려고 합니다.",
        "먼저 상품명, 판매가, URL, 카테고리를 모두 포함해 상품을 보내 주세요. 이후에는 일부 값만 보내도 반영됩니다. "
        "삭제했거나 카탈로그 규칙에 따라 제외된 상품도 마찬가지입니다.",
    ),
    "op_unknown": (
        "The operation of this row is missing or unknown.",
        "Write I or U for a new or changed product, D for a deleted one, or use the catalog's own words.",
        "이 행의 처리 구분 값이 없거나 인식할 수 없습니다.",
        "신규·변경은 I 또는 U, 삭제는 D로 표시해 주세요.",
    ),
}

NOTED: dict[str, Texts] = {
    "row_in_cp949": (
        "The file is UTF-8, but this row is CP949 (EUC-KR); it was read as that.",
        "Write all rows in one encoding, best in UTF-8.",
        "파일은 UTF-8이지만 이 행은 CP949(EUC-KR)로 저장되어 있어 CP949로 읽었습니다.",
        "모든 행을 하나의 문자 인코딩(UTF-8 권장)으로 저장해 주세요.",
    ),
    "row_key_twice": (
        "A key stands twice in this JSON record; the last of its values was read.",
        "Write each key once.",
        "JSON 레코드에 같은 키가 두 번 들어 있어 마지막 값을 읽었습니다.",
        "각 키를 한 번만 써 주세요.",
    ),
    "row_repaired": (
        "The XML of this record is not well-formed; it was read as it is meant without doubt.",
        "Write & as &amp; and < as &lt;, characters themselves instead of HTML's entities (&nbsp;), and no control characters.",
        "이 레코드의 XML이 올바르지 않아 의미가 분명한 부분을 바로잡아 읽었습니다.",
        "&는 &amp;로, <는 &lt;로 쓰고, HTML 엔티티(&nbsp;)와 제어 문자는 쓰지 마세요.",
    ),
}
"""What was wrong with a row as a whole that was read all the same (`mallfeed.reading.raw_columns.NOTES`)."""

FEED: dict[str, Texts] = {
    "other_slice": (
        "This row would take away a product that belongs to another full feed, for another part of the shop; it stays.",
        "If the product has moved there, there is nothing to do. Otherwise take it away in a delta of that part.",
        "쇼핑몰의 다른 부분을 담는 피드에 속한 상품이라 이 행으로는 내리지 않고 그대로 두었습니다.",
        "상품을 옮긴 것이라면 조치하지 않으셔도 됩니다. 상품을 내리려면 해당 부분의 변경 피드로 보내 주세요.",
    ),
    "moved_slice": (
        "The product was that of another full feed, for another part of the shop; it belongs to this one now.",
        "If it has moved, there is nothing to do. Otherwise send it in one of the feeds only: each of them takes it over from the other.",
        "쇼핑몰의 다른 부분을 담는 피드의 상품이었으며, 이제 이 피드에 속합니다.",
        "상품을 옮긴 것이라면 조치하지 않으셔도 됩니다. 그렇지 않다면 한쪽 피드에서만 보내 주세요. 양쪽에서 보내면 속한 피드가 계속 바뀝니다.",
    ),
    "as_of_missing": (
        "The row does not say since when it holds; it counts as made when its feed was.",
        "Fill in the time of the row's last change, with its zone.",
        "행의 수정 시각이 비어 있어 피드를 만든 시각의 데이터로 처리했습니다.",
        "행이 마지막으로 바뀐 시각을 시간대와 함께 보내 주세요.",
    ),
    "as_of_invalid": (
        "The time since which the row holds could not be read; it counts as made when its feed was.",
        "Send a time such as 2026-01-31T09:00:00+09:00.",
        "행의 수정 시각을 읽을 수 없어 피드를 만든 시각의 데이터로 처리했습니다.",
        "2026-01-31T09:00:00+09:00과 같은 형식의 시각을 보내 주세요.",
    ),
    "as_of_ahead": (
        "The time since which the row holds lies more than five minutes ahead; it counts as made when its feed was.",
        "Send the time of the row's last change, with its zone, and check the clock that makes it.",
        "행의 수정 시각이 현재보다 5분 넘게 미래라서 피드를 만든 시각의 데이터로 처리했습니다.",
        "행이 마지막으로 바뀐 시각을 시간대와 함께 보내고, 시각을 기록하는 서버의 시계를 확인해 주세요.",
    ),
    "older_than_known": (
        "A newer row has said something of this product before this one came; what that row says stays.",
        "If that one is newer, there is nothing to do. Otherwise name the right feed-time when you upload, or the right time in the row.",
        "이 행보다 나중 시점의 데이터가 먼저 반영되어 있어, 더 새로운 값을 그대로 두었습니다.",
        "먼저 반영된 데이터가 더 새로운 것이 맞다면 조치하지 않으셔도 됩니다. 아니라면 업로드할 때의 feed-time이나 행의 수정 시각을 올바르게 보내 주세요.",
    ),
    "duplicate_id": (
        "The same product id appears in several rows; only one of them is used.",
        "Send each product once; use item_group_id for variants.",
        "같은 상품 ID가 여러 행에 있어 한 행만 반영했습니다.",
        "상품마다 한 행만 보내고, 옵션 상품은 상품 그룹 ID를 사용해 주세요.",
    ),
    "attribute_invalid": (
        "An attribute could not be read and was dropped.",
        "Correct its format to the one in the catalog.",
        "속성 값을 읽을 수 없어 제외했습니다.",
        "카탈로그에 정해진 형식으로 수정해 주세요.",
    ),
    "attribute_blank_word": (
        "An attribute contains a word that means nothing, such as null or N/A, and was left out.",
        "Fill it in, or leave it blank. If the word is a value of yours, have the catalog keep it.",
        "속성에 null, N/A처럼 의미 없는 값이 있어 제외했습니다.",
        "값을 입력하거나 비워 두세요. 실제로 쓰는 값이라면 카탈로그에서 허용하도록 요청해 주세요.",
    ),
    "attribute_not_calculated": (
        "The cell of an attribute holds a formula without a stored result, or one that gives an error, and was left out.",
        "Save the file in a spreadsheet program, which calculates it, and correct what gives an error.",
        "속성 셀의 수식에 저장된 결과가 없거나 오류가 있어 제외했습니다.",
        "엑셀 등에서 파일을 열어 다시 계산한 뒤 저장하고, 오류가 나는 수식을 수정해 주세요.",
    ),
    "attribute_undecodable": (
        "An attribute holds bytes that are no text in UTF-8, and was left out.",
        "Write the column as text, in UTF-8.",
        "속성에 UTF-8 텍스트가 아닌 바이트가 있어 제외했습니다.",
        "열을 UTF-8 텍스트로 저장해 주세요.",
    ),
    "attributes_too_many": (
        f"There are more than {MAX_ATTRIBUTES} attributes, or more than {MAX_ATTRIBUTES_BYTES // 1024} KB "
        "in all; the named ones were dropped.",
        "Send fewer or shorter attributes.",
        f"속성이 {MAX_ATTRIBUTES}개 또는 전체 {MAX_ATTRIBUTES_BYTES // 1024}KB를 초과해 일부를 제외했습니다.",
        "속성의 개수나 길이를 줄여 주세요.",
    ),
}

_ASK = "Ask the operators of the pipeline, who can release or drop the feed."
_ASK_KO = "운영 담당자에게 문의해 주세요. 담당자가 피드를 반영하거나 취소할 수 있습니다."
_AGAIN = "Correct the file and upload it again."
_AGAIN_KO = "파일을 수정해 다시 올려 주세요."

HELD: dict[str, Texts] = {
    "undecodable": (
        "The file contains bytes that are invalid in the encoding that the catalog names.",
        "Save the file in the agreed encoding and upload it again.",
        "파일이 약속된 문자 인코딩으로 저장되어 있지 않습니다.",
        "약속된 문자 인코딩으로 저장해 다시 올려 주세요.",
    ),
    "drift": (
        "The file's columns are not the ones that the catalog expects.",
        "Restore the columns, or agree on a new catalog version.",
        "파일의 열이 카탈로그와 다릅니다.",
        "열을 원래대로 되돌리거나, 새 카탈로그 버전을 협의해 주세요.",
    ),
    "guard_vanished": (
        "More products would vanish than the guard allows.",
        "Check that the file is complete. " + _ASK,
        "노출이 중지될 상품 수가 허용 범위를 초과합니다.",
        "파일에 빠진 상품이 없는지 확인해 주세요. " + _ASK_KO,
    ),
    "guard_taken_back": (
        "Most products that this feed adds values to would lose them.",
        "Check that the file is complete. " + _ASK,
        "이 보충 피드가 값을 제공하던 상품 대부분에서 그 값이 사라지게 됩니다.",
        "파일에 빠진 상품이 없는지 확인해 주세요. " + _ASK_KO,
    ),
    "guard_rejected": (
        "More rows were rejected than the guard allows.",
        "Correct the rows that the report names and upload the file again.",
        "거부된 행의 수가 허용 범위를 초과합니다.",
        "보고서에 표시된 행을 수정해 다시 올려 주세요.",
    ),
    "guard_prices": (
        "Prices as a whole are much higher or lower than in the last feed.",
        "Check the prices' unit (won or cents), currency and column. " + _ASK,
        "전체 판매가가 지난 피드보다 지나치게 높거나 낮습니다.",
        "판매가의 단위, 통화와 항목을 확인해 주세요. " + _ASK_KO,
    ),
    "guard_unusual": (
        "The feed is unlike the mall's last one: far fewer products, or far more rejected rows.",
        "Check that the file is complete, and correct the rows that the report names. " + _ASK,
        "지난 피드와 크게 다릅니다. 상품 수가 크게 줄었거나 거부된 행이 크게 늘었습니다.",
        "파일에 빠진 상품이 없는지 확인하고, 보고서에 표시된 행을 수정해 주세요. " + _ASK_KO,
    ),
    "guard_rounded": (
        "More prices have decimals that their currency lacks than the guard allows.",
        "Check the currency of the prices. " + _ASK,
        "통화에 없는 소수점이 있는 판매가의 수가 허용 범위를 초과합니다.",
        "판매가의 통화를 확인해 주세요. " + _ASK_KO,
    ),
    "guard_duplicates": (
        "More rows repeat the product id of another row than the guard allows.",
        "Check that each product has an id of its own, and that a spreadsheet has not shortened the ids. "
        + _ASK,
        "상품 ID가 중복된 행의 수가 허용 범위를 초과합니다.",
        "상품마다 고유한 ID가 있는지, 엑셀 등에서 ID가 지수 형식(8.8E+12)으로 바뀌지 않았는지 확인해 주세요. "
        + _ASK_KO,
    ),
    "guard_fewest_rows": (
        "Fewer products were accepted than the guard requires.",
        "Check that the file is complete and upload it again.",
        "반영 가능한 상품 수가 최소 기준보다 적습니다.",
        "파일에 빠진 상품이 없는지 확인하고 다시 올려 주세요.",
    ),
    "unknown_mall": (
        "The folder does not belong to a known mall.",
        "Upload to feeds/<mall_id>/ with the agreed mall id.",
        "등록되지 않은 입점사 폴더입니다.",
        "약속된 feeds/<mall_id>/ 경로에 올려 주세요.",
    ),
    "no_catalog": (
        "No catalog version applies at the time of this feed.",
        _ASK,
        "이 피드 시점에 유효한 카탈로그 버전이 없습니다.",
        _ASK_KO,
    ),
    "no_feed_for_key": (
        "The file's name matches none of the catalog's feeds.",
        "Use the agreed file name.",
        "파일 이름과 일치하는 피드가 카탈로그에 없습니다.",
        "약속된 파일 이름을 사용해 주세요.",
    ),
    "catalog_unreadable": (
        "A published catalog of this mall cannot be read.",
        "Nothing to do for the mall: we correct the catalog and release the feed.",
        "등록된 입점사 카탈로그를 읽을 수 없습니다.",
        "따로 하실 일은 없습니다. 운영 담당자가 카탈로그를 수정한 뒤 피드를 다시 처리합니다.",
    ),
    "catalog_version_unknown": (
        "The file's metadata asks for a catalog version that does not exist.",
        "Correct or omit the metadata `catalog-version`.",
        "메타데이터에 지정된 카탈로그 버전이 없습니다.",
        "`catalog-version` 메타데이터를 수정하거나 생략해 주세요.",
    ),
    "catalog_version_invalid": (
        "The file's metadata names no valid catalog version.",
        "Correct or omit the metadata `catalog-version`.",
        "메타데이터의 카탈로그 버전이 올바르지 않습니다.",
        "`catalog-version` 메타데이터를 수정하거나 생략해 주세요.",
    ),
    "feed_time_invalid": (
        "The file's metadata `feed-time` is not a time with a zone.",
        "Write it as 2026-01-31T09:00:00+09:00, or leave it out.",
        "메타데이터 `feed-time` 형식이 올바르지 않습니다.",
        "2026-01-31T09:00:00+09:00 형식으로 입력하거나 생략해 주세요.",
    ),
    "feed_time_in_future": (
        "The file's metadata `feed-time` is more than a day ahead.",
        "Write the time when the data were made, with its zone, or leave it out.",
        "메타데이터 `feed-time`이 현재보다 하루 넘게 앞선 시각입니다.",
        "데이터를 만든 시각을 시간대와 함께 입력하거나 생략해 주세요.",
    ),
    "too_many_slices": (
        "The column that says to which part of the shop a product belongs has too many different values.",
        _ASK,
        "상품이 속한 구역을 나타내는 열에 서로 다른 값이 너무 많습니다.",
        _ASK_KO,
    ),
    "empty_object": (
        "The file is empty.",
        _AGAIN,
        "파일이 비어 있습니다.",
        _AGAIN_KO,
    ),
    "object_gone": (
        "The file was deleted before it could be read.",
        "Upload it again.",
        "파일을 읽기 전에 삭제되었습니다.",
        "다시 올려 주세요.",
    ),
    "older_than_published": (
        "This full feed is older than the published one.",
        "Send a newer feed. " + _ASK,
        "이미 반영된 전체 피드보다 오래된 피드입니다.",
        "최신 피드를 보내 주세요. " + _ASK_KO,
    ),
    "late_behind_expired": (
        "The feed arrived late, and the copy of a later feed has expired, so the order cannot be restored.",
        "Send a full feed.",
        "피드가 늦게 도착했고, 이후 피드의 사본이 이미 삭제되어 순서대로 반영할 수 없습니다.",
        "전체 피드를 보내 주세요.",
    ),
    "snapshot_expired": (
        "The earlier state that was to be restored has expired.",
        "Nothing to do; the operators restore it in another way.",
        "복원하려던 이전 상태의 보관 기간이 지났습니다.",
        "따로 하실 일은 없습니다. 운영 담당자가 다른 방법으로 복원합니다.",
    ),
    "manifest_invalid": (
        "The manifest cannot be read.",
        'Write manifest.json as {"files": ["part-1.csv", …]}.',
        "매니페스트를 읽을 수 없습니다.",
        'manifest.json을 {"files": ["part-1.csv", …]} 형식으로 작성해 주세요.',
    ),
    "manifest_part_missing": (
        "A file that the manifest names does not exist.",
        "Upload all parts before the manifest.",
        "매니페스트에 적힌 파일이 올라와 있지 않습니다.",
        "모든 파일을 올린 뒤 매니페스트를 올려 주세요.",
    ),
    "too_many_parts": (
        "The folder holds too many files.",
        "Put the feed into fewer, larger files.",
        "폴더의 파일 수가 너무 많습니다.",
        "파일 수를 줄이고 더 큰 파일로 나누어 주세요.",
    ),
    "not_the_format": (
        "The file is not written in the format that the catalog names.",
        "Save it in the agreed format and upload it again.",
        "파일이 카탈로그에 정해진 형식이 아닙니다.",
        "약속된 형식으로 저장해 다시 올려 주세요.",
    ),
    "truncated": (
        "The file is cut off.",
        "Upload it again, and check that the upload is complete.",
        "파일이 중간에 끊겼습니다.",
        "업로드가 끝까지 되었는지 확인하고 다시 올려 주세요.",
    ),
    "quote_unclosed": (
        "A quote opens in the file and is never closed.",
        "Double the quotes inside cells, as CSV requires, and upload it again.",
        "파일에 닫히지 않은 따옴표가 있습니다.",
        'CSV 규칙에 따라 셀 안의 따옴표는 두 번 연속 쓰고("") 다시 올려 주세요.',
    ),
    "record_too_large": (
        "A record in the file is larger than any product needs.",
        "Look for missing line ends or an unclosed quote, and upload it again.",
        "파일에 지나치게 큰 레코드가 있습니다.",
        "줄바꿈이 빠졌거나 닫히지 않은 따옴표가 있는지 확인하고 다시 올려 주세요.",
    ),
    "header_missing": (
        "The file has no header row.",
        "Name the columns in the first row, as agreed.",
        "파일에 머리글 행이 없습니다.",
        "첫 행에 약속된 열 이름을 적어 주세요.",
    ),
    "header_duplicate": (
        "Two columns of the file have the same name.",
        "Give each column a name of its own.",
        "같은 이름의 열이 두 개 이상 있습니다.",
        "열 이름이 겹치지 않도록 수정해 주세요.",
    ),
    "too_many_columns": (
        "The file has more columns than can be read.",
        "Check the separator; send only the agreed columns.",
        "파일의 열이 지나치게 많습니다.",
        "구분자를 확인하고 약속된 열만 보내 주세요.",
    ),
    "sheet_missing": (
        "The workbook does not have the sheet that the catalog names.",
        "Name the sheet as agreed.",
        "카탈로그에 정해진 시트가 없습니다.",
        "시트 이름을 약속대로 맞춰 주세요.",
    ),
    "records_path_missing": (
        "The JSON has no array of products where the catalog expects it.",
        "Put the products under the agreed key.",
        "카탈로그에 정해진 위치에 상품 배열이 없습니다.",
        "약속된 키 아래에 상품 배열을 넣어 주세요.",
    ),
    "archive_of_many": (
        "The archive does not hold exactly one file.",
        "Pack one file only.",
        "압축 파일에 들어 있는 파일이 하나가 아닙니다.",
        "파일 하나만 압축해 주세요.",
    ),
    "archive_ratio": (
        "The archive unpacks to an unusually large size.",
        _ASK,
        "압축을 풀면 파일이 비정상적으로 커집니다.",
        _ASK_KO,
    ),
    "too_costly": (
        "Reading the file takes far more work than a file of its size should.",
        "The message says what there is too much of: leave it out, or pack the file in one piece. "
        + _ASK,
        "파일 크기에 비해 읽는 데 필요한 작업량이 지나치게 많습니다.",
        "지나치게 많은 항목은 메시지에 표시됩니다. 그 항목을 줄이거나 파일을 한 덩어리로 압축해 다시 올려 주세요. "
        + _ASK_KO,
    ),
    "encrypted_archive": (
        "The file is protected by a password or encrypted.",
        "Upload it without a password or encryption.",
        "파일에 암호가 걸려 있거나 암호화되어 있습니다.",
        "암호나 암호화 없이 올려 주세요.",
    ),
}
