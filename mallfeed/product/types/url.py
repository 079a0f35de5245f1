"""Web addresses: made absolute, percent-encoded, their host checked."""

from __future__ import annotations

from urllib.parse import urlsplit

from mallfeed.product.sql import (
    CONTROLS,
    INVISIBLE,
    case,
    each,
    let,
    matches,
    replaced,
    singles,
    text,
    tokens,
)
from mallfeed.product.types.entities import without_amp
from mallfeed.product.types.idn import ascii_host
from mallfeed.product.types.reading import Reading, Sql, unreadable

_PATH = r"A-Za-z0-9\-._~:/?#@!$&'()*+,;="
_WORD = singles("a-z", "0-9", "_")
_LABEL = rf"[{_WORD}](?:[{_WORD}-]{{0,61}}[{_WORD}])?"
_NAME = rf"{_LABEL}(?:[.]{_LABEL})*+[.]?"
_HOST = rf"{_NAME}(?::[0-9]{{1,5}})?"
# Nothing to do: lower-case host, only characters that may stand in a URL, % with two digits.
_SAFE = singles("!", "#-$", "'-;", "=", "?-Z", "_", "a-z", "~")
_READY = rf"^https?://{_NAME}(?:[/?#][{_SAFE}]*+(?:(?:&(?!amp;)|%[0-9A-Fa-f]{{2}})[{_SAFE}]*+)*+)?$"
_SPLIT = r"^(?i)(https?)://([^/?#]*+)(.*)$"


def read_url(source: Sql, cleaned: Sql) -> Reading:
    """A URL as it can be fetched; null when it cannot be one. `cleaned` is where it stands."""
    return Reading(
        cell=source,
        parse=lambda _: cleaned,
        problems=(unreadable("invalid"),),
    )


def address(cell: Sql, base_url: str | None) -> Sql:
    """The absolute, percent-encoded URL of a cell, or null."""
    return case((matches(cell, _READY), cell), otherwise=_repaired(cell, base_url))


def _repaired(cell: Sql, base_url: str | None) -> Sql:
    bare = replaced(without_amp(cell), f"[{CONTROLS}{INVISIBLE}\\t\\r\\n]++", "")
    absolute = let(f"trim({bare})", lambda v: _absolute(v, base_url))
    return let(absolute, lambda v: case((matches(v, _SPLIT), _assembled(v))))


def _absolute(value: Sql, base_url: str | None) -> Sql:
    branches = [
        (matches(value, "^(?i)https?://"), value),
        (matches(value, "^(?i)www[.][^/]"), f"concat('https://', {value})"),
    ]
    base = urlsplit(base_url) if base_url else None
    scheme = base.scheme if base else "https"
    branches.append((matches(value, "^//[^/]"), f"concat({text(scheme + ':')}, {value})"))
    # Any other scheme (javascript:, data:, ftp:, mailto:) is no web address.
    branches.append((matches(value, r"^[A-Za-z][A-Za-z0-9+.-]*+:"), "null"))
    if base:
        root = f"{base.scheme}://{base.netloc}"
        folder = root + (base.path.rsplit("/", 1)[0] + "/")
        page = root + (base.path or "/")
        branches += [
            (matches(value, "^//"), "null"),
            (matches(value, "^/"), f"concat({text(root)}, {value})"),
            (matches(value, "^[?]"), f"concat({text(page)}, {value})"),
            (f"{value} <> '' and not {matches(value, '^#')}", _below(folder, value)),
        ]
    return case(*branches)


def _below(folder: str, value: Sql) -> Sql:
    return f"concat({text(folder)}, {replaced(value, '^(?:[.]/)++', '')})"


def _assembled(value: Sql) -> Sql:
    scheme = f"lower(regexp_extract({value}, {text(_SPLIT)}, 1))"
    host = f"lower(regexp_extract({value}, {text(_SPLIT)}, 2))"
    rest = f"regexp_extract({value}, {text(_SPLIT)}, 3)"
    return let(
        ascii_host(host),
        lambda h: case(
            (
                f"{matches(h, f'^{_HOST}$')} and {_port_fits(h)}",
                f"concat({scheme}, '://', {h}, {encoded(rest)})",
            )
        ),
    )


def _port_fits(host: Sql) -> Sql:
    return f"coalesce(try_cast(nullif(regexp_extract({host}, ':([0-9]+)$', 1), '') as int), 80) between 1 and 65535"


def encoded(rest: Sql) -> Sql:
    """Path, query and fragment with everything percent-encoded that was not, and only that."""
    sure = replaced(rest, "%(?![0-9A-Fa-f]{2})", "%25")
    pieces = tokens(sure, f"[{_PATH}%]++|[^{_PATH}%]++")
    piece = each(
        pieces,
        lambda p: case(
            (matches(p, f"^[{_PATH}%]"), p), otherwise=f"replace(url_encode({p}), '+', '%20')"
        ),
    )
    return f"array_join({piece}, '')"
