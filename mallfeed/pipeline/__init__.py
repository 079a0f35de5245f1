"""The one place where ports are connected to their adapters, for each kind of process in a stack.

There are several modules because the zip of a Lambda contains no Spark: `front` is imported by the Lambdas
and the command line, `loading` and `maintaining` by the Glue jobs.
"""
