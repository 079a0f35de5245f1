"""What a file is by its first bytes, where it is none of the text or tables that feeds are made of.

One table for all who read files: loading, `preview` and `suggest`. A mark of a few letters, which a
CSV's header may begin with as well (`BM`, `ID3`, `ORC`), counts only where what follows soon is no text.

Sources: each format's own specification; the marks of `file(1)` (github.com/file/file, magic/Magdir).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.error_answers import error_told

_USUALLY = 4096
"""Bytes of the beginning that are enough, but for OLE files."""
_SOON = 512
_MOST = 16 * 1024 * 1024
"""Bytes that are looked at for the directory of an OLE file."""


@dataclass(frozen=True)
class Content:
    """What a file is.

    Attributes
    ----------
    key : a word for it, by which a format says that it reads such files
    title : as it is called in messages, with its article
    advice : what to send instead, as a sentence
    is_locked : nobody can read it without a key
    """

    key: str
    title: str
    advice: str
    is_locked: bool = False


@dataclass(frozen=True)
class Signature:
    """Bytes that stand at a place; `letters`: they are some, and count only where what follows is no text."""

    content: Content
    marks: tuple[bytes, ...]
    at: int = 0
    letters: bool = False


_REPACK = "Send the file itself, or that one file packed as gz, bz2, zst, zip or tar.gz."
_EXPORT = "Export the products from it in the agreed format and upload that file."
_NO_FEED = "Upload the file with the products instead."
_SPOKEN_WITH_A_VOWEL = ("a", "e", "i", "o", "lz", "x")
"""How names begin whose article is "an": an ALZ, an LZ4, an xz archive."""
_AGREE = "Save it in the agreed format, or agree on a new catalog version whose format fits."
_UNLOCK = "Send it without a password or encryption."


def _archive(name: str) -> Content:
    an = "an" if name.lower().startswith(_SPOKEN_WITH_A_VOWEL) else "a"
    return Content("archive", f"{an} {name} archive", _REPACK)


def _no_feed(title: str) -> Content:
    return Content("other", title, _NO_FEED)


XLSX = Content("workbook", "an Excel workbook (.xlsx)", _AGREE)
XLS = Content("old_workbook", "an old Excel workbook (.xls)", _AGREE)
XLSB = Content("workbook", "a binary Excel workbook (.xlsb)", _AGREE)
ODS = Content("open_workbook", "an OpenDocument spreadsheet (.ods)", _AGREE)
EXCEL_XML = Content(
    "excel_xml", "an Excel 2003 XML spreadsheet", "Save it as .xlsx or in the agreed format."
)
NUMBERS = Content("numbers", "a Numbers spreadsheet of Apple's", _EXPORT)
LOCKED_WORKBOOK = Content(
    "locked", "an Office file protected by a password", _UNLOCK, is_locked=True
)
PARQUET = Content("plain_parquet", "a Parquet file", _AGREE)
LOCKED_PARQUET = Content("locked", "an encrypted Parquet file", _UNLOCK, is_locked=True)
HTML = Content(
    "html",
    "a web page (HTML)",
    "It may be an error or a login page that was saved in place of the feed. Download the feed again.",
)
ERROR_ANSWER = Content(
    "error_answer",
    "the error answer of a web server or of S3",
    "It was saved in place of the feed. Download the feed again, with the rights that this needs, and look into it before you send it.",
)
XML = Content("xml_text", "an XML document", _AGREE)
OLE = Content("ole", "an old Office file (OLE)", _EXPORT)

SIGNATURES: tuple[Signature, ...] = (
    Signature(_archive("7z"), (b"7z\xbc\xaf\x27\x1c",)),
    Signature(_archive("RAR"), (b"Rar!\x1a\x07",)),
    Signature(_archive("xz"), (b"\xfd7zXZ\0",)),
    Signature(_archive("ALZ (ALZip)"), (b"ALZ\x01",)),
    Signature(_archive("EGG (ALZip)"), (b"EGGA",), letters=True),
    Signature(_archive("LZ4"), (b"\x04\x22\x4d\x18",)),
    Signature(_archive("lzip"), (b"LZIP\x01",)),
    Signature(_archive("compress (.Z)"), (b"\x1f\x9d",)),
    Signature(_archive("CAB"), (b"MSCF",), letters=True),
    Signature(_archive("lzma"), (b"\x5d\0\0",)),
    Signature(_archive("lzop"), (b"\x89LZO\0",)),
    Signature(_archive("Snappy"), (b"\xff\x06\0\0sNaPpY",)),
    Signature(_archive("XAR"), (b"xar!",), letters=True),
    Signature(_archive("ar"), (b"!<arch>\n",)),
    Signature(_archive("cpio"), (b"070701", b"070702", b"070707", b"\xc7\x71"), letters=True),
    Signature(_archive("RPM"), (b"\xed\xab\xee\xdb",), letters=True),
    Signature(PARQUET, (b"PAR1",), letters=True),
    Signature(LOCKED_PARQUET, (b"PARE",), letters=True),
    Signature(Content("avro", "an Avro file", _AGREE), (b"Obj\x01",)),
    Signature(Content("orc", "an ORC file", _AGREE), (b"ORC",), letters=True),
    Signature(Content("arrow", "an Arrow file", _AGREE), (b"ARROW1\0\0", b"FEA1"), letters=True),
    Signature(Content("sqlite", "an SQLite database", _EXPORT), (b"SQLite format 3\0",)),
    Signature(Content("access", "an Access database", _EXPORT), (b"\0\x01\0\0Standard ",)),
    Signature(Content("data", "an HDF5 file", _EXPORT), (b"\x89HDF\r\n",)),
    Signature(Content("data", "a NumPy array", _EXPORT), (b"\x93NUMPY",)),
    Signature(Content("data", "a Python pickle", _EXPORT), (b"\x80\x02", b"\x80\x03", b"\x80\x04\x95", b"\x80\x05\x95"), letters=True),
    Signature(Content("data", "an SPSS file", _EXPORT), (b"$FL2", b"$FL3"), letters=True),
    Signature(Content("pdf", "a PDF document", _EXPORT), (b"%PDF-",)),
    Signature(Content("rtf", "an RTF document", _EXPORT), (b"{\\rtf",)),
    Signature(Content("hwp", "a Hangul document (.hwp)", _EXPORT), (b"HWP Document File",)),
    Signature(Content("mhtml", "a web archive (MHTML)", _EXPORT), (b"MIME-Version: 1.0",)),
    Signature(_no_feed("a PNG image"), (b"\x89PNG\r\n\x1a\n",)),
    Signature(_no_feed("a JPEG image"), (b"\xff\xd8\xff",)),
    Signature(_no_feed("a GIF image"), (b"GIF87a", b"GIF89a"), letters=True),
    Signature(_no_feed("a WebP image"), (b"WEBP",), at=8, letters=True),
    Signature(_no_feed("a TIFF image"), (b"II*\0", b"MM\0*")),
    Signature(_no_feed("a BMP image"), (b"BM",), letters=True),
    Signature(_no_feed("a video or HEIC image"), (b"ftyp",), at=4, letters=True),
    Signature(_no_feed("an MP3 sound"), (b"ID3",), letters=True),
    Signature(_no_feed("a sound or a video"), (b"WAVE", b"AVI "), at=8, letters=True),
    Signature(_no_feed("a sound or a video"), (b"OggS", b"fLaC", b"\x1a\x45\xdf\xa3"), letters=True),
    Signature(_no_feed("a Photoshop image"), (b"8BPS",), letters=True),
    Signature(_no_feed("an icon"), (b"\0\0\x01\0",)),
    Signature(_no_feed("a program"), (b"\x7fELF", b"\0asm", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"), letters=True),
    Signature(_no_feed("a program"), (b"MZ",), letters=True),
    Signature(_no_feed("a shortcut of Windows (.lnk), not the file that it leads to"), (b"L\0\0\0\x01\x14\x02\0",)),
    Signature(_no_feed("a property list"), (b"bplist00",)),
    Signature(_no_feed("a companion file of a Mac's (._ before the name)"), (b"\0\x05\x16\x07", b"\0\x05\x16\0")),
    Signature(
        Content("locked", "an encrypted PGP message", _UNLOCK, is_locked=True), (b"-----BEGIN PGP MESSAGE-----",)
    ),
)  # fmt: skip
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MANY_KINDS = 4
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: tuple[tuple[str, Content], ...] = (
    ("EncryptedPackage", LOCKED_WORKBOOK),
    ("Workbook", XLS),
    ("Book", XLS),
    ("WordDocument", Content("doc", "an old Word document (.doc)", _EXPORT)),
    ("PowerPoint Document", Content("ppt", "an old PowerPoint document (.ppt)", _EXPORT)),
    ("HwpSummaryInformation", Content("hwp", "a Hangul document (.hwp)", _EXPORT)),
    ("__properties_version1.0", Content("msg", "an Outlook message (.msg)", _EXPORT)),
)
_IN_ZIP: tuple[tuple[str, Content], ...] = (
    ("xl/workbook.bin", XLSB),
    ("xl/workbook.xml", XLSX),
    ("word/document.xml", Content("docx", "a Word document (.docx)", _EXPORT)),
    ("ppt/presentation.xml", Content("pptx", "a PowerPoint document (.pptx)", _EXPORT)),
    ("Index/Document.iwa", NUMBERS),
    ("Contents/content.hpf", Content("hwpx", "a Hangul document (.hwpx)", _EXPORT)),
    ("META-INF/container.xml", Content("epub", "an e-book (EPUB)", _NO_FEED)),
    ("AndroidManifest.xml", Content("apk", "an Android app (.apk)", _NO_FEED)),
    ("META-INF/MANIFEST.MF", Content("jar", "a Java archive (.jar)", _NO_FEED)),
)
_HTML = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|table|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_TITLE = re.compile(r"<title[^>]*>\s*([^<]{1,80})", re.IGNORECASE)
_TEXT_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))


def beginning_of(content: ByteStream) -> bytes:
    """As many first bytes as say what it is; none is taken."""
    head = content.peek(_USUALLY)
    if not head.startswith(_OLE_MARK):
        return head
    return content.peek(min(_directory(head) + _USUALLY, _MOST))


def content_of(head: bytes) -> Content | None:
    """What the file is; None = text of an unknown kind, or not known. `head` as of `beginning_of`."""
    if head.startswith(_OLE_MARK):
        return _in_ole(head)
    no_text = is_binary(head[:_SOON])
    for one in SIGNATURES:
        if head.startswith(one.marks, one.at) and (no_text or not one.letters):
            return one.content
    return _in_text(text_of(head))


def content_of_zip(names: Collection[str], mimetype: str = "") -> Content | None:
    """What a zip with these entries is, where it is more than files packed together.

    `mimetype` is the text of its entry of that name, which OpenDocument files begin with.
    """
    if mimetype.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        return ODS
    if mimetype.startswith("application/vnd.oasis.opendocument"):
        return Content("odf", "an OpenDocument file", _EXPORT)
    for wanted, content in _IN_ZIP:
        if wanted in names:
            return content
    return None


def is_text(head: bytes) -> bool:
    """Whether it is made of what text is made of: no control characters but those of lines."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return bool(head) and not _CONTROLS.search(head, 0, 4096)


