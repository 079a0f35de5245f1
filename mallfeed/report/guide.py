"""docs/for-malls.md: the guide that a mall gets, in Korean and English, its tables generated.

`python -m mallfeed.report.guide` prints the page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from mallfeed.formats.registry import BUILT_IN
from mallfeed.product.codes import CODES, Code
from mallfeed.product.fields import PRODUCT_FIELDS, CanonicalField

KOREAN = """\
# 입점사 안내서 / Guide for malls

[English below](#guide-for-malls)

## 1. 파일 올리기

상품 파일을 약속된 S3 버킷의 `feeds/<입점사 ID>/` 아래에 올리면 자동으로 처리됩니다. 따로 알려 주지 않으셔도 됩니다.

```sh
aws s3 cp products.csv.gz s3://<버킷>/feeds/<입점사 ID>/products_20260131.csv.gz \\
  --metadata feed-time=2026-01-31T09:00:00+09:00
```

- 파일 이름은 카탈로그에서 약속한 형식을 따라야 합니다. 맞지 않으면 보류됩니다(`no_feed_for_key`).
- 같은 이름으로 다시 올려도 됩니다. 올린 파일은 모두 기록됩니다.
- 여러 파일로 나눈 피드는 모든 파일을 먼저 올리고, 마지막에 `_SUCCESS` 또는 `manifest.json`을 올려 주세요.
  `manifest.json`은 `{"files": ["part-1.csv", "part-2.csv"]}` 형식입니다.

### 메타데이터 (선택)

| 이름 | 뜻 | 예 |
|---|---|---|
| `feed-time` | 이 데이터를 만든 시각. 늦게 올린 파일도 이 시각의 순서로 처리됩니다. 없으면 올린 시각입니다. | `2026-01-31T09:00:00+09:00` |
| `catalog-version` | 읽을 때 쓸 카탈로그 버전. 없으면 `feed-time`에 유효한 최신 버전입니다. | `2` |

## 2. 보낼 수 있는 파일

- 형식: {formats}
- 문자 인코딩: UTF-8, UTF-16, CP949(EUC-KR), Latin-1 가운데 카탈로그에서 약속한 것
- 압축: 없음, gz, bz2, zst, 파일 하나만 든 zip
- 전체 피드: 파일에 없는 상품은 내려갑니다. 변경 피드: 행마다 신규·수정·삭제를 표시합니다.

## 3. 상품 항목

파일의 열 이름은 그대로 두셔도 됩니다. 카탈로그가 열과 아래 항목을 연결합니다.
"""

KOREAN_OUTCOME = """\
## 4. 잘못된 행은 어떻게 되나요

- **거부**: 필수 항목을 읽을 수 없는 행은 반영되지 않습니다. 나머지 행은 정상적으로 반영됩니다. 전체 피드에서는 거부된 상품이 내려갈 수
  있습니다. 직전 정보를 유지할지는 카탈로그로 정합니다.
- **경고**: 선택 항목을 읽을 수 없으면 그 값만 비우거나 고치고 상품은 반영합니다.
- **중복**: 상품 ID가 같은 행이 여러 개면 하나만 반영합니다(보통 마지막 행).
- **보류**: 파일을 읽을 수 없거나, 열이 바뀌었거나, 너무 많은 상품이 거부되거나 내려가게 되면 피드 전체를 보류하고 직전 데이터를
  유지합니다.

## 5. 보고서

반영·보류·실패하거나 건너뛴 피드마다 보고서가 만들어집니다. 최신 보고서는 `reports/<입점사 ID>/latest/`에 있습니다.

| 파일 | 내용 |
|---|---|
| `report.html` | 브라우저로 보는 보고서: 결과, 다음에 하실 일, 코드별 예시 행 |
| `rejects.csv` | 예시 행 목록. 엑셀에서 바로 열 수 있습니다. 수식으로 보이는 값 앞에는 `'`를 붙였습니다. |
| `report.json` | 같은 내용의 데이터 |

코드마다 처음 20개 행을 보여 드립니다. CSV의 행 번호는 레코드가 시작되는 줄 번호입니다.

## 6. 코드표
"""

ENGLISH = """\
<a id="guide-for-malls"></a>

# Guide for malls

## 1. Uploading

Put your product file below `feeds/<mall id>/` in the agreed S3 bucket. It is processed by itself; nobody needs to be told.

```sh
aws s3 cp products.csv.gz s3://<bucket>/feeds/<mall id>/products_20260131.csv.gz \\
  --metadata feed-time=2026-01-31T09:00:00+09:00
```

- Name the file as agreed in the catalog. A name that fits nothing is held (`no_feed_for_key`).
- Uploading again under the same name is fine: each upload is a feed of its own.
- For a feed in several files, upload all of them first and `_SUCCESS` or `manifest.json` last. A `manifest.json` reads
  `{"files": ["part-1.csv", "part-2.csv"]}`.

### Metadata (optional)

| name | meaning | example |
|---|---|---|
| `feed-time` | When the data was made. A file that comes late is put in order by it. Without it, the time of the upload holds. | `2026-01-31T09:00:00+09:00` |
| `catalog-version` | Catalog version to read it by. Without it, the newest one in force at the `feed-time`. | `2` |

## 2. What is accepted

- Formats: {formats}
- Encodings: UTF-8, UTF-16, CP949 (EUC-KR) or Latin-1, whichever the catalog names
- Packing: none, gz, bz2, zst, or a zip of one file
- Full feed: products that are not in the file vanish. Delta feed: each row says new, changed or gone.

## 3. Fields

Your columns can keep their names: the catalog leads them to these fields.
"""

ENGLISH_OUTCOME = """\
## 4. What happens to bad rows

- **Refused**: a row whose required field cannot be read is not loaded. All others are. In a full feed a refused product may
  vanish; the catalog says whether its last good state is kept.
- **Warning**: an optional value that cannot be read is dropped or mended; the product is loaded.
- **Duplicate**: of several rows with one product id, one counts (the last one, as a rule).
- **Held**: a file that cannot be read, changed columns, or too many products refused or about to vanish hold the whole feed
  back. Shoppers still see the data from before it.

## 5. The report

Every feed that is loaded, held, failed or skipped gets a report. The newest one is at `reports/<mall id>/latest/`.

| file | what is in it |
|---|---|
| `report.html` | The report for a browser: the outcome, what to do next, example rows of each code |
| `rejects.csv` | The example rows, ready for a spreadsheet. A value that looks like a formula has a `'` in front. |
| `report.json` | The same as data |

The first 20 rows of each code are shown. The row number of a CSV is the line on which the record starts.

## 6. Codes
"""

_KINDS = (
    ("reject", "거부: 행이 반영되지 않습니다", "Refused: the row is not loaded"),
    ("warning", "경고: 값이 빠지거나 바뀝니다", "Warning: a value is dropped or changed"),
    ("held", "보류: 피드 전체가 대기합니다", "Held: the whole feed waits"),
)


def page() -> str:
    """The whole page."""
    head = "<!-- Generated by python -m mallfeed.report.guide; do not edit. -->\n\n"
    first_ko = KOREAN.replace("{formats}", ", ".join(row.title_ko for row in BUILT_IN))
    first_en = ENGLISH.replace("{formats}", ", ".join(row.title_en for row in BUILT_IN))
    korean = [
        first_ko,
        *_fields("항목", "필수", "최대 글자 수", "값"),
        KOREAN_OUTCOME,
        *_codes("ko"),
    ]
    english = [first_en, *_fields("field", "required", "longest", "values"), ENGLISH_OUTCOME]
    return head + "\n".join([*korean, *english, *_codes("en")])


def _fields(*heads: str) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |\n|---|---|---|---|"
    yield from map(_field, PRODUCT_FIELDS)
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
        yield "| 코드 | 뜻 | 조치 |" if language == "ko" else "| code | meaning | what to do |"
        yield "|---|---|---|"
        yield from (_code(code, language) for code in CODES.values() if code.kind == kind)
        yield ""


def _code(code: Code, language: str) -> str:
    if language == "ko":
        return f"| `{code.name}` | {code.meaning_ko} | {code.todo_ko} |"
    return f"| `{code.name}` | {code.meaning_en} | {code.todo_en} |"


if __name__ == "__main__":
    sys.stdout.write(page())
