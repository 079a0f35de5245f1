"""`python -m infra.package.fixture`: keeps what a deployment of a release takes of our own.

A fixture is the folder <releases>/<version>/:

| file | what |
|---|---|
| mallfeed-<version>-py3-none-any.whl | the wheel, the JVM functions in it |
| deployed.tar.gz | handlers, job scripts, template, locks, catalogs, what deploys the sinks |
| release.json | what `make package` noted: the release's hash, and that of each file that it built |
| SHA256SUMS | of these, for `sha256sum -c` |

No third-party package is in it: building it again takes those that the building checkout locks.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from infra.package import archives, dependencies, release, wheel
from infra.package.alone import alone_in
from infra.package.dependencies import GLUE, LAMBDA
from infra.package.sources import Sources
from infra.paths import CHECKOUT

RELEASES = CHECKOUT / "tests" / "releases"
PARTS = "deployed.tar.gz"
SUMS = "SHA256SUMS"
_RELEASED = re.compile(r"\d+\.\d+\.\d+")
_FOLDERS = ("lambdas", "glue_jobs", "catalogs")
_SINKS_COMMAND = "mallfeed/cli/sinks.py"
_WITHOUT_IT = ("infra/redshift/*.sql", "infra/local/__init__.py", "infra/local/deploy_sinks.py")
"""What makes the sinks of a release that has no `mallfeed sinks bootstrap` (0.1.0)."""
_LOCKS = tuple(f"requirements/{dependencies.lock_of(target).name}" for target in (LAMBDA, GLUE))


class FixtureFault(Exception):
    """A fixture cannot be made, or is not what it was; the message says what to do."""


def make(checkout: Path, releases: Path = RELEASES) -> Path:
    """Keep the release that `make package` built in that checkout; returns the fixture's folder.

    Raises FixtureFault when nothing was built there, or when a release built from the fixture has
    other bytes (where that checkout and this one lock the same third-party packages).
    """
    built = wheel_built_in(checkout)
    folder = releases / version_of(built)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in (built, built.with_name("release.json")):
        shutil.copyfile(path, folder / path.name)
    with tempfile.TemporaryDirectory() as scratch:
        layer = Path(scratch) / "layer"
        archives.tar_layer(layer, _parts(checkout))
        archives.join_layers(folder / PARTS, [layer])
    _write_sums(folder)
    _check_bytes(checkout, folder)
    return folder


def wheel_built_in(checkout: Path) -> Path:
    """The wheel that `make package` left there. Raises FixtureFault."""
    built = checkout / "build"
    wheels = list(built.glob("mallfeed-*.whl"))
    if len(wheels) != 1 or not (built / "release.json").exists():
        raise FixtureFault(f"{built} holds no release: run `make package` in {checkout}")
    return wheels[0]


def version_of(wheel: Path) -> str:
    """The version in a wheel's name."""
    return wheel.name.split("-")[1]


def kept(releases: Path = RELEASES) -> list[str]:
    """The versions that are kept, oldest first."""
    found = (path.parent.name for path in releases.glob(f"*/{SUMS}"))
    return sorted(found, key=lambda version: tuple(map(int, version.split("."))))


def unpacked(version: str, releases: Path = RELEASES, under: Path | None = None) -> Sources:
    """The release's parts laid out as a checkout is, its wheel's modules among them.

    They are unpacked once, under .local/kept-releases/ by default. Raises FixtureFault when a file of the
    fixture is not the one that was kept.
    """
    folder = releases / version
    check_sums(folder)
    of = archives.sha256(folder / SUMS)[:16]
    place = (under or CHECKOUT / ".local" / "kept-releases") / f"{version}-{of}"
    (one,) = folder.glob("*.whl")
    found = Sources(place / "root", place / "build", wheel=place / "root" / one.name)
    with alone_in(place):
        if not found.root.exists():
            _unpack(one, folder / PARTS, place / "draft")
            (place / "draft").rename(found.root)
    return found


def _unpack(one: Path, parts: Path, into: Path) -> None:
    shutil.rmtree(into, ignore_errors=True)  # of a process that was ended
    wheel.unpack(one, into)
    shutil.copyfile(one, into / one.name)
    with tarfile.open(parts) as opened:
        opened.extractall(into)  # noqa: S202 - our own archive; no `filter` before 3.11.4


def check_sums(folder: Path) -> None:
    """Raise FixtureFault unless every file of the fixture is the one that was kept."""
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    for expected, name in (line.split("  ", 1) for line in lines):
        if not (folder / name).exists() or archives.sha256(folder / name) != expected:
            raise FixtureFault(
                f"{folder / name} is not the file that {SUMS} names. What was released never "
                "changes: take it from git again."
            )


def _parts(checkout: Path) -> Iterator[tuple[str, Path]]:
    files = [checkout / name for name in ("template.yaml", *_LOCKS)]
    if not (checkout / _SINKS_COMMAND).exists():
        files += [path for pattern in _WITHOUT_IT for path in checkout.glob(pattern)]
    for folder in _FOLDERS:
        files += [path for _, path in archives.files_under(checkout / folder)]
    for path in sorted(files):
        yield path.relative_to(checkout).as_posix(), path


def _write_sums(folder: Path) -> None:
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    lines = (f"{archives.sha256(path)}  {path.name}\n" for path in files)
    (folder / SUMS).write_text("".join(lines), "utf-8")


def _check_bytes(checkout: Path, folder: Path) -> None:
    if any((checkout / name).read_bytes() != (CHECKOUT / name).read_bytes() for name in _LOCKS):
        return
    noted = json.loads((folder / "release.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        of = unpacked(folder.name, folder.parent, Path(scratch))
        again = release.build(of, for_aws=True)
    if again.hash != noted["release"]:
        raise FixtureFault(
            f"{folder}: a release built from it is {again.hash}, not {noted['release']} as "
            f"`make package` built in {checkout}. Run `make package` there again."
        )


def main() -> None:
    """Make a fixture and say what it holds."""
    parser = argparse.ArgumentParser(prog="infra.package.fixture", description=__doc__)
    parser.add_argument("checkout", nargs="?", type=Path, default=CHECKOUT)
    parser.add_argument("--into", type=Path, default=RELEASES, metavar="RELEASES")
    given = parser.parse_args()
    checkout = given.checkout.resolve()
    try:
        version = version_of(wheel_built_in(checkout))
        if not _RELEASED.fullmatch(version):
            sys.exit(f"{version} is no release: set __version__ first (docs/upgrading.md)")
        folder = make(checkout, given.into)
    except FixtureFault as fault:
        sys.exit(str(fault))
    for path in sorted(folder.iterdir()):
        print(f"{path.stat().st_size / 1e3:9.1f} KB  {path}")  # noqa: T201


if __name__ == "__main__":
    main()
