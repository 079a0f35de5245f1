"""Packings: by magic number, one file, whole, and of a size that can be true."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import zstandard

from mallfeed.errors import FeedHeld
from mallfeed.feed import decompress
from tests.unit.feed.reading import read

CSV = b"id,name\n" + b"".join(b"%d,%s\n" % (n, os.urandom(20).hex().encode()) for n in range(2_000))


def zipped(*names: str, content: bytes = CSV) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"" if name.endswith("/") else content)
    return data.getvalue()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "zst": zstandard.ZstdCompressor().compress,
    "zip": lambda data: zipped("feed.csv", content=data),
}


@pytest.mark.parametrize("packing", PACK)
def test_packing_is_known_by_its_first_bytes(packing: str) -> None:
    found = read(PACK[packing](CSV), format="csv")
    assert (len(found.rows), found.feed.facts["compression"]) == (2_000, packing)


@pytest.mark.parametrize("outer", PACK)
@pytest.mark.parametrize("inner", PACK)
def test_packed_twice(inner: str, outer: str) -> None:
    found = read(PACK[outer](PACK[inner](CSV)), format="csv")
    assert (len(found.rows), found.feed.facts["compression"]) == (2_000, f"{outer}+{inner}")


def test_packed_three_times_is_held() -> None:
    with pytest.raises(FeedHeld, match="packed more than 2 times"):
        read(gzip.compress(gzip.compress(gzip.compress(CSV))), format="csv")


@pytest.mark.parametrize("packing", ["gz", "bz2", "zst"])
def test_many_members_are_one_feed(packing: str) -> None:
    half = CSV.index(b"\n1000,") + 1
    data = PACK[packing](CSV[:half]) + PACK[packing](CSV[half:])
    assert len(read(data, format="csv").rows) == 2_000


@pytest.mark.parametrize("packing", ["gz", "bz2", "zst", "zip"])
def test_cut_off_archive_is_held(packing: str) -> None:
    data = PACK[packing](CSV)
    with pytest.raises(FeedHeld) as held:
        read(data[: len(data) * 2 // 3], format="csv")
    assert held.value.code == "truncated"


def test_bytes_behind_the_archive_are_not_passed_over() -> None:
    with pytest.raises(FeedHeld, match="behind the end") as held:
        read(gzip.compress(CSV) + b"and more", format="csv")
    assert held.value.code == "not_the_format"


def test_zeros_may_pad_an_archive() -> None:
    assert len(read(gzip.compress(CSV) + bytes(512), format="csv").rows) == 2_000


def test_zip_of_many_is_held() -> None:
    with pytest.raises(FeedHeld, match=r"holds 2 files \(a.csv, b.csv\)") as held:
        read(zipped("a.csv", "b.csv"), format="csv")
    assert held.value.code == "archive_of_many"


def test_folders_and_mac_leftovers_in_a_zip_do_not_count() -> None:
    data = zipped("feed/", "feed/a.csv", "__MACOSX/feed/._a.csv", "feed/.DS_Store")
    assert len(read(data, format="csv").rows) == 2_000


def test_encrypted_zip_is_held() -> None:
    data = bytearray(zipped("a.csv"))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FeedHeld) as held:
        read(bytes(data), format="csv")
    assert held.value.code == "encrypted_archive"


@pytest.mark.parametrize("packing", ["gz", "zst", "zip", "bz2"])
def test_what_unpacks_to_a_thousand_times_its_size_is_held(
    packing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decompress, "RATIO_FROM_BYTES", 4 << 20)
    data = PACK[packing](b"id,name\n" + b"1,aaaaaaaaaaaaaaaaaaaaaaaaaa\n" * 400_000)
    with pytest.raises(FeedHeld) as held:
        read(data, format="csv")
    assert held.value.code == "archive_ratio"


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packings_of_a_zip_are_held_where_they_are_damaged(packed: int, cut: float) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packed) as archive:
        archive.writestr("feed.csv", CSV)
    damaged = bytearray(data.getvalue())
    place = int(len(damaged) * cut)
    damaged[place : place + 20] = bytes(20)
    with pytest.raises(FeedHeld) as held:
        read(bytes(damaged), format="csv")
    # What comes out of the damaged place is read before the checksum behind it.
    assert held.value.code in ("not_the_format", "undecodable")


def tar_of(files: dict[str, bytes], **options: Any) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", **options) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            if name.endswith("/"):
                info.type = tarfile.DIRTYPE
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


@pytest.mark.parametrize("packing", ["gz", "bz2", "zst", "none"])
@pytest.mark.parametrize(
    "options",
    [
        {"format": tarfile.USTAR_FORMAT},
        {"format": tarfile.GNU_FORMAT},
        {"format": tarfile.PAX_FORMAT},
    ],
)
def test_a_tar_of_one_file_is_unpacked(packing: str, options: dict[str, Any]) -> None:
    tar = tar_of(
        {"out/": b"", "out/._상품.csv": b"x", "out/상품.csv": CSV, "out/.DS_Store": b"x"}, **options
    )
    found = read(tar if packing == "none" else PACK[packing](tar), format="csv")
    assert len(found.rows) == 2_000
    assert found.feed.facts["compression"] == ("tar" if packing == "none" else f"{packing}+tar")


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (tar_of({"a.csv": CSV, "b.csv": CSV}), "archive_of_many", r"holds 2 files or more \(a.csv, b.csv\); a feed's tar holds exactly one"),
        (tar_of({"a/": b""}), "archive_of_many", "is a tar without a file in it; a feed's tar holds exactly one"),
        (tar_of({"a.csv": CSV})[:30_000], "truncated", "is a tar archive that ends too early"),
    ],
)  # fmt: skip
def test_other_tars_are_held(data: bytes, code: str, message: str) -> None:
    with pytest.raises(FeedHeld, match=message) as held:
        read(gzip.compress(data), format="csv")
    assert held.value.code == code


def test_a_tar_s_link_is_no_file() -> None:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        info = tarfile.TarInfo("feed.csv")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)
    with pytest.raises(
        FeedHeld, match=r"holds feed.csv, which is a link or a device and no file"
    ) as held:
        read(data.getvalue(), format="csv")
    assert held.value.code == "not_the_format"


@pytest.mark.parametrize(
    "names", [(), ("folder/",), ("__MACOSX/", "__MACOSX/._feed.csv", "Thumbs.db")]
)
def test_a_zip_without_a_file_is_named(names: tuple[str, ...]) -> None:
    with pytest.raises(
        FeedHeld, match="is a zip without a file in it; a feed's zip holds exactly one"
    ) as held:
        read(zipped(*names), format="csv")
    assert held.value.code == "archive_of_many"
