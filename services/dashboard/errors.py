"""What the dashboard refuses, each with the HTTP status that says so.

All are `Rejected`: the request is at fault, and the faults say what to change.
"""

from __future__ import annotations

from typing import ClassVar

from services.runtime.errors import Fault, Rejected


class Refused(Rejected):
    """A request that is answered with `status`."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "Bad request"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__((Fault(code, "", detail),))


class NotSignedIn(Refused):
    """No credential, or one that no longer stands."""

    status = 401
    title = "Not signed in"

    def __init__(self) -> None:
        super().__init__("not_signed_in", "Sign in with an employer token.")


class Forbidden(Refused):
    """The credential is good, but not for this."""

    status = 403
    title = "Forbidden"


class NotFound(Refused):
    """Nothing of that name that this employer may see; whether others may is not told."""

    status = 404
    title = "Not found"

    def __init__(self, what: str) -> None:
        super().__init__("not_found", f"There is no such {what} among your current workers.")


class TooMany(Refused):
    """Too many at once, or too many in a minute."""

    status = 429
    title = "Too many requests"
