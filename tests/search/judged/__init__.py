"""The judged set of product searches: products, queries with graded relevance, completions. See README.md."""

from .judged import Completion, Judged, Query, load

__all__ = ["Completion", "Judged", "Query", "load"]
