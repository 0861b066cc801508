"""Builders of domain values for tests: name only what the test is about, the rest is filled in plausibly."""
