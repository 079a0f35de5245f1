"""Builds a release into build/: what template.yaml's ArtifactPrefix must hold.

| file | what |
|---|---|
| <function>.zip | a function of lambdas/: its folder, mallfeed, requirements/lambda.lock |
| glue_environment.tar.gz | for `--python-virtual-env`: mallfeed and requirements/glue.lock |
| mallfeed-functions.jar | for `--extra-jars`: the functions of jvm/ |
| <job>.py | the scripts of glue_jobs/ |
| release.json | the hash of all, and of each file |
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.package import archives, dependencies, sources, wheel
from infra.package.alone import alone_in
from infra.package.dependencies import GLUE, LAMBDA, Target
from infra.package.sources import Sources
from infra.paths import CHECKOUT

ENVIRONMENT = "glue_environment.tar.gz"
FUNCTIONS = "mallfeed-functions.jar"
_SITE = "lib/python3.11/site-packages"
# As `python3.11 -m venv` and venv-pack leave it on Amazon Linux 2023, where Glue 5.1 runs.
_LINKS = {"bin/python": "python3.11", "bin/python3": "python3.11"}
_LINKS["bin/python3.11"] = "/usr/bin/python3.11"
_CONFIG = "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11\n"


@dataclass(frozen=True)
class Release:
    """A built release: `hash` names its contents, `files` are what is uploaded."""

    hash: str
    files: tuple[Path, ...]


def build(of: Sources | None = None, *, for_aws: bool = False) -> Release:
    """Build what has changed since the last time (nothing changed: well under 2 s).

    `of` is this checkout by default; an earlier release gets the third-party packages that this
    checkout locks. For AWS always as linux x86_64; for the local stack on another platform, its own
    packages.
    """
    of = of or sources.checkout()
    targets = [t if for_aws else dependencies.runs_here(t) for t in (LAMBDA, GLUE)]
    inputs = _inputs_hash(of, targets)
    into = of.build if targets == [LAMBDA, GLUE] else of.build / "local"
    with alone_in(into):
        return _kept(into, inputs) or _build(of, into, inputs, *targets)


def _build(of: Sources, into: Path, inputs: str, for_lambda: Target, for_glue: Target) -> Release:
    (into / "release.json").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        package = wheel.unpack(of.wheel or wheel.build(of.root, into), Path(scratch) / "mallfeed")
        own = list(archives.files_under(package))
        files = [_function(of, into, name, own, for_lambda) for name in of.functions()]
        files.append(_environment(into, own, for_glue, Path(scratch)))
        files.append(Path(shutil.copy(_functions_jar(package), into)))
    for script in of.job_scripts():
        (into / script.name).write_bytes(script.read_bytes())
        files.append(into / script.name)
    return _keep(into, inputs, files)


def _functions_jar(package: Path) -> Path:
    """The JVM functions, wherever that release's wheel holds them."""
    found = list(package.rglob(FUNCTIONS))
    if len(found) != 1:
        raise FileNotFoundError(
            f"mallfeed's wheel holds {len(found)} {FUNCTIONS}, not one: make setup"
        )
    return found[0]


def _function(
    of: Sources, into: Path, name: str, own: list[tuple[str, Path]], target: Target
) -> Path:
    base = _kept_archive(
        dependencies.unpacked(target), "site.zip",
        lambda draft, site: archives.zip_files(draft, archives.files_under(site)),
    )  # fmt: skip
    archives.zip_files(into / f"{name}.zip", [*own, *of.function(name)], first=base)
    return into / f"{name}.zip"


def _environment(into: Path, own: list[tuple[str, Path]], target: Target, scratch: Path) -> Path:
    base = _kept_archive(
        dependencies.unpacked(target), "site.tar.gz",
        lambda draft, site: archives.tar_layer(
            draft, _in_site(archives.files_under(site)), links=_LINKS
        ),
    )  # fmt: skip
    layer = scratch / "own.tar.gz"
    archives.tar_layer(layer, _in_site(own), texts={"pyvenv.cfg": _CONFIG})
    archives.join_layers(into / ENVIRONMENT, [base, layer])
    return into / ENVIRONMENT


def _kept_archive(site: Path, name: str, make: Callable[[Path, Path], object]) -> Path:
    """The archive of the packages in that folder, beside it; made at the first call of all processes."""
    kept = site.parent / name
    with alone_in(site.parent):
        if not kept.exists():
            draft = kept.with_name(f"{name}.new")
            make(draft, site)
            draft.replace(kept)
    return kept


def _in_site(
    files: Iterator[tuple[str, Path]] | list[tuple[str, Path]],
) -> Iterator[tuple[str, Path]]:
    return ((f"{_SITE}/{name}", path) for name, path in files)


def _inputs_hash(of: Sources, targets: list[Target]) -> str:
    digest = hashlib.sha256(repr(targets).encode())
    for name, path in (*of.own(), *archives.files_under(CHECKOUT / "infra" / "package")):
        digest.update(f"\0{name}\0".encode() + path.read_bytes())
    for target in targets:
        digest.update(dependencies.lock_of(target).read_bytes())
    return digest.hexdigest()


def _keep(into: Path, inputs: str, files: list[Path]) -> Release:
    hashes = {path.name: archives.sha256(path) for path in files}
    whole = hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()[:16]
    note = {"release": whole, "inputs": inputs, "sha256": hashes}
    (into / "release.json").write_text(json.dumps(note, indent=2, sort_keys=True) + "\n", "utf-8")
    return Release(whole, tuple(sorted(files)))


def _kept(into: Path, inputs: str) -> Release | None:
    try:
        note = json.loads((into / "release.json").read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    files = tuple(into / name for name in note["sha256"])
    current = note["inputs"] == inputs and all(path.exists() for path in files)
    return Release(note["release"], files) if current else None
