"""Commands that messages say are pasted into a shell: what others call things is one word there, and nothing runs."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.paths import CHECKOUT
from mallfeed.cli.main import Commands
from mallfeed.shell import command, word
from mallfeed.visible import visible_line

ODD = (
    "plain.csv", "한글 이름.csv", "sp ace'q\"uote.csv", "s/${env:HOME} $(id).csv", "`id`.csv", "a;id|b&c>d<e.csv", "~root.csv",
    "*.csv", "{a,b}.csv", "=ls", "!!.csv", "#a", "", "back\\slash.csv", "line\nmall: evil.csv", "tab\tit's \\n.csv",
    "esc\x1b]0;t\x07.csv", "\u202eflip.csv", "\x85next.csv", "\udcffnot-utf-8.csv", "zero\u200bwidth.csv", "\U000e0041",
)  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_a_shell_reads_it_as_one_word(name: str) -> None:
    asked = f"printf '%s|' {word(name)}"
    done = subprocess.run(["bash", "-c", asked], check=True, capture_output=True)
    assert done.stdout.decode("utf-8", "surrogateescape") == f"{name}|"


@pytest.mark.parametrize("name", ODD)
def test_it_is_printed_in_one_line_as_it_is(name: str) -> None:
    assert visible_line(word(name)) == word(name)


def test_plain_words_stay_plain() -> None:
    assert command("mallfeed catalog preview", Path("a/v1.yaml"), "--feed", Path("b/x.csv")) == (
        "mallfeed catalog preview a/v1.yaml --feed b/x.csv"
    )


def test_a_file_is_no_option() -> None:
    assert command("mallfeed put", Path("-dash.csv")) == "mallfeed put ./-dash.csv"
    assert shlex.split(command("x", Path("- a.csv"), "--wait")) == ["x", "./- a.csv", "--wait"]


COMMAND = re.compile(
    rf"mallfeed ({'|'.join(Commands.places)})\b[^`.;:()]*$|(?<!-)--[a-z][a-z-]*[ =]$"
)
"""A text that goes on with what is put into it, as a word of a command."""
NO_WORD = ("command(", "word(")


def told_without_quotes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, expression) of every value that stands in a command as it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = ""
            for part in node.values:
                if isinstance(part, ast.Constant):
                    text += str(part.value)
                elif isinstance(part, ast.FormattedValue):
                    said = ast.unparse(part.value)
                    quoted = part.conversion == ord("r")  # what was given, shown
                    if COMMAND.search(text) and not quoted and not said.startswith(NO_WORD):
                        yield node.lineno, said
                    text += "X"


@pytest.mark.parametrize("room", ["mallfeed", "lambdas", "glue_jobs"])
def test_every_command_in_a_message_quotes_its_words(room: str) -> None:
    assert not [
        (str(path.relative_to(CHECKOUT)), *one)
        for path in sorted((CHECKOUT / room).rglob("*.py"))
        for one in told_without_quotes(ast.parse(path.read_text("utf-8")))
    ]


def test_a_command_without_quotes_is_found() -> None:
    tree = ast.parse('f"Next: mallfeed put {file} --mall {mall}"; f"{command(1)} --key {key}"')
    assert [said for _, said in told_without_quotes(tree)] == ["file", "mall", "key"]
