"""What a credential may do in the record store, by xAPI's own scopes.

| scope | allows |
|---|---|
| statements/write | send statements |
| statements/read, statements/read/mine | read the source's own statements, agents and activities |
| state, profile | read and write the documents |
| all/read | read everything |
| all | everything |

The kinds of learning record are scopes, too: such a key may send statements that mean nothing but those kinds.
Source: xAPI 1.0.3 Communication 4.2.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from services.ingest.problems import Refused
from services.runtime.keys import Credential

Action = Literal["statements/write", "statements/read", "state/write", "state/read", "profile/write", "profile/read"]
_SCOPES: dict[Action, tuple[str, ...]] = {
    "statements/write": ("statements/write",),
    "statements/read": ("statements/read", "statements/read/mine", "all/read"),
    "state/write": ("state",),
    "state/read": ("state", "all/read"),
    "profile/write": ("profile",),
    "profile/read": ("profile", "all/read"),
}


def may(credential: Credential, action: Action) -> bool:
    """Whether the credential has a scope for the action."""
    return any(credential.allows(scope) for scope in _SCOPES[action])


def require(credential: Credential, action: Action) -> None:
    """Return when the credential may.

    Raises: Refused with 403.
    """
    if not may(credential, action):
        raise Refused(HTTPStatus.FORBIDDEN, f"this key lacks a scope: {' or '.join(_SCOPES[action])}")
