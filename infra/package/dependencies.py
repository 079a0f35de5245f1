"""Locked third-party packages of one platform, unpacked once and kept in the download cache."""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from infra.package.alone import alone_in
from infra.paths import CHECKOUT, cache_dir

_OWN_FORMAT = "2"  # raise it when what lies in the cache is laid out differently


@dataclass(frozen=True)
class Target:
    """Where a package will run: pip's platform tags for it; none means this machine.

    `services` are those of AWS that are called there; botocore's descriptions of the other 400 are left
    out. None of them = all are kept.
    """

    name: str
    tags: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


_SERVICES = (
    *("cloudformation", "cloudwatch", "dynamodb", "events", "glue", "redshift-data", "s3"),
    *("secretsmanager", "sqs", "ssm"),
    "sts",  # botocore's own, for credentials
    "xray",  # the tracer's, for its sampling rules
)
# Lambda's Python 3.11 is Amazon Linux 2 with glibc 2.26, Glue's is Amazon Linux 2023 with 2.34.
LAMBDA = Target("lambda", ("manylinux2014_x86_64", "manylinux_2_17_x86_64"), _SERVICES)
GLUE = Target("glue", ("manylinux_2_28_x86_64", "manylinux2014_x86_64", "manylinux_2_17_x86_64"))


def runs_here(target: Target) -> Target:
    """The target itself on linux x86_64, else this machine's platform under the same name."""
    here = (platform.system(), platform.machine()) == ("Linux", "x86_64")
    if here:
        return target
    return replace(target, name=f"{target.name}-{platform.system()}-{platform.machine()}", tags=())


def lock_of(target: Target) -> Path:
    """requirements/lambda.lock or requirements/glue.lock."""
    return CHECKOUT / "requirements" / f"{target.name.split('-')[0]}.lock"


def folder(target: Target) -> Path:
    """The cache folder for the lock file and platform: `site/` inside it is importable."""
    lock = lock_of(target).read_bytes()
    key = hashlib.sha256(b"\0".join([lock, repr(target).encode(), _OWN_FORMAT.encode()]))
    return cache_dir() / "packages" / f"{target.name}-{key.hexdigest()[:16]}"


def unpacked(target: Target) -> Path:
    """`site/` with every package of the lock file, downloaded and verified at the first call."""
    kept = folder(target)
    with alone_in(kept):
        if not (kept / "site").exists():
            with tempfile.TemporaryDirectory(dir=kept) as scratch:
                made = Path(scratch) / "site"
                _download(target, Path(scratch) / "wheels")
                for wheel in sorted((Path(scratch) / "wheels").glob("*.whl")):
                    _unpack(wheel, made, target.services)
                made.rename(kept / "site")
    return kept / "site"


def _download(target: Target, into: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes"]
    if target.tags:
        command += ["--python-version=3.11", "--implementation=cp", "--abi=cp311", "--abi=abi3"]
        command += ["--abi=none", *(f"--platform={tag}" for tag in target.tags)]
    subprocess.run([*command, "-r", str(lock_of(target)), "-d", str(into)], check=True)


def _unpack(wheel: Path, site: Path, services: tuple[str, ...] = ()) -> None:
    """Wheel format 1.0: the root and `.data/{purelib,platlib}` go to site-packages; no scripts."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            parts = name.split("/")
            if parts[0].endswith(".data"):
                if parts[1] not in ("purelib", "platlib"):
                    continue
                parts = parts[2:]
            if name.endswith("/") or "__pycache__" in parts or _is_of_another(parts, services):
                continue
            path = site.joinpath(*parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, path.open("wb") as out:
                shutil.copyfileobj(source, out)


def _is_of_another(parts: list[str], services: tuple[str, ...]) -> bool:
    """Whether a file describes a service that is not called: `botocore/data/<service>/…`."""
    described = parts[:2] == ["botocore", "data"] and len(parts) > 3
    return bool(services) and described and parts[2] not in services
