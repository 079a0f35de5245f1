"""The state diagram in the documentation equals the transitions of the code."""

from __future__ import annotations

import re
from pathlib import Path

from mallfeed.ledger.states import BLOCKING, CLOSED, ENTRY, OPEN, TRANSITIONS, UNSETTLED, State

DOCUMENT = Path(__file__).parents[3] / "docs" / "states.md"


def test_the_diagram_in_the_documentation_equals_the_transitions() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    diagram = re.search(r"```mermaid\nstateDiagram-v2\n(.*?)```", text, re.DOTALL)
    assert diagram is not None
    arrows = re.findall(r"^\s*(\S+) --> (\S+?)(?: *:.*)?$", diagram.group(1), re.MULTILINE)
    drawn = {(a, b) for a, b in arrows if "[*]" not in (a, b)}
    assert drawn == {(str(a), str(b)) for a, ends in TRANSITIONS.items() for b in ends}
    assert {b for a, b in arrows if a == "[*]"} == set(ENTRY)
    assert {a for a, b in arrows if b == "[*]"} == {s for s in State if not TRANSITIONS[s]}
    assert len(arrows) == len(set(arrows))


def test_every_state_is_explained() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z]+)` \|", text, re.MULTILINE)) == set(State)


def test_every_code_of_arrival_and_order_is_explained() -> None:
    root = DOCUMENT.parents[1] / "mallfeed"
    files = [
        "arrival/examine.py",
        "arrival/folder.py",
        "arrival/choice.py",
        "arrival/arrival.py",
        "arrival/key.py",
    ]
    files += [f"ledger/{name}.py" for name in ("decisions", "moves", "states", "claims")]
    source = "".join((root / name).read_text(encoding="utf-8") for name in files)
    used = re.findall(r'(?:FeedHeld|Ignored)\(\s*"([a-z_]+)"', source)
    used += re.findall(r'return "([a-z]+_[a-z]+)"$|"code": "([a-z_]+)"', source, re.MULTILINE)
    used += re.findall(r'^[A-Z_]+ = "([a-z]+_[a-z]+)"$', source, re.MULTILINE)
    codes = {code for found in used for code in ([found] if isinstance(found, str) else found)}
    assert {"empty_object", "hidden_file", "sync_retry"} <= codes
    explained = set(re.findall(r"^\| `([a-z_]+)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE))
    assert codes - {""} <= explained


def test_a_committed_feed_never_fails() -> None:
    assert TRANSITIONS[State.SYNCING] == {State.LOADED}


def test_every_state_belongs_somewhere() -> None:
    assert set(TRANSITIONS) == set(State)
    assert set(State) == OPEN | CLOSED
    assert not OPEN & CLOSED
    assert UNSETTLED == OPEN | BLOCKING
