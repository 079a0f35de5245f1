"""The one place where ports meet their adapters: what a process of a stack is made of.

Three modules instead of one, since a Lambda's zip holds no Spark: `front` is imported by the Lambdas and
the command line, `loading` and `maintaining` by the Glue jobs.
"""
