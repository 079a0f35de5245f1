"""Searching products through the alias `products`: what the search API and other consumers call.

`engine.search(client, SearchRequest) -> SearchResult`, `engine.product(client, id) ->
ProductResult | None`, `engine.suggest(client, SuggestRequest) -> SuggestResult`; `client` is an
opensearch-py client. A cursor of another search raises `cursor.CursorInvalid` (a ValueError).

The queries are the templates `product_search`, `product_suggest`, … stored in the cluster beside the
index; this package only prepares their parameters and reads their answers. No AWS in here.
"""
