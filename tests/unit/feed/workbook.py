"""A small .xlsx, written by hand: inline strings, numbers, booleans, dates, formulas, links, merged cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape, quoteattr

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet {_MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="[Red]00000;-0"/></numFmts>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs>'
    "</styleSheet>"
)


@dataclass(frozen=True)
class Formula:
    """A cell's formula, and the result that is stored: None = none is; `kind` as in the sheet's XML."""

    text: str
    result: str | None = None
    kind: str = "n"


@dataclass(frozen=True)
class FiveDigits:
    """A cell with the format `00000`."""

    written: str
    kind: str = "n"


@dataclass(frozen=True)
class Sheet:
    """Rows of cells from A1 on; links by their cells, cells that are merged."""

    rows: Sequence[Sequence[object]]
    links: Mapping[str, str] = field(default_factory=dict)
    merged: Sequence[str] = ()
    is_hidden: bool = False


def workbook(sheets: Mapping[str, Sequence[Sequence[object]] | Sheet]) -> bytes:
    """Sheets by name."""
    whole = {n: s if isinstance(s, Sheet) else Sheet(s) for n, s in sheets.items()}
    names = list(whole)
    entries = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="r{n}"'
        + (' state="hidden"/>' if whole[name].is_hidden else "/>")
        for n, name in enumerate(names, 1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    links += f'<Relationship Id="rs" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KINDS}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{entries}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        "</Relationships>",
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/s{n}.xml": _sheet(whole[name]) for n, name in enumerate(names, 1)},
        **{
            f"xl/worksheets/_rels/s{n}.xml.rels": _targets(whole[name])
            for n, name in enumerate(names, 1)
            if whole[name].links
        },
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return data.getvalue()


def _targets(sheet: Sheet) -> str:
    links = "".join(
        f'<Relationship Id="l{n}" Type="{_OFFICE}/hyperlink" Target={quoteattr(target)} '
        'TargetMode="External"/>'
        for n, target in enumerate(sheet.links.values(), 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _sheet(sheet: Sheet) -> str:
    lines = "".join(
        f'<row r="{n}">{"".join(_cell(f"{chr(65 + c)}{n}", v) for c, v in enumerate(row))}</row>'
        for n, row in enumerate(sheet.rows, 1)
        if row
    )
    merged = "".join(f'<mergeCell ref="{reference}"/>' for reference in sheet.merged)
    links = "".join(
        f'<hyperlink ref="{reference}" r:id="l{n}"/>' for n, reference in enumerate(sheet.links, 1)
    )
    return (
        f'<worksheet {_MAIN} xmlns:r="{_OFFICE}"><sheetData>{lines}</sheetData>'
        f"{f'<mergeCells>{merged}</mergeCells>' if merged else ''}"
        f"{f'<hyperlinks>{links}</hyperlinks>' if links else ''}</worksheet>"
    )


def _cell(place: str, value: object) -> str:
    if isinstance(value, Formula):
        result = "" if value.result is None else f"<v>{escape(value.result)}</v>"
        kind = "" if value.kind == "n" else f' t="{value.kind}"'
        return f'<c r="{place}"{kind}><f>{escape(value.text)}</f>{result}</c>'
    if isinstance(value, FiveDigits):
        return f'<c r="{place}" s="2" t="{value.kind}"><v>{value.written}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        days = (value - date(1899, 12, 30)).days
        return f'<c r="{place}" s="1"><v>{days}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    if value is None:
        return ""
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
