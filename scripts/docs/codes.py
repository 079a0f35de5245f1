"""docs/codes.md: every code, what it means and what to do, in English and Korean."""

from __future__ import annotations

from mallfeed.product.codes import CODES


def page() -> str:
    """The whole page."""
    parts = [
        "# Codes / 코드표\n",
        "Generated from `mallfeed/product/code_texts.py` by `python -m scripts.docs`; "
        "do not edit.\n",
    ]
    for kind, title in (
        ("reject", "Rejects: the row is not loaded / 거부: 해당 행이 반영되지 않습니다"),
        ("warning", "Warnings: the product is loaded without this value, or with it changed / "
         "경고: 상품은 반영되지만 해당 값이 빠지거나 바뀝니다"),
        ("held", "Held: the whole feed waits, the last good data stays / "
         "보류: 피드 전체가 대기하며 직전 데이터가 유지됩니다"),
    ):  # fmt: skip
        parts.append(f"## {title}\n")
        parts.append("| code | meaning | what to do | 의미 | 조치 |\n|---|---|---|---|---|")
        parts += [
            f"| `{c.name}` | {c.meaning_en} | {c.todo_en} | {c.meaning_ko} | {c.todo_ko} |"
            for c in CODES.values()
            if c.kind == kind
        ]
        parts.append("")
    return "\n".join(parts)
