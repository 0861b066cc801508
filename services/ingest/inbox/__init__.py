"""The inbox: the same payloads as over HTTP, from a Kafka topic, for sources that have no HTTP and for redriving."""
