"""What every service shares: clients, settings, logging, processes. The only importers of Kafka and ClickHouse clients."""
