"""Loading a plan: the use case behind the Glue job, written against ports, and its Spark engine."""
