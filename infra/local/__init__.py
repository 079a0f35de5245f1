"""The local stack: the real parts this pipeline runs on, as processes of this machine."""
