"""What every xAPI request has: a version, a credential, parameters.

Source: xAPI 1.0.3 Communication 3.3 (version), 4.0 (authentication).
"""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus
from typing import NamedTuple

from fastapi import Request, Response

from services.ingest.gate import Gate
from services.ingest.lrs.completion import instant_text
from services.ingest.lrs.store import Store
from services.runtime.errors import Rejected
from services.runtime.keys import Credential

VERSION_HEADER = "X-Experience-API-Version"
CONSISTENT_THROUGH = "X-Experience-API-Consistent-Through"
VERSIONS = ("1.0.3", "2.0.0")


class Asked(NamedTuple):
    """A request admitted: who asks, in which version, with which parameters."""

    credential: Credential
    is_version_2: bool
    parameters: list[tuple[str, str]]

    @property
    def tenant(self) -> str:
        """Whose statements and documents it is about."""
        return self.credential.owner


async def asked(request: Request, gate: Gate) -> Asked:
    """The request, admitted. The version comes first: a client that leaves it out does not speak xAPI.

    Raises: Rejected, Refused, Unavailable.
    """
    version = request.headers.get(VERSION_HEADER, "")
    if not f"{version}.".startswith(("1.0.", "2.0.")):
        raise Rejected.because("version", f"send the header {VERSION_HEADER}: 1.0.3 (or another 1.0.x, or 2.0.x)")
    credential = await gate.admit(request)
    return Asked(credential, version.startswith("2."), request.query_params.multi_items())


def consistent(response: Response, store: Store, tenant: str, newest: int = 0) -> Response:
    """The response, saying up to when it is complete; `newest`: the last storing of what it holds, in microseconds.

    One statement that can be read means that all which were stored before can be, as they are stored in one order.
    Source: xAPI 1.0.3 Communication 2.1.3.s2.b5.
    """
    response.headers[CONSISTENT_THROUGH] = instant_text(max(store.following.through(tenant), newest))
    return response


def http_date(microseconds: int) -> str:
    """An instant as HTTP writes it."""
    return formatdate(microseconds // 1_000_000, usegmt=True)


def no_content() -> Response:
    """The answer that has nothing to say."""
    return Response(status_code=HTTPStatus.NO_CONTENT)
