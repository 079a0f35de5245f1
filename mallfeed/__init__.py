"""mallfeed loads the product feeds of partner malls into OpenSearch and Redshift, automatically."""

__version__ = "0.2.0.dev0"
