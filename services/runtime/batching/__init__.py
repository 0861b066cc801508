"""A Faust transport and table for batches: Faust keeps groups, rebalances and recovery; batches make it fast and safe.

The theory of operation is in `consumer`. Use: `build_app`, an agent on a topic with `BatchSchema` that reads
`stream.noack()` and calls `batch.complete()`, a `BatchTable`, `serve`. Everything here relies on private names of
faust-streaming 0.15.3 and aiokafka 0.14; `tests/contract/faust/test_faust_names.py` pins them.
"""
