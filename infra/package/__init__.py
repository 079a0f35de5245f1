"""`make package`: the artifacts that a deployment uploads, the same bytes from the same sources."""
