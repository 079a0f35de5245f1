"""The product table: the truth. An Iceberg table partitioned by mall; sinks are its replicas."""
