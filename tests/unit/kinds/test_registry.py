"""Kinds: what each says of itself is what it does, and other packages' kinds are found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mallfeed.errors import PluginBroken
from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import OF_ALL
from mallfeed.kinds.read import reading_of
from mallfeed.kinds.reading import Context
from mallfeed.kinds.registry import GROUP, KINDS, OWN, Registry
from mallfeed.kinds.sources import Sources
from mallfeed.product.code_texts import RULES
from mallfeed.product.fields import PRODUCT_FIELDS

_MAPPED = [field for field in PRODUCT_FIELDS if field.is_mapped]


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.name)
def test_what_a_kind_holds_are_types_that_can_be_read(kind: Kind[Any]) -> None:
    assert all(KINDS[name].read and KINDS[name].options for name in kind.holds)
    assert (kind.default is None) == (not kind.holds)
    assert kind.default is None or kind.default.type in kind.holds
    if kind.options is not None:
        assert kind.options.model_fields["type"].default == kind.name
        assert bool(kind.read) != bool(kind.finds)


def test_every_canonical_field_is_of_a_kind() -> None:
    assert [field.name for field in PRODUCT_FIELDS if not field.is_mapped] == [
        "attributes",
        "gtins",
        "base_price",
    ]
    assert {field.kind for field in PRODUCT_FIELDS} <= {kind.name for kind in OWN}


def _types(field: CanonicalField) -> list[FieldType]:
    """The types that it holds, with the options that hold by default."""
    kind = KINDS[field.kind]
    assert kind.default is not None
    others = [KINDS[name].options for name in kind.holds if name != kind.default.type]
    return [kind.default, *(one() for one in others if one is not None)]


@pytest.mark.parametrize("field", _MAPPED, ids=lambda field: field.name)
def test_the_problems_that_a_kind_names_are_those_of_its_readings(field: CanonicalField) -> None:
    sources, context = Sources({"cell": "string"}), Context("KRW", "Asia/Seoul", None)
    found = set()
    for type_ in _types(field):
        read = type_.model_copy(update={"source": "cell"})
        reading = reading_of(read, KINDS[field.kind], field, sources, context)
        found |= {problem.kind for problem in (*reading.problems, *reading.also)}
    named = set(KINDS[field.kind].problems)
    assert named <= found <= named | set(RULES.get(field.name, ())) | set(OF_ALL)


Installed = Callable[..., Path]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Puts a package with an entry point, and a module beside it, where Python finds it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(value: str, module: str, text: str) -> Path:
        metadata = tmp_path / "shop_kinds-2.1.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: shop-kinds\nVersion: 2.1\n"
        )
        (metadata / "entry_points.txt").write_text(f"[{GROUP}]\nshade = {value}\n")
        (tmp_path / f"{module}.py").write_text(text)
        return tmp_path

    return install


_SHADE = """
from pathlib import Path
from mallfeed.kinds.kind import Kind
with Path(__file__).with_name("times").open("a") as times:
    times.write("x")
SHADE = Kind(name="{name}")
"""


def test_another_package_s_kind_is_loaded_once_and_only_when_it_is_needed(
    installed: Installed,
) -> None:
    folder = installed("shade_kind:SHADE", "shade_kind", _SHADE.format(name="shade"))
    kinds = Registry(OWN, GROUP)
    assert kinds["text"].name == "text"
    assert not (folder / "times").exists()
    assert kinds["shade"].name == "shade"
    assert list(kinds) == [*(kind.name for kind in OWN), "shade"]
    assert (folder / "times").read_text() == "x"


def test_a_kind_that_nobody_adds_is_none() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        Registry(OWN, GROUP)["nowhere"]


@pytest.mark.parametrize(
    ("module", "text", "told"),
    [
        (
            "shade_gone", "",
            "shop-kinds 2.1: the entry point `shade = shade_gone:SHADE` of group mallfeed.kinds cannot be "
            "loaded: AttributeError: module 'shade_gone' has no attribute 'SHADE'; mend the package or "
            "uninstall it",
        ),
        (
            "shade_wrong", "SHADE = 'a text'",
            "shop-kinds 2.1: the entry point `shade = shade_wrong:SHADE` of group mallfeed.kinds is str, "
            "expected Kind; mend the package or uninstall it",
        ),
        (
            "shade_taken", _SHADE.format(name="text"),
            "the entry point `shade` of group mallfeed.kinds adds the kind `text`, which there is already; "
            "give it another name, or uninstall the package",
        ),
    ],
    ids=["not there", "no kind", "name taken"],
)  # fmt: skip
def test_a_package_that_cannot_be_used_is_named(
    installed: Installed, module: str, text: str, told: str
) -> None:
    installed(f"{module}:SHADE", module, text)
    with pytest.raises(PluginBroken) as refused:
        list(Registry(OWN, GROUP))
    assert str(refused.value) == told
