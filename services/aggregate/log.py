"""The log that the aggregate reads: its names, which life of it this is, and how many partitions it has."""

from __future__ import annotations

from dataclasses import dataclass

from services.aggregate.topics import Names


@dataclass(frozen=True, slots=True)
class Log:
    """One life (epoch) of the records topic, and the topics around it."""

    names: Names
    epoch: int
    partitions: int
