"""Write the generated documents anew: `python -m scripts.docs`. A test fails while one is behind."""

from __future__ import annotations

from infra.paths import CHECKOUT
from scripts.docs.documents import DOCUMENTS

for name, text in DOCUMENTS.items():
    place = CHECKOUT / name
    new = text()
    if place.read_text("utf-8") != new:
        place.write_text(new, "utf-8")
        print(f"written: {name}")
