"""The local stack: the real parts on which this pipeline runs, as processes of this machine."""
