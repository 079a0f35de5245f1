"""What all tests share."""

from tests.local_parts import aws, local_stack, opensearch, stack, warehouse

__all__ = ["aws", "local_stack", "opensearch", "stack", "warehouse"]
