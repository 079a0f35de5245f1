"""Where a release's own parts lie: in a checkout, or in the kept parts of an earlier release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.package import archives
from infra.paths import CHECKOUT


@dataclass(frozen=True)
class Sources:
    """What a release is built and deployed from; both kinds are laid out as a checkout is.

    Attributes
    ----------
    root : holds lambdas/, glue_jobs/, template.yaml, catalogs/ and infra/local/deploy_sinks.py
    build : where the release is built
    wheel : mallfeed's wheel of an earlier release, unpacked in `root`; None: built from the checkout
    """

    root: Path
    build: Path
    wheel: Path | None = None

    @property
    def template(self) -> Path:
        """The release's template.yaml."""
        return self.root / "template.yaml"

    def functions(self) -> list[str]:
        """Names of the folders of lambdas/ that hold a handler."""
        return sorted(path.parent.name for path in (self.root / "lambdas").glob("*/handler.py"))

    def function(self, name: str) -> Iterator[tuple[str, Path]]:
        """(name in the zip, path) of a function's own files."""
        return archives.files_under(self.root / "lambdas" / name)

    def job_scripts(self) -> list[Path]:
        """The scripts of glue_jobs/."""
        return sorted((self.root / "glue_jobs").glob("*.py"))

    def own(self) -> Iterator[tuple[str, Path]]:
        """(name, path) of everything of ours that the release's bytes depend on."""
        folders = ["lambdas", "glue_jobs"]
        if self.wheel is None:
            folders.append("mallfeed")
            yield "pyproject.toml", self.root / "pyproject.toml"
        else:
            yield self.wheel.name, self.wheel
        for folder in folders:
            for name, path in archives.files_under(self.root / folder):
                yield f"{folder}/{name}", path


def checkout() -> Sources:
    """This checkout."""
    return Sources(CHECKOUT, CHECKOUT / "build")
