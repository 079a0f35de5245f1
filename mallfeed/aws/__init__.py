"""AWS: boto3 clients, secrets and parameters, and what failures of calls mean."""
