"""Whatever fails, and wherever: what is left is exactly what the policies say."""

from __future__ import annotations

import json
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.cloudformation import State
from infra.local.cloudformation.account import Made

POLICIES = ("Delete", "Retain", "RetainExceptOnCreate")


@dataclass(frozen=True)
class Part:
    """A resource: its policy, and the positions of those before it that it needs."""

    policy: str
    needs: frozenset[int]


def parts(least: int = 1) -> st.SearchStrategy[list[Part]]:
    def at(number: int) -> st.SearchStrategy[Part]:
        needs = (
            st.frozensets(st.integers(0, number - 1), max_size=3)
            if number
            else st.just(frozenset())
        )
        return st.builds(Part, st.sampled_from(POLICIES), needs)

    return st.integers(least, 7).flatmap(
        lambda count: st.tuples(*(at(number) for number in range(count))).map(list)
    )


def text(parts: list[Part], order: list[int] | None = None) -> str:
    """A template, written in any order."""
    resources = {
        f"R{number}": {
            "Type": "AWS::SNS::Topic",
            "DeletionPolicy": parts[number].policy,
            "DependsOn": [f"R{needed}" for needed in sorted(parts[number].needs)],
        }
        for number in (order if order is not None else range(len(parts)))
    }
    return json.dumps({"Resources": resources})


class Making:
    """A handler that notes what it is asked, and refuses one thing."""

    def __init__(self, refused: tuple[str, int] | None = None) -> None:
        self.refused = refused
        self.made: list[int] = []
        self.deleted: list[int] = []

    def __call__(self, action: str, made: Made) -> None:
        number = int(made.logical[1:])
        if (action, number) == self.refused:
            raise RuntimeError("refused")
        (self.made if action == "CREATE" else self.deleted).append(number)


def account(making: Making) -> State:
    return State("ap-northeast-2", "123456789012", making)


def existing(state: State) -> set[int]:
    return {int(made.logical[1:]) for made in state.account.existing}


@settings(max_examples=60, deadline=None)
@given(parts=parts(), data=st.data())
def test_a_create_that_fails_anywhere_leaves_what_is_retained(
    parts: list[Part], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(parts))))
    failing = data.draw(st.integers(0, len(parts) - 1))
    making = Making(("CREATE", failing))
    state = account(making)
    stack = state.create("shop", text(parts, order))
    assert stack.status == "ROLLBACK_COMPLETE"
    assert all(
        parts[number].needs <= set(making.made[:at]) for at, number in enumerate(making.made)
    )
    assert parts[failing].needs <= set(making.made)
    assert existing(state) == {number for number in making.made if parts[number].policy == "Retain"}
    assert making.deleted == [
        number for number in reversed(making.made) if parts[number].policy != "Retain"
    ]
    assert {made.stack for made in state.account.existing} <= {None}


@settings(max_examples=40, deadline=None)
@given(parts=parts())
def test_a_deletion_leaves_what_is_retained_and_goes_backwards(parts: list[Part]) -> None:
    making = Making()
    state = account(making)
    assert state.create("shop", text(parts)).status == "CREATE_COMPLETE"
    state.delete("shop")
    assert existing(state) == {
        number for number, part in enumerate(parts) if part.policy != "Delete"
    }
    assert making.deleted == [
        number for number in reversed(making.made) if parts[number].policy == "Delete"
    ]


@settings(max_examples=40, deadline=None)
@given(parts=parts(), data=st.data())
def test_what_a_resource_needs_that_cannot_be_deleted_stays(
    parts: list[Part], data: st.DataObject
) -> None:
    stuck = data.draw(st.integers(0, len(parts) - 1))
    making = Making(("DELETE", stuck))
    state = account(making)
    state.create("shop", text(parts))
    stack = state.delete("shop")
    assert stack is not None
    if parts[stuck].policy != "Delete":
        assert stack.status == "DELETE_COMPLETE"
        return
    assert stack.status == "DELETE_FAILED"
    assert stuck in existing(state)
    assert not _all_needed_by(stuck, parts) & set(making.deleted)
    making.refused = None
    assert state.delete("shop") is stack
    assert stack.status == "DELETE_COMPLETE"


@settings(max_examples=60, deadline=None)
@given(parts=parts(least=2), data=st.data())
def test_an_update_that_fails_anywhere_leaves_the_stack_as_it_was(
    parts: list[Part], data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, len(parts) - 1))
    failing = data.draw(st.integers(old, len(parts) - 1))
    making = Making()
    state = account(making)
    before = dict(state.create("shop", text(parts[:old])).resources)
    making.refused = ("CREATE", failing)
    stack = state.update("shop", text(parts))
    assert (stack.status, stack.resources) == ("UPDATE_ROLLBACK_COMPLETE", before)
    added = [number for number in making.made if number >= old]
    assert existing(state) == set(range(old)) | {
        number for number in added if parts[number].policy == "Retain"
    }
    making.refused = None
    assert state.update("shop", text(parts)).status == "UPDATE_COMPLETE"


def _all_needed_by(number: int, parts: list[Part]) -> set[int]:
    found: set[int] = set()
    ahead = set(parts[number].needs)
    while ahead:
        found |= ahead
        ahead = {needed for one in ahead for needed in parts[one].needs} - found
    return found
