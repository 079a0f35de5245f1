"""What roles have asked of IAM: what was used of that which they are granted, and what was refused."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any

from infra.local.iam.evaluate import Decision
from infra.local.iam.policy import Policy
from infra.local.iam.words import action_fits

_MOST_REFUSED = 1_000
"""Different refusals that are kept of a role; a loop that asks for ever new resources must not fill the memory."""


class Record:
    """Counts what each role asked; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: dict[str, Counter[tuple[str, str, int]]] = {}
        self._refused: dict[str, Counter[tuple[str, str, str]]] = {}
        self._hidden: dict[str, Counter[str]] = {}

    def note(self, role: str, operation: str, action: str, decision: Decision) -> bool:
        """Count the decision; True for a refusal of that action on that resource which is the first one."""
        with self._lock:
            if decision.allowed:
                match = decision.match
                where = (match.policy, match.position) if match else ("", 0)
                self._used.setdefault(role, Counter())[action, *where] += 1
                return False
            return self._refuse(role, operation, action, decision.message)

    def refuse(self, role: str, operation: str, message: str) -> bool:
        """Count a call that was refused without being judged; True for the first one."""
        with self._lock:
            return self._refuse(role, operation, "", message)

    def hide(self, role: str, operation: str) -> None:
        """Count a call that was told AccessDenied of an object that does not exist."""
        with self._lock:
            self._hidden.setdefault(role, Counter())[operation] += 1

    def _refuse(self, role: str, operation: str, action: str, message: str) -> bool:
        refused = self._refused.setdefault(role, Counter())
        which = (operation, action, message)
        is_new = which not in refused
        if not is_new or len(refused) < _MOST_REFUSED:
            refused[which] += 1
        return is_new

    def report(self, role: str, policies: Iterable[Policy]) -> dict[str, Any]:
        """Of one role, in a stable order: `calls` (action → how often allowed), `unused`, `refused`, `hidden`.

        `unused` has policy, statement (its Sid, or its position) and action of what an Allow grants and nobody used;
        where two statements grant an action, the first one counts as used. Of a wildcard, one fitting action is enough.
        `hidden` has how often an operation of S3 was denied an object that does not exist, since the role may not list.
        """
        with self._lock:
            used = Counter(self._used.get(role, {}))
            refused = dict(self._refused.get(role, {}))
            hidden = dict(self._hidden.get(role, {}))
        calls: Counter[str] = Counter()
        for (action, _, _), count in used.items():
            calls[action] += count
        unused = [
            {"policy": policy.name, "statement": statement.sid or str(statement.position), "action": granted}
            for policy in policies
            for statement in policy.statements
            if statement.allows
            for granted in statement.actions or ()
            if not any(
                (name, position) == (policy.name, statement.position) and action_fits(granted, action)
                for action, name, position in used
            )
        ]  # fmt: skip
        return {
            "calls": dict(sorted(calls.items())),
            "unused": unused,
            "refused": [
                {"operation": operation, "action": action, "message": message, "times": times}
                for (operation, action, message), times in sorted(refused.items())
            ],
            "hidden": dict(sorted(hidden.items())),
        }
