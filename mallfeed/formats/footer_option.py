"""What catalogs say of the lines below the last product."""

from __future__ import annotations

MOST_FOOTER_ROWS = 100
FOOTER_ROWS = (
    "Records at the end that are no products, such as a line of totals: up to so many are left out, if they have "
    "other columns than the header, are half blank or begin with a word for a total. They are counted as `footer`."
)
