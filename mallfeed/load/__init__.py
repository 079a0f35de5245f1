"""Loading a plan: the use case of the Glue job, over ports, and its Spark engine."""
