"""Aggregate: keeps each worker's holdings and progress, and writes both to ClickHouse.

The only service that holds state; everything in it can be computed again from `stepwell.records.v1`.
"""
