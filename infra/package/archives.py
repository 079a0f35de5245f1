"""Zip and tar.gz files whose bytes depend on their contents alone: no times, owners or order.

Both formats are written in two layers, so that a changed source file does not compress hundreds
of megabytes of unchanged dependencies again: the first layer is kept and copied.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

_EPOCH = (1980, 1, 1, 0, 0, 0)
_END_OF_TAR = b"\0" * 1024


def files_under(folder: Path) -> Iterator[tuple[str, Path]]:
    """(name relative to the folder, path) of its files, sorted; no bytecode."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix(), path


def sha256(path: Path) -> str:
    """The file's SHA-256 in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def zip_files(target: Path, files: Iterable[tuple[str, Path]], first: Path | None = None) -> None:
    """Write a zip of the files, after the entries of the zip `first`."""
    if first is not None:
        shutil.copyfile(first, target)
    mode: Literal["w", "a"] = "w" if first is None else "a"
    with zipfile.ZipFile(target, mode, zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, path in files:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())


def tar_layer(
    target: Path,
    files: Iterable[tuple[str, Path]],
    *,
    texts: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
) -> None:
    """Write one gzip member with a tar's beginning: files, texts and symbolic links, no end."""
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as stream:
        for name, to in sorted((links or {}).items()):
            stream.write(_header(name, 0, link=to))
        for name, text in sorted((texts or {}).items()):
            _append(stream, name, io.BytesIO(text.encode()), len(text.encode()))
        for name, path in files:
            with path.open("rb") as body:
                _append(stream, name, body, path.stat().st_size)


def join_layers(target: Path, layers: Iterable[Path]) -> None:
    """One tar.gz of the layers (gzip members follow each other, RFC 1952) and the tar's end."""
    with target.open("wb") as out:
        for layer in layers:
            with layer.open("rb") as part:
                shutil.copyfileobj(part, out)
        out.write(gzip.compress(_END_OF_TAR, mtime=0))


def _append(stream: gzip.GzipFile, name: str, body: io.BufferedIOBase, size: int) -> None:
    stream.write(_header(name, size))
    shutil.copyfileobj(body, stream)
    stream.write(b"\0" * (-size % tarfile.BLOCKSIZE))


def _header(name: str, size: int, link: str = "") -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o755 if link or name.endswith(".so") else 0o644
    if link:
        info.type, info.linkname = tarfile.SYMTYPE, link
    return info.tobuf(tarfile.GNU_FORMAT)
