"""One module a format: a stream of bytes into chunks of the raw frame."""