def is_binary(head: bytes) -> bool:
    """Whether it has what no text has: a NUL, or control characters of many kinds (of one, a separator may be)."""
    return b"\0" in head or len(set(_CONTROLS.findall(head))) >= _MANY_KINDS


def page_title(head: bytes) -> str:
    """The title of a web page, or the code in an error answer, as far as its beginning shows it; empty without one."""
    text = text_of(head)
    if (error := error_told(text.strip())) is not None:
        return error
    found = _PAGE_TITLE.search(text)
    return " ".join(found[1].split()) if found else ""


def _in_ole(head: bytes) -> Content:
    """By the streams that the directory of an OLE file names, in UTF-16 (MS-CFB, 2.6)."""
    directory = head[_directory(head) :]
    for name, content in _OLE_STREAMS:
        if name.encode("utf-16-le") + b"\0\0" in directory:
            return content
    return OLE


def _directory(head: bytes) -> int:
    """Where an OLE file's directory begins, by its header (MS-CFB, 2.2)."""
    sector = int.from_bytes(head[0x30:0x34], "little")
    return (sector + 1) << min(int.from_bytes(head[0x1E:0x20], "little"), 16)


def _in_text(text: str) -> Content | None:
    text = text.lstrip()
    if (
        'progid="Excel.Sheet"' in text[:500]
        or "urn:schemas-microsoft-com:office:spreadsheet" in text[:1000]
    ):
        return EXCEL_XML
    if _HTML.match(text):
        return HTML
    if error_told(text.rstrip()) is not None:
        return ERROR_ANSWER
    return XML if text.startswith("<?xml") else None


def text_of(head: bytes) -> str:
    """The beginning as text, as far as a byte order mark or UTF-8 lets it be read."""
    for mark, encoding in _TEXT_MARKS:
        if head.startswith(mark):
            return head[len(mark) : 4096].decode(encoding, "ignore")
    return head[:4096].decode("utf-8", "replace")
