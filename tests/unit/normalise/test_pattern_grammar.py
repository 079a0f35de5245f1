"""Patterns that a catalog may hold: Java reads each, and none can be tried in very many ways."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from mallfeed.kinds.sql.character_properties import PROPERTIES
from mallfeed.kinds.sql.expression import check_expression
from mallfeed.kinds.sql.expression_pattern import groups_of
from mallfeed.kinds.sql.expression_tree import SyntaxFault
from mallfeed.kinds.sql.pieces import called

# As people write them, and as they should not.
_ONE = st.sampled_from(
    ["a", "b", "x", "가", "나", ".", "\\d", "\\s", "\\w", "[가-힣]", "[^a]", "\\p{L}", "\\p{IsHangul}", "🎧", "\\.", "-"]
)  # fmt: skip
_AROUND = st.sampled_from(
    ["(@)", "(?:@)", "(?=@)", "(?!@)", "(?>@)", "(?i:@)", "(?<=a)@", "(?<!가)@", "^@", "@$", "\\b@", "@\\Z", "(@)\\1"]
)  # fmt: skip
_TIMES = st.sampled_from(["*", "+", "?", "*?", "+?", "*+", "??", "{2}", "{1,3}", "{2,}?", "{0,2}+"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda one, around: around.replace("@", one), inner, _AROUND),
        st.builds(lambda one, times: f"(?:{one}){times}", inner, _TIMES),
        st.builds(lambda one, other: one + other, inner, inner),
        st.builds(lambda one, other: f"{one}|{other}", inner, inner),
        st.builds(lambda one: f".*{one}", inner),
        st.builds(lambda one: f"(.*){one}.*", inner),
    )


PATTERNS = st.recursive(_ONE, _larger, max_leaves=6)
ANY_SIGNS = st.text(st.sampled_from("ab가(){}[]?*+|^$\\.-&:=!<>P#,012 dwpbxLKiN"), max_size=14)
TEXTS = (
    None, "", "a", "b", "가", "가나", "나가방 a-1", "무료배송 12,900원", "aXbXc", "a.b", "a\nb", "x\r\n가", "aab", "aaaa",
    "abab가나가나", "🎧", "x🎧나", "-", " a  b ", "AbA", "é", "0123", "a" * 12, "가나" * 6,
)  # fmt: skip


def _is_taken(pattern: str) -> bool:
    try:
        groups_of(pattern)
    except SyntaxFault:
        return False
    return True


@pytest.mark.spark
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(pattern=st.one_of(PATTERNS, ANY_SIGNS))
def test_java_reads_every_pattern_that_is_taken(spark: SparkSession, pattern: str) -> None:
    if not _is_taken(pattern):
        return
    assert spark._jvm is not None
    compiled = spark._jvm.java.util.regex.Pattern.compile(pattern)
    assert compiled.matcher("").groupCount() == groups_of(pattern)


@pytest.mark.spark
def test_java_knows_every_property_that_is_taken(spark: SparkSession) -> None:
    assert spark._jvm is not None
    for name in PROPERTIES:
        spark._jvm.java.util.regex.Pattern.compile(f"\\p{{{name}}}[^\\P{{{name}}}]")


_PAIRS = (
    (called("pattern_found", "t", "p"), "rlike(t, p)"),
    (called("pattern_extracted", "t", "p", "g"), "regexp_extract(t, p, g)"),
    (called("pattern_replaced", "t", "p", "by"), "regexp_replace(t, p, by)"),
)


@pytest.mark.spark
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(patterns=st.lists(PATTERNS.filter(_is_taken), min_size=20, max_size=20, unique=True))
def test_what_ends_is_what_spark_makes_of_it(spark: SparkSession, patterns: list[str]) -> None:
    groups = {pattern: min(groups_of(pattern), 1) for pattern in patterns}
    rows = [(t, p, group, f"<${group}>") for t in TEXTS for p, group in groups.items()]
    schema = "t string, p string, g int, by string"
    ours = [sql for sql, _ in _PAIRS]
    read = spark.createDataFrame(rows, schema).selectExpr("t", "p", "g", "by", *ours).collect()
    # Spark's own engine does not give up: what ours gives up could keep it for hours.
    ended = [row for row in read if row["t"] is None or None not in row[4:]]
    assert len(ended) > 0.8 * len(rows)
    asked = spark.createDataFrame([row[:4] for row in ended], schema)
    theirs = asked.selectExpr(*(sql for _, sql in _PAIRS)).collect()
    for row, known in zip(ended, theirs, strict=True):
        assert tuple(row[4:]) == tuple(known), (row["t"], row["p"])


REFUSED = {
    "named group": ("(?P<n>x)", "Java has no group that begins with (?P; use ( … ) or (?: … )"),
    "comment": ("(?#why)x", "Java has no group that begins with (?#; use ( … ) or (?: … )"),
    "condition": ("(a)?(?(1)b|c)", "Java has no group that begins with (?(; use ( … ) or (?: … )"),
    "flag": ("(?a)x", "Java has no flag a; it has i, m, s, u, x"),
    "brace": ("a{", r"Java reads {3}, {3,} and {3,5}; a brace that counts nothing is written \{"),
    "first brace": ("{a", r"a brace that counts nothing is written \{ in Java"),
    "open count": ("a{,3}", "Java reads {3}, {3,} and {3,5}; a brace that counts nothing is written \\{"),
    "count": ("a{3000000000}", "Java counts to 2,147,483,647"),
    "bracket": ("[[a]", r"a bracket in a character class is written \[ in Java"),
    "first bracket": ("[]a]", r"a bracket at the beginning of a character class is written \] here"),
    "and": ("[a&&]", r"an ampersand beside another one in a class is written \& in Java"),
    "escape in class": (r"[\b]", r"Java has no \b in a character class"),
    "escape": (r"\U0001F3A7", r"Java has no \U; write the character itself or \uXXXX"),
    "nul": (r"\0", r"write \00 for the character of code 0"),
    "property": (r"\p{Korean}", "Java has no property {Korean}; it has {L}, {Nd}, {IsHangul} …"),
    "space in class": ("(?x)[ a]", r"with the flag x, a space in a class is written \x20, a # \x23"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_only_python_reads_is_refused_with_what_to_write(kind: str) -> None:
    pattern, told = REFUSED[kind]
    (fault,) = check_expression(f"regexp_replace(a, '{pattern}', '')".replace("\\", "\\\\"))
    assert fault == f"expression: pattern {pattern!r}: {told}"


# Each takes no character, in two ways or more: Java tries all combinations without a look at one.
EXPLODING = {
    "empty alternatives": "(?:|^)" * 24 + r"\\Z^x", "or nothing": "(|a|가?)" * 12 + "$", "nothing repeated": "(a*)*" * 19 + "$",
    "options": "((a?)?)?" * 12 + "$", "counted": "(a?|나?){30}$", "back to a group": "(가?)" + r"(?:\\1|a?)*" * 19 + "$",
    "looked ahead": "(?=" + "(|a?)" * 24 + "$)", "behind a character": "a" + "(a*|b*)" * 24 + "$", "many": "(?:a?){100000}$",
    "in turn": "(?:(?:(?:a?|b?){4}){4}){4}$", "with spaces": "(?x)" + "(  | # or\n a ?)" * 24 + "$",
}  # fmt: skip


@pytest.mark.parametrize("kind", EXPLODING)
def test_what_can_match_nothing_in_many_ways_is_refused(kind: str) -> None:
    (fault,) = check_expression(f"regexp_extract(a, '{EXPLODING[kind]}', 0)")
    assert "parts that may match nothing can be combined in more than 100 ways" in fault
    assert fault.endswith(
        "write `+` for `*` inside groups that are repeated, and leave out empty alternatives"
    )


USUAL = (
    r"^(\d+)?(,)?\s*(원|won)?$", r"(.*)>(.*)>(.*)", r"\[(.*?)\]", r"(\s*\(.*?\))*$", "(a|b|)", r"[\[\]]", "(?i)free|무료",
    "[a-z&&[^aeiou]]", r"\{\d{1,3}\}", r"(?:[^,]*,){3}([^,]*)", "(x+x+)+y", "(a|a)*$", "(.*a){25}", "([가-힣]+\\s?)*!",
)  # fmt: skip


@pytest.mark.parametrize("pattern", USUAL)
def test_what_people_write_is_taken(pattern: str) -> None:
    sql = f"a rlike '{pattern}'".replace("\\", "\\\\")
    assert check_expression(sql) == []


_GROUP = "(? begins a group that is not read here; use ( … ) or (?: … )"
_FLAGS = "(? begins flags that are not read here; as flags are read: i, m, s, u, x, as in (?i) or (?i: … )"
IN_OWN_WORDS = {
    "(": r"at character 1: a parenthesis is opened and not closed; a parenthesis in the text is written \(",
    r"\p{IsHangul}+(": r"at character 14: a parenthesis is opened and not closed; a parenthesis in the text is written \(",
    "a)": r"at character 2: a parenthesis is closed that is not open; a parenthesis in the text is written \)",
    "[a-": r"at character 1: a bracket is opened and not closed; a bracket in the text is written \[",
    "a|*": r"at character 3: there is nothing before it to be repeated; a sign in the text is written \* \+ \?",
    "a**": "at character 3: what is repeated already is repeated again; put it in a group: (?: … )",
    "a{2,1}": "at character 3: it counts down; write the smaller number first, as {1,2}",
    "[z-a]": r"at character 2: a range in brackets runs backwards, or from more than one character; - in the text is written \-",
    "a\\": r"at character 2: it ends with a single \; a backslash in the text is written \\",
    r"\i": r"\i means nothing in a pattern; a backslash in the text is written \\",
    r"\u00e": r"at character 1: an escape lacks hexadecimal digits: \x has two, \u four",
    r"\8": "at character 2: it asks for a group that is not there",
    "(?<=ab|a)": "what stands behind (?<= or (?<! must be of one length here; look for each length by itself, as (?:(?<=a)|(?<=bc))",
    "(?<n>a)": "(?<name> names a group, which is not read here; use ( … ) and its number",
    "(?d)a": "the flag d is not read here; as flags are read: i, m, s, u, x",
    "a(?i)b": "at character 2: flags for the rest are read at the beginning only; write (?i: … ) for a part",
    "(?-i)a": f"at character 5: {_FLAGS}",
    "(?<": f"at character 4: {_GROUP}",
    r"a\z": r"\z is not read here; write $",
    r"\R": r"\R is not read here; write [\r\n]+",
    r"[\h]": r"\h is not read here; write [ \t]",
    r"\X": r"\X is not read here; write . for a character",
    r"\G": r"\G is not read here; a pattern is looked for from the beginning: write ^",
    r"\e": r"\e is not read here; write \x1b",
    r"\Qa.b\E": r"\Q is not read here; write \ before each sign that is meant as it stands",
    r"(a)\k<n>": r"\k is not read here; write the group's number, as in \1",
    r"\x{1F600}": r"\x{ … } is not read here; write the character itself or \uXXXX",
    r"\b{g}": r"\b{g} is not read here; write \b",
    r"\N{DOG}": r"\N is not read here; write the character itself or \uXXXX",
    "(?u)(?a)": "its flags do not go together",
}  # fmt: skip
_PYTHON_S = ("subpattern", "position", "bad escape", "unterminated", "extension", "unbalanced")


@pytest.mark.parametrize("pattern", IN_OWN_WORDS)
def test_what_python_refuses_is_told_in_words_of_patterns(pattern: str) -> None:
    with pytest.raises(SyntaxFault) as fault:
        groups_of(pattern)
    assert str(fault.value) == f"pattern {pattern!r}: {IN_OWN_WORDS[pattern]}"


def test_an_escaped_backslash_begins_no_escape() -> None:
    assert groups_of(r"\\z(\\Q)") == 1


@settings(max_examples=1500, deadline=None)
@given(pattern=ANY_SIGNS)
def test_no_word_of_python_s_is_told(pattern: str) -> None:
    try:
        groups_of(pattern)
    except SyntaxFault as fault:
        told = str(fault).removeprefix(f"pattern {pattern!r}: ")
        assert not [word for word in _PYTHON_S if word in told], told
