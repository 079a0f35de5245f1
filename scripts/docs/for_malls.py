"""docs/for-malls.md: the guide for malls, in Korean and English, with generated tables."""

from __future__ import annotations

from collections.abc import Iterator

from mallfeed.formats.registry import BUILT_IN
from mallfeed.kinds.field import CanonicalField
from mallfeed.product.codes import CODES, Code
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.report.build import EXAMPLES_PER_CODE

KOREAN = """\
# 입점사 안내서 / Guide for malls

[English below](#guide-for-malls)

## 1. 파일 올리기

상품 파일을 약속된 S3 버킷의 `feeds/<입점사 ID>/` 아래에 올리면 자동으로 처리됩니다. 따로 알려 주실 필요는 없습니다.

```sh
aws s3 cp products.csv.gz s3://<버킷>/feeds/<입점사 ID>/products_20260131.csv.gz \\
  --metadata feed-time=2026-01-31T09:00:00+09:00
```

- 파일 이름은 카탈로그에서 약속한 형식을 따라야 합니다. 형식에 맞지 않으면 피드가 보류됩니다(`no_feed_for_key`).
- 같은 이름으로 다시 올려도 됩니다. 올릴 때마다 별개의 피드로 처리됩니다.
- 피드를 여러 파일로 나눈 경우에는 모든 파일을 먼저 올리고, 마지막에 `_SUCCESS` 또는 `manifest.json`을 올려 주세요.
  `manifest.json`은 `{"files": ["part-1.csv", "part-2.csv"]}` 형식입니다.

### 메타데이터 (선택)

| 이름 | 의미 | 예 |
|---|---|---|
| `feed-time` | 데이터를 만든 시각입니다. 생략하면 파일을 올린 시각을 사용합니다. 이 시각을 기준으로 적용할 카탈로그 버전을 정하며, 더 나중에 만들어진 값은 먼저 올라와 있더라도 그대로 유지됩니다(`older_than_known`). 행마다 수정 시각을 보내기로 한 경우에는 행의 시각을 기준으로 하므로, 늦게 올라온 파일이라도 더 새로운 값만 반영됩니다. 이미 반영된 전체 피드보다 오래된 전체 피드는 보류됩니다. | `2026-01-31T09:00:00+09:00` |
| `catalog-version` | 파일에 적용할 카탈로그 버전입니다. 생략하면 `feed-time` 시점에 유효한 최신 버전을 적용합니다. | `2` |

## 2. 보낼 수 있는 파일

- 형식: {formats}
- 문자 인코딩: UTF-8, UTF-16, CP949(EUC-KR), Latin-1 중 카탈로그에서 약속한 것
- 압축: 압축 없음, gz, bz2, zst, 파일이 하나만 들어 있는 zip 또는 tar(tar.gz 포함)
- 전체 피드: 파일에 없는 상품은 노출이 중지됩니다. 변경 피드: 행마다 신규·변경·삭제를 표시합니다.
- 쇼핑몰의 상품을 여러 전체 피드로 나누어 보내실 수 있습니다(예: 패션, 디지털). 이때 파일에 없는 상품은 그 피드가 맡은 부분에서만 노출이 중지됩니다.
  여러 피드에 들어 있는 상품은 마지막에 보낸 피드에 속합니다. 변경 피드로는 같은 부분의 상품만 내릴 수 있습니다.
- 변경 피드에는 상품 ID와 처리 구분(신규·변경·삭제) 외에 바뀐 항목만 보내셔도 됩니다. 보내지 않은 항목(열이나 키가 없는 항목)은 그대로
  유지되고, 빈 값으로 보낸 선택 항목은 지워집니다. 필수 항목을 빈 값으로 보내면 그 행은 거부됩니다. 새 상품은 필수 항목을 모두 보내 주세요.
  카탈로그에서 행마다 상품 전체를 보내기로 약속한 경우(`update: replace`)에는 보내지 않은 항목이 지워집니다.
- 할인가(`sale_price`)는 적용 기간과 함께 보낼 수 있습니다. 할인이 시작되기 전과 끝난 후에는 원래 판매가가 노출되며, 그 시각에 파일을 다시 보내지
  않아도 됩니다. 시각이 없는 종료일은 카탈로그의 시간대로 그날 끝까지로 봅니다. 할인가가 0이거나 비어 있거나 판매가보다 낮지 않으면 할인이 없는 것으로
  보고, 기간을 읽을 수 없는 할인은 적용하지 않습니다.
- 판매 종료 일시(`expires_at`)가 지난 상품은 노출되지 않으며, 이후 날짜를 보내거나 값을 비우면 다시 노출됩니다.
- 카탈로그에서 약속한 경우(`silence`), 정해진 기간 동안 어느 파일에도 들어 있지 않은 상품은 품절로 바뀌고, 이후 노출이 중지됩니다. 상품을 다시
  보내시면 다시 노출됩니다. 전체 피드는 이전과 같은 파일이더라도 들어 있는 상품을 모두 보낸 것으로 봅니다.

## 3. 상품 항목

파일의 열 이름은 바꾸지 않으셔도 됩니다. 각 열이 아래의 어떤 항목에 해당하는지는 카탈로그에 정해 둡니다.
"""

