"""A real Apache Kafka for the tests: one KRaft node on the JVM, its jars fetched by Maven as Maven is set up.

`python -m deploy.kafka --fetch` fills the cache; `--check` says whether this machine can run it; without a flag it runs
one until it is stopped, for trying things by hand.
"""
