"""The product table, the source of truth: an Iceberg table partitioned by mall. The sinks are its replicas."""
