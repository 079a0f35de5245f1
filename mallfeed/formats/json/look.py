"""How JSON is recognised, and where its records are."""

from __future__ import annotations

import json
import re
from collections import Counter

import ijson

from mallfeed.formats.json.format import KEY, JsonOptions
from mallfeed.formats.json.groups import grouped
from mallfeed.formats.json.maps import objects_of_records
from mallfeed.formats.json.values import Place
from mallfeed.formats.looking import Beginning, Written
from mallfeed.reading.records import MAX_PATH

_BEGINS = re.compile(r'\[\s*[{\]]|\{\s*["}]')
_DEEPEST = 6
_ENOUGH = 200
"""Records after which the array that holds them is known."""


def look(file: Beginning) -> Written | None:
    """JSON where an array or an object begins the text."""
    if not _BEGINS.match(file.text.lstrip()[:2000]):
        return None
    options, why = _layout(file.text, file.is_whole)
    if options.layout == "array" and (
        within := grouped(file.text, options.records_path, file.names)
    ):
        options = options.model_copy(update={"records_path": within})
        why = f"objects in the arrays under `{within}`: what only the objects around them say is not read"
    encoded = options.model_copy(update={"encoding": file.encoding})
    return Written(encoded, (file.encoding_why, why))


def _layout(text: str, whole: bool) -> tuple[JsonOptions, str]:
    """Lines or an array, and the path to it; `text` is the beginning, `whole` = all of it."""
    text = text.lstrip("\ufeff \r\n\t")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lstrip().startswith("{") and _is_json(first):
        lines = [line for line in text.splitlines()[:20] if line.strip()]
        if len(lines) > 1 or not (_arrays(text) or objects_of_records(text, _ENOUGH)):
            return JsonOptions(layout="lines"), "one JSON object a line"
    arrays, objects = _arrays(text), objects_of_records(text, _ENOUGH)
    found = [*((path, count, "array") for path, count in arrays.items())]
    found += ((path, count, "object") for path, count in objects.items())
    if not found:
        return JsonOptions(layout="lines"), "no array of objects was seen"
    path, count, layout = max(
        found, key=lambda one: (min(one[1], _ENOUGH), -one[0].count("."), one[2] == "array")
    )
    many = f"{count}{'' if whole and count < _ENOUGH else ' or more'} objects in an {layout}"
    why = f"{many} under `{path}`" if path else f"{many} at the top"
    if layout == "object":
        why += f"; its keys are the column {KEY}"
    options = {"layout": layout, "records_path": path or None}
    return JsonOptions.model_validate(options), why


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _arrays(text: str) -> dict[str, int]:
    """Dotted path of each array of objects that is in no other array → its objects."""
    found: Counter[str] = Counter()
    place = Place(_further)
    try:
        for event, value in ijson.basic_parse(text.encode()):
            prefix = place.follow(event, value)
            if event == "start_map" and prefix and (prefix == "item" or prefix.endswith(".item")):
                path = prefix[: -len("item")].rstrip(".")
                if "item" not in path.split(".") and path.count(".") < _DEEPEST:
                    found[path] += 1
                    if found[path] >= _ENOUGH:
                        break
    except ijson.JSONError:
        pass  # cut off: what was seen so far counts
    return dict(found)


def _further(before: str, step: str) -> str | None:
    """As far as paths are looked at: a long one would be written out for each value under it."""
    if len(before) + len(step) > MAX_PATH or before.count(".") > _DEEPEST:
        return None
    return f"{before}.{step}" if before else step
