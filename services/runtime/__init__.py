"""What the services share: clients, settings, logs, processes. The only importers of Kafka and ClickHouse clients."""
