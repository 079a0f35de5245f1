"""state.json of a stack: its processes, ports and the deployment's outputs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from infra.local.processes import Record


@dataclass
class State:
    """What a stack's folder remembers between two commands."""

    name: str
    processes: list[Record] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    ready: bool = False

    def port(self, process: str) -> int | None:
        """The port of that process, None if it was never started."""
        for record in self.processes:
            if record.name == process:
                return record.port
        return None


def _path(directory: Path) -> Path:
    return directory / "state.json"


def read(directory: Path) -> State | None:
    """The remembered state; None if there is none (or it was cut off while being written)."""
    try:
        raw = json.loads(_path(directory).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    raw["processes"] = [Record(**record) for record in raw["processes"]]
    return State(**raw)


def write(directory: Path, state: State) -> None:
    """Replace it in one step, so that a reader never sees an incomplete one."""
    directory.mkdir(parents=True, exist_ok=True)
    draft = directory / "state.json.new"
    draft.write_text(json.dumps(asdict(state), indent=2), "utf-8")
    draft.replace(_path(directory))


def forget(directory: Path) -> None:
    """Remove it."""
    _path(directory).unlink(missing_ok=True)
