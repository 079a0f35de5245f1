"""The search API: HTTP requests of search consumers → `mallfeed.search` → JSON, and its OpenAPI."""
