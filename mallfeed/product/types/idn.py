"""International host names to their ASCII form (Punycode, RFC 3492), in Spark SQL.

Calling java.net.IDN through `reflect` would raise on odd names and is not deterministic to Spark, so
the algorithm stands here, step by step as in the RFC: insertions are folded over the code points.
"""

from __future__ import annotations

from mallfeed.product.sql import case, each, let, matches, text
from mallfeed.product.types.unicode import composed

_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789"
# A variable-length integer has at most 7 digits for a label of 63 characters.
_PLACES = "sequence(1, 7)"
_START_OF, _END_OF = -1, -2
_LABEL = r"^[\p{L}\p{N}\p{M}-]{1,63}$"


def ascii_host(host: str) -> str:
    """The host with its labels in ASCII; what cannot be a label stays, and is refused later."""
    name, port = (f"regexp_extract({host}, {text('^([^:]*+)(.*)$')}, {group})" for group in (1, 2))
    labels = f"split({name}, {text('[.。]')})"
    return case(
        (matches(host, "^[ -~]*$"), host),
        otherwise=f"concat(array_join({each(labels, _ascii_label)}, '.'), {port})",
    )


def _ascii_label(label: str) -> str:
    whole = let(composed(label), _punycode)
    return case(
        (matches(label, "^[ -~]*$"), label),
        (matches(label, _LABEL), f"concat('xn--', {whole})"),
        otherwise=label,
    )


def _punycode(label: str) -> str:
    points = each(
        f"regexp_extract_all({label}, {text('(?s).')}, 0)", lambda c: f"cast(ascii({c}) as bigint)"
    )
    basic = f"regexp_replace({label}, {text('[^ -~]')}, '')"
    first = case((f"{basic} = ''", "''"), otherwise=f"concat({basic}, '-')")
    return let(points, lambda p: f"concat({first}, {_insertions(p, f'char_length({basic})')})")


def _insertions(points: str, basic: str) -> str:
    """Folds over each code point above ASCII, in rising order, and for each over the label."""
    highs = f"array_sort(array_distinct(filter({points}, p -> p >= 128)))"

    def step(high: str, point: str) -> str:
        return f"named_struct('m', {high}, 'c', cast({point} as bigint))"

    steps = (
        f"flatten(transform({highs}, m -> concat(array({step('m', str(_START_OF))}), "
        f"transform({points}, c -> {step('m', 'c')}), array({step('m', str(_END_OF))}))))"
    )
    start = _state("128L", "0L", "72L", f"cast({basic} as bigint)", "''")
    moved = _state("x.m", "s.delta + (x.m - s.n) * (s.h + 1)", "s.bias", "s.h", "s.out")
    done = _state("s.n + 1", "s.delta + 1", "s.bias", "s.h", "s.out")
    passed = _state("s.n", "s.delta + 1", "s.bias", "s.h", "s.out")
    adapted = _adapted("s.delta", "(s.h + 1)", f"(s.h = {basic})")
    inserted = _state(
        "s.n", "0L", adapted, "s.h + 1", f"concat(s.out, {_integer('s.delta', 's.bias')})"
    )
    fold = case(
        (f"x.c = {_START_OF}", moved),
        (f"x.c = {_END_OF}", done),
        ("x.c < x.m", passed),
        ("x.c = x.m", inserted),
        otherwise="s",
    )
    return f"aggregate({steps}, {start}, (s, x) -> {fold}, s -> s.out)"


def _state(n: str, delta: str, bias: str, h: str, out: str) -> str:
    return f"named_struct('n', {n}, 'delta', {delta}, 'bias', {bias}, 'h', {h}, 'out', {out})"


def _integer(delta: str, bias: str) -> str:
    """The generalised variable-length integer of a delta (RFC 3492, section 3.3)."""
    limit = f"greatest(1L, least(26L, k * 36 - {bias}))"
    digit = f"substring('{_DIGITS}', cast({{}} as int) + 1, 1)"
    last = f"named_struct('q', -1L, 'w', concat(a.w, {digit.format('a.q')}))"
    more_digit = digit.format(f"({limit} + (a.q - {limit}) % (36 - {limit}))")
    more = f"named_struct('q', (a.q - {limit}) div (36 - {limit}), 'w', concat(a.w, {more_digit}))"
    step = case(("a.q < 0", "a"), (f"a.q < {limit}", last), otherwise=more)
    return f"aggregate({_PLACES}, named_struct('q', {delta}, 'w', ''), (a, k) -> {step}, a -> a.w)"


def _adapted(delta: str, points: str, first: str) -> str:
    """The bias after an insertion (RFC 3492, section 6.1)."""
    halved = case((first, f"{delta} div 700"), otherwise=f"{delta} div 2")
    grown = f"({halved} + {halved} div {points})"
    step = case(("d.x > 455", "named_struct('x', d.x div 35, 'k', d.k + 36)"), otherwise="d")
    return (
        f"aggregate({_PLACES}, named_struct('x', {grown}, 'k', 0L), (d, i) -> {step}, "
        "d -> d.k + 36 * d.x div (d.x + 38))"
    )
