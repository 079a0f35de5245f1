"""The data points of an alarm: a metric's statistic per period, or an expression over several.

Sources: Amazon CloudWatch User Guide, "CloudWatch concepts" (a metric is its namespace, name and all of its dimensions; statistics), "Using metric
math" (IF, FILL, operators; a data point is missing where one of its metrics is) and "Alarm evaluation" (an alarm of several minutes is
evaluated each minute, over the minutes before).
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_MINUTE_S = 60
_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class NotEvaluated(Exception):
    """An expression or statistic that CloudWatch knows and this does not."""


@dataclass(frozen=True)
class Sample:
    """What was put: a value, or several in sum."""

    at: datetime
    least: float
    most: float
    total: float
    count: float = 1


def windows(now: datetime, period_s: int, count: int) -> list[tuple[datetime, datetime]]:
    """The last periods, oldest first; the newest ends with the last full minute (or short period)."""
    step = min(period_s, _MINUTE_S)
    end = datetime.fromtimestamp(now.timestamp() // step * step, UTC)
    period = timedelta(seconds=period_s)
    return [(end - period * back, end - period * (back - 1)) for back in range(count, 0, -1)]


def points(
    samples: Sequence[Sample], statistic: str, spans: Iterable[tuple[datetime, datetime]]
) -> list[float | None]:
    """The statistic in each of the spans; None where there is no sample."""
    found: list[float | None] = []
    for start, end in spans:
        inside = [one for one in samples if start <= one.at < end]
        found.append(_statistic(inside, statistic) if inside else None)
    return found


def _statistic(samples: Sequence[Sample], statistic: str) -> float:
    total, count = sum(one.total for one in samples), sum(one.count for one in samples)
    known = {
        "Sum": total,
        "SampleCount": count,
        "Average": total / count if count else 0.0,
        "Minimum": min(one.least for one in samples),
        "Maximum": max(one.most for one in samples),
    }
    if statistic in known:
        return known[statistic]
    if statistic.startswith("p"):
        values = sorted(one.most for one in samples)
        place = math.ceil(float(statistic[1:]) / 100 * len(values)) - 1
        return values[max(place, 0)]
    raise NotEvaluated(f"the statistic {statistic}")


def computed(expression: str, series: Mapping[str, Sequence[float | None]]) -> list[float | None]:
    """The expression for each data point; raises NotEvaluated."""
    tree = ast.parse(expression.strip(), mode="eval").body
    length = len(next(iter(series.values())))
    return [
        _value(tree, {name: values[place] for name, values in series.items()})
        for place in range(length)
    ]


def _value(node: ast.AST, at: Mapping[str, float | None]) -> float | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in at:
        return at[node.id]
    if isinstance(node, ast.BinOp):
        return _applied(node.op, _value(node.left, at), _value(node.right, at))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _applied(node.ops[0], _value(node.left, at), _value(node.comparators[0], at))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _value(node.operand, at)
        return None if inner is None else -inner
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _called(node.func.id, node.args, at)
    raise NotEvaluated(f"the expression {ast.unparse(node)}")


def _applied(kind: Any, left: float | None, right: float | None) -> float | None:
    if type(kind) not in _OPERATORS:
        raise NotEvaluated(f"the operator {type(kind).__name__}")
    if left is None or right is None or (isinstance(kind, ast.Div) and right == 0):
        return None
    return float(_OPERATORS[type(kind)](left, right))


def _called(name: str, given: Sequence[ast.expr], at: Mapping[str, float | None]) -> float | None:
    if name == "IF" and len(given) in (2, 3):
        holds = _value(given[0], at)
        if holds is None:
            return None
        chosen = given[1] if holds else (given[2] if len(given) > 2 else None)
        return None if chosen is None else _value(chosen, at)
    if name == "FILL" and len(given) == 2:
        value = _value(given[0], at)
        return _value(given[1], at) if value is None else value
    raise NotEvaluated(f"the function {name}")
