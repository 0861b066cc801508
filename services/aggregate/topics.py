"""The names under which the aggregate meets the others on Kafka."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from services.runtime import groups, topics

TABLE = "holdings"


@dataclass(frozen=True, slots=True)
class Names:
    """Topics and consumer group of one Stepwell."""

    group: str
    records: str
    catalog: str
    progress: str
    rejected: str

    @classmethod
    def under(cls, prefix: str) -> Self:
        """The names with a prefix; "" for the plain ones."""
        return cls(
            group=prefix + groups.AGGREGATE,
            records=prefix + topics.RECORDS,
            catalog=prefix + topics.CATALOG,
            progress=prefix + topics.PROGRESS,
            rejected=prefix + topics.REJECTED,
        )