KOREAN_OUTCOME = """\
## 4. 잘못된 행은 어떻게 되나요

- **거부**: 필수 항목을 읽을 수 없는 행은 반영되지 않습니다. 나머지 행은 정상적으로 반영됩니다. 전체 피드에서는 거부된 상품의 노출이 중지될
  수 있습니다. 이때 직전 상품 정보를 유지할지는 카탈로그에서 정합니다.
- **경고**: 선택 항목을 읽을 수 없으면 해당 값만 비우거나 보정하고 상품은 반영합니다.
- **중복**: 상품 ID가 같은 행이 여러 개이면 그중 하나만 반영합니다(보통 마지막 행).
- **보류**: 파일을 읽을 수 없거나, 열이 바뀌었거나, 거부되거나 노출이 중지될 상품이 지나치게 많으면 피드 전체를 보류하고 직전 데이터를
  유지합니다.

## 5. 보고서

반영, 보류, 실패, 건너뜀 등 처리 결과가 나오면 피드마다 보고서가 만들어집니다. 최신 보고서는 `reports/<입점사 ID>/latest/`에 있습니다.

| 파일 | 내용 |
|---|---|
| `report.html` | 브라우저에서 보는 보고서: 처리 결과, 다음에 하실 일, 코드별 예시 행 |
| `rejects.csv` | 예시 행 목록. 엑셀에서 바로 열 수 있습니다. 수식으로 인식될 수 있는 값 앞에는 `'`를 붙입니다. |
| `report.json` | 같은 내용을 담은 데이터 파일 |

진열하지 않는 상품, 사은품처럼 카탈로그의 규칙에 따라 노출하지 않는 행은 오류가 아니며, '규칙에 따라 제외한 행'에 규칙별 개수로 표시됩니다.

코드마다 처음 {examples}개 행까지 보여 드립니다. CSV 파일의 행 번호는 해당 레코드가 시작되는 줄 번호입니다.

## 6. 코드표
"""

ENGLISH = """\
<a id="guide-for-malls"></a>

# Guide for malls

## 1. Uploading

Put your product file under `feeds/<mall id>/` in the agreed S3 bucket. It is processed automatically; you need not notify anyone.

```sh
aws s3 cp products.csv.gz s3://<bucket>/feeds/<mall id>/products_20260131.csv.gz \\
  --metadata feed-time=2026-01-31T09:00:00+09:00
```

- Name the file as agreed in the catalog. A file whose name does not match is held (`no_feed_for_key`).
- You may upload again under the same name: each upload is a separate feed.
- If a feed consists of several files, upload all of them first and `_SUCCESS` or `manifest.json` last. A `manifest.json` looks like
  `{"files": ["part-1.csv", "part-2.csv"]}`.

### Metadata (optional)

| name | meaning | example |
|---|---|---|
| `feed-time` | When the data was made. Without it, the time of the upload is used. It determines which catalog version applies. A value that was made later stays, though it was uploaded before (`older_than_known`). If it is agreed that each row has the time of its last change, that time counts instead: of a file that comes late only newer values are taken; a full feed older than the published one is held. | `2026-01-31T09:00:00+09:00` |
| `catalog-version` | The catalog version to read the file with. Without it, the newest version in force at the `feed-time` is used. | `2` |

## 2. What is accepted

- Formats: {formats}
- Encodings: UTF-8, UTF-16, CP949 (EUC-KR) or Latin-1, whichever the catalog names
- Compression: none, gz, bz2, zst, or a zip or tar (also tar.gz) with a single file
- Full feed: products that are not in the file are no longer shown. Delta feed: each row says whether the product is new, changed or deleted.
- You may send your shop in parts, as several full feeds (fashion, electronics). What is missing from one is then no longer shown in its part only. A
  product that is in several belongs to the one that was sent last, and a delta feed takes away products of its own part only.
- Besides the product id and the operation, a delta feed may send only what changed. What a row does not send (its column or key is not there)
  stays as it is; an optional field that is sent blank is cleared; a required one that is sent blank rejects the row. A new product needs
  all required fields. Where the catalog says that each row is the whole product (`update: replace`), what is not sent is cleared.

- A sale price may come with the time in which it holds. Until the sale begins, and from when it has ended, shoppers see the usual price; you need
  not send anything at that moment. A last day without a time counts to its end, in your catalog's time zone. A sale price of 0, a blank one, and
  one that is no lower than the usual price mean that there is no sale; a sale whose time cannot be read does not hold.
- A product whose `expires_at` has come is no longer shown, and is shown again as soon as you send a later date, or none.
- If it is agreed in your catalog (`silence`), a product that none of your files has contained for some days is out of stock, and later no longer shown, until
  you send it again. A full file contains all of its products, also if it is the same as the one before.

## 3. Fields

Your columns can keep their names: the catalog assigns them to these fields.
"""

