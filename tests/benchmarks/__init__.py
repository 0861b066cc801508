"""Benchmarks: run as modules, they print what they measured; nothing in them is a timed assertion."""
