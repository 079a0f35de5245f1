"""A stand-in for Redshift Serverless behind its Data API.

It takes the SQL that production sends (Redshift's dialect), runs it on PostgreSQL and refuses what
Redshift refuses, so that a local success says something about AWS. Known differences: SUPER is
jsonb (keys in another order, no PartiQL navigation), no distribution, no system tables.

Run: `python -m infra.local.redshift_data PORT` with WAREHOUSE_DSN and AWS_ENDPOINT_URL set.
"""
