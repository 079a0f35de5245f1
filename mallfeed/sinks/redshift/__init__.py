"""The warehouse sink: stage in S3, then one transaction through the Redshift Data API."""
