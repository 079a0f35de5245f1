"""The OpenSearch sink: one replica of the product table a physical index."""
