"""What could not be carried from one form to the other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lost:
    """One thing that was left behind: where it stood (a node's id, or a rule's path), what it was, and why."""

    where: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.where or '/'}: {self.what}: {self.why}"