ENGLISH_OUTCOME = """\
## 4. What happens to bad rows

- **Rejected**: a row with a required field that cannot be read is not loaded. All other rows are. In a full feed a rejected product may
  disappear; the catalog says whether its last good state is kept.
- **Warning**: an optional value that cannot be read is dropped or corrected; the product is loaded.
- **Duplicate**: if several rows have the same product id, one of them is used (usually the last one).
- **Held**: if the file cannot be read, if columns have changed, or if too many products would be rejected or disappear, the whole feed is
  held back. Shoppers still see the previous data.

## 5. The report

Every feed that is loaded, held, failed or skipped gets a report. The newest one is at `reports/<mall id>/latest/`.

| file | content |
|---|---|
| `report.html` | The report for a browser: the outcome, what to do next, example rows for each code |
| `rejects.csv` | The example rows, ready for a spreadsheet. A value that looks like a formula has a `'` in front. |
| `report.json` | The same content as data |

Rows that rules of the catalog leave out, such as hidden products or gifts, are no faults. The report counts them by rule, under "Rows left out
by a rule".

The first {examples} rows of each code are shown. The row number in a CSV file is the line on which the record starts.

## 6. Codes
"""

_KINDS = (
    ("reject", "거부: 행이 반영되지 않습니다", "Rejected: the row is not loaded"),
    ("warning", "경고: 값이 빠지거나 바뀝니다", "Warning: a value is dropped or changed"),
    ("held", "보류: 피드 전체가 대기합니다", "Held: the whole feed waits"),
)


def page() -> str:
    """The whole page."""
    head = "<!-- Generated by python -m scripts.docs; do not edit. -->\n\n"
    first_ko = KOREAN.replace("{formats}", ", ".join(row.title_ko for row in BUILT_IN))
    first_en = ENGLISH.replace("{formats}", ", ".join(row.title_en for row in BUILT_IN))
    korean = [
        first_ko,
        *_fields("항목", "필수", "최대 글자 수", "값"),
        KOREAN_OUTCOME,
        *_codes("ko"),
    ]
    english = [first_en, *_fields("field", "required", "longest", "values"), ENGLISH_OUTCOME]
    whole = head + "\n".join([*korean, *english, *_codes("en")])
    return whole.replace("{examples}", str(EXAMPLES_PER_CODE))


def _fields(*heads: str) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |\n|---|---|---|---|"
    yield from (_field(field) for field in PRODUCT_FIELDS if not field.derived)
    yield ""


def _field(field: CanonicalField) -> str:
    values = ", ".join(f"`{value}`" for value in field.values)
    longest = f"{field.max_length:,}" if field.max_length else ""
    if field.max_items:
        longest = f"{field.max_items} × {longest}"
    return f"| `{field.name}` | {'✔' if field.required else ''} | {longest} | {values} |"


def _codes(language: str) -> Iterator[str]:
    for kind, korean, english in _KINDS:
        yield f"### {korean if language == 'ko' else english}\n"
        yield "| 코드 | 의미 | 조치 |" if language == "ko" else "| code | meaning | what to do |"
        yield "|---|---|---|"
        yield from (_code(code, language) for code in CODES.values() if code.kind == kind)
        yield ""


def _code(code: Code, language: str) -> str:
    if language == "ko":
        return f"| `{code.name}` | {code.meaning_ko} | {code.todo_ko} |"
    return f"| `{code.name}` | {code.meaning_en} | {code.todo_en} |"
