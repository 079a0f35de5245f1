"""mallfeed: partner malls' product feeds, loaded into OpenSearch and Redshift by themselves."""

__version__ = "0.2.0.dev0"
