"""The judged set of product searches: products, queries with graded relevance, completions. See README.md."""
