"""Stepwell's errors, branched by what the caller does next, with the facts as attributes.

`Rejected`: the input is at fault, so answer 4xx or keep it on the rejected topic. `Conflict`: it contradicts what is
already there (409). `Unavailable`: try again later (503, back-off). `Bug`: crash, and let a supervisor restart us.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class StepwellError(Exception):
    """Root of every error that Stepwell raises on purpose."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where (JSON pointer, and index in its batch), a short label, and what to do."""

    code: str
    pointer: str
    detail: str
    index: int | None = None


class Rejected(StepwellError):
    """The input cannot be taken as it is; `faults` (at least one) say what to mend."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.pointer}: {fault.detail}".removeprefix(": ") for fault in self.faults[:3]))

    @classmethod
    def because(cls, code: str, detail: str, pointer: str = "", index: int | None = None) -> Rejected:
        """A rejection for a single fault."""
        return cls((Fault(code, pointer, detail, index),))

    @property
    def first(self) -> Fault:
        """The fault that names the whole rejection where there is room for only one."""
        return self.faults[0]


class Conflict(StepwellError):
    """The input contradicts what is stored under the same id."""

    def __init__(self, subject: str, detail: str) -> None:
        self.subject = subject
        self.detail = detail
        super().__init__(f"{subject}: {detail}")


class Unavailable(StepwellError):
    """Something Stepwell needs does not answer; the same call may succeed after `retry_after_seconds`."""

    def __init__(self, what: str, detail: str, retry_after_seconds: float = 1.0) -> None:
        self.what = what
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"{what}: {detail}")


class Bug(StepwellError):
    """A state that the code promises cannot be: stop rather than go on with wrong data."""
