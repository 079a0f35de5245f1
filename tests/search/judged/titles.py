"""Listing titles as Korean malls write them: order, script, spacing and noise differ, the article does not."""

from random import Random
from typing import Any

from .amounts import LABELS, written
from .vocabulary import Article, brand_forms, line_forms, shared


def is_latin(text: str) -> bool:
    """Whether nothing in it is Hangul."""
    return not any("가" <= char <= "힣" for char in text)


def of_script(forms: list[str], latin: bool, rng: Random) -> str:
    """A form in the wanted script when there is one, else the usual form."""
    wanted = [form for form in forms if is_latin(form) == latin]
    return rng.choice(wanted or forms[:1])


def _brand(article: Article, style: dict[str, Any], rng: Random) -> str:
    forms = brand_forms(article.brand or "")
    one = of_script(forms, rng.random() < style["latin"], rng)
    others = [form for form in forms if is_latin(form) != is_latin(one)]
    if others and rng.random() < 0.12:
        return rng.choice([f"{one} {others[0]}", f"{one}({others[0]})"])
    return one if rng.random() < 0.6 else forms[0]


def _joined(text: str, style: dict[str, Any], rng: Random) -> str:
    return text.replace(" ", "") if rng.random() < style["joined"] else text


def _line(line: str, style: dict[str, Any], rng: Random) -> str:
    form = of_script(line_forms(line), rng.random() < style["latin"] * 0.8, rng)
    return form if is_latin(form) else _joined(form, style, rng)


def _model(model: str, rng: Random) -> str:
    chance = rng.random()
    if chance < 0.78:
        return model
    if chance < 0.88:
        return model.replace("-", "")
    return model.lower() if chance < 0.94 else model.replace("-", " ")


def _meant_for(article: Article, style: dict[str, Any], rng: Random) -> list[str]:
    """The main product that an accessory fits, as its title says it."""
    of = article.truth.get("of", {})
    words = (
        [of_script(brand_forms(of["brand"]), False, rng)]
        if "brand" in of and rng.random() < 0.5
        else []
    )
    words += [_line(of["line"], style, rng)] if "line" in of else []
    return words + ([_model(of["model"], rng)] if "model" in of else [])


def _amounts(truth: dict[str, Any], rng: Random) -> list[str]:
    return [written(name, truth[name], rng) for name in LABELS if name in truth]


def _noun(article: Article, style: dict[str, Any], rng: Random, needed: bool) -> str:
    nouns = article.kind.nouns
    chosen = nouns[0] if rng.random() < 0.6 else rng.choice(nouns)
    told = needed or rng.random() < article.kind.noun_p
    return _joined(chosen, style, rng) if told else ""


def _parts(
    article: Article, truth: dict[str, Any], style: dict[str, Any], rng: Random
) -> list[str]:
    words = shared("words")
    brand = _brand(article, style, rng) if article.brand and rng.random() < 0.94 else ""
    line = _line(article.line, style, rng) if article.line else ""
    named = article.model and (not article.line or rng.random() < style["model"])
    model = _model(article.model, rng) if named and article.model else ""
    about = (
        [rng.choice(words["who"][truth["who"]])] if "who" in truth and rng.random() < 0.85 else []
    )
    about += list(article.truth.get("has", []))
    noun = _noun(article, style, rng, needed=not article.line)
    about = [word for word in about if word not in f"{line} {noun}"]
    colour = (
        rng.choice(words["colours"][truth["colour"]])
        if "colour" in truth and rng.random() < 0.8
        else ""
    )
    tail = [*_amounts(truth, rng), colour]
    first = [*_meant_for(article, style, rng), line]
    if rng.random() < style["noun_first"]:
        return [noun, brand, *first, model, *about, *tail]
    if rng.random() < 0.2:
        return [brand, *first, *about, noun, *tail, model]
    return [brand, *first, model, *about, noun, *tail]


def title(article: Article, truth: dict[str, Any], style: dict[str, Any], rng: Random) -> str:
    """The listing's title in the mall's style, promotional noise included."""
    noise = shared("words")["noise"]
    core = [part for part in _parts(article, truth, style, rng) if part]
    front = [rng.choice(noise["front"])] if rng.random() < style["noise"] else []
    back = [rng.choice(noise["back"])] if rng.random() < style["noise"] * 0.4 else []
    return " ".join(front + core + back)
