"""The file formats that a feed can have, one folder each; `registry.BUILT_IN` is their list."""
