"""Kafka and ClickHouse without servers to install, and the whole of Stepwell under one command."""
