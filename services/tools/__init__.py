"""Tools: the verbs an operator needs around Kafka, each over kafka-python's own clients."""
