"""`mallfeed simulate` as typed: what it prints and writes, what it refuses; docs/capacity.md is current."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mallfeed.cli.main import app
from mallfeed.cli.simulate import document
from mallfeed.simulate import show
from mallfeed.simulate.outcome import Outcome
from mallfeed.simulate.profile import bundled_profile
from mallfeed.simulate.simulate import Question, simulate

pytestmark = pytest.mark.seconds

DOCUMENT = Path(__file__).parents[3] / "docs" / "capacity.md"


@pytest.fixture(scope="module")
def days() -> list[Outcome]:
    known = bundled_profile("default")
    limits = known.dispatch_limits()
    return [
        simulate(Question(known, malls, limits, grouping=way))
        for malls in (100, 1000)
        for way in (True, False)
    ]


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["simulate", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.stdout


def _refused(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["simulate", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    return " ".join(word for word in result.output.split() if word not in "│╭╮╰╯─")


def _tables(text: str) -> Iterator[list[list[str]]]:
    for block in text.split("\n\n"):
        lines = [line for line in block.strip().splitlines() if line.startswith("|")]
        if lines:
            yield [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_document_says_what_a_simulation_says_now(days: list[Outcome]) -> None:
    """`mallfeed simulate … --into docs/capacity.md` renews it (the command stands in it)."""
    held = list(_tables(DOCUMENT.read_text("utf-8").partition(show.BEGIN)[2]))
    table, uses, *_ = held
    assert table[2:] == [list(row) for row in show.rows(days)]
    named = [show.named(one) for one in days]
    assert table[0][1:] == named
    in_document = {row[0]: row[2:4] for row in uses[2:]}
    shared = [one for one in days if one.grouping]
    assert in_document == {row[0]: list(row[2:]) for row in show.use_rows(shared)}


def test_a_document_without_marks_is_refused_and_one_with_them_renewed(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# A\n", "utf-8")
    assert "lacks <!-- simulate: begin -->" in _refused("--malls", "3", "--into", str(file))
    file.write_text(f"# A\n\n{show.BEGIN}\nold\n{show.END}\n\nrest\n", "utf-8")
    _run("--malls", "3", "--into", str(file))
    text = file.read_text("utf-8")
    assert "old" not in text
    assert text.startswith(f"# A\n\n{show.BEGIN}\n")
    assert text.endswith(f"{show.END}\n\nrest\n")
    assert "| feeds per day |" in text


def test_the_document_says_what_a_change_every_minute_costs() -> None:
    known = bundled_profile("every_minute")
    outcome = simulate(Question(known, 1, known.dispatch_limits()))
    told = [
        name
        for name in show.rows([outcome])
        if f"| {name[0]} | {name[1]} |" in DOCUMENT.read_text("utf-8")
    ]
    names = ("runs per day", "DPU-hours per day", "arrival to searchable, p50", "all, $ per day")
    assert {name for name, _ in told} >= set(names), show.rows([outcome])


def test_json_has_every_figure() -> None:
    told = json.loads(_run("--malls", "5", "--malls", "9", "--json"))
    assert [(one["malls"], one["grouping"]) for one in told] == [
        (5, True), (5, False), (9, True), (9, False),
    ]  # fmt: skip
    assert {
        "runs_a_day",
        "dpu_hours_a_day",
        "dollars",
        "waits",
        "most_waiting",
        "queue",
        "uses",
    } <= set(told[0])
    assert told[0]["dollars_a_day"] == pytest.approx(sum(told[0]["dollars"].values()))


def test_ten_times_the_malls_are_reported_with_the_other_limits() -> None:
    told = json.loads(
        _run("--malls", "4", "--grouping", "on", "--ten-times", "--then", "max_runs=9", "--json")
    )
    assert [(one["malls"], one["note"]) for one in told] == [
        (4, ""), (40, ""), (40, "other limits"),
    ]  # fmt: skip
    runs = [{use["what"]: use["there_is"] for use in one["uses"]} for one in told]
    assert [one["Glue runs at once"] for one in runs] == [4, 4, 9]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("--limit", "runs=3"),
            "`runs=3`; expected NAME=NUMBER, NAME one of max_runs, max_workers",
        ),
        (("--limit", "max_runs=0"), "max_runs=0: Input should be greater than or equal to 1"),
        (("--then", "max_runs=9"), "expected with --ten-times only"),
        (
            ("--ten-times", "--then", "max_runs=many"),
            "max_runs=many: Input should be a valid integer",
        ),
        (("--plot", "a.pdf"), "a.pdf: expected FILE.svg or FILE.png"),
        (("--malls", "0"), "'--malls': Input should be greater than or equal to 1"),
        (("--profile", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_an_invalid_question_is_refused_with_a_hint(arguments: tuple[str, ...], told: str) -> None:
    assert told in _refused(*arguments)


def test_a_faulty_profile_is_reported_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("name: x\nmals: []\n", "utf-8")
    result = CliRunner().invoke(app, ["simulate", "--profile", str(file)])
    assert str(result.exception) == (
        f"{file}:1:1: `malls` is missing; expected `malls:`\n"
        f"{file}:2:1: `mals` is not a key here; did you mean `malls`?"
    )


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_the_plot_is_the_same_file_for_the_same_seed(ending: str, tmp_path: Path) -> None:
    first, second = (tmp_path / f"{n}.{ending}" for n in (1, 2))
    for file in (first, second):
        _run("--malls", "5", "--plot", str(file))
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_size > 5000


def test_a_day_without_feeds_costs_what_is_paid_for_anyway(tmp_path: Path) -> None:
    plot = tmp_path / "nothing.svg"
    arguments = ("--malls", "1", "--days", "0.01", "--grouping", "on", "--json")
    (told,) = json.loads(_run(*arguments, "--plot", str(plot)))
    assert (told["feeds"], told["runs_a_day"], told["dollars"]["Glue"]) == ({}, 0, 0)
    assert told["dollars"]["OpenSearch"] > 0
    assert plot.exists()


def test_the_terminal_shows_the_rows_that_the_document_has(days: list[Outcome]) -> None:
    shown = _run("--malls", "100")
    for cells in show.rows(days[:2]):
        assert [cell for cell in cells if cell not in shown] == []
    assert "Prices of ap-northeast-2, as of" in shown
    assert document(days[:2], []).count("| feeds per day |") == 1
