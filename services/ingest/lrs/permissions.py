"""What a credential may do in the record store, by xAPI's own scopes.

| scope | allows |
|---|---|
| statements/write | send statements |
| statements/read/mine | read the statements sent with this very credential; agents and activities |
| statements/read | read all statements of the source; agents and activities |
| define | say in statements what activities are (the source's canonical definitions) |
| state, profile | read and write the documents |
| all/read | read everything |
| all | everything |

The kinds of learning record are scopes, too: such a key may send statements that mean nothing but those kinds. A
statement whose sender may not define is kept as it is, and teaches nothing about its activities.
Source: xAPI 1.0.3 Communication 4.2.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from services.ingest.problems import Refused
from services.runtime.keys import Credential

Action = Literal[
    "statements/write", "statements/read", "define", "state/write", "state/read", "profile/write", "profile/read"
]
_SCOPES: dict[Action, tuple[str, ...]] = {
    "statements/write": ("statements/write",),
    "statements/read": ("statements/read", "statements/read/mine", "all/read"),
    "define": ("define",),
    "state/write": ("state",),
    "state/read": ("state", "all/read"),
    "profile/write": ("profile",),
    "profile/read": ("profile", "all/read"),
}


def may(credential: Credential, action: Action) -> bool:
    """Whether the credential has a scope for the action."""
    return any(credential.allows(scope) for scope in _SCOPES[action])


def sees_only_own(credential: Credential) -> bool:
    """Whether of its source's statements the credential may read only those sent with it."""
    return not any(credential.allows(scope) for scope in ("statements/read", "all/read"))


def require(credential: Credential, action: Action) -> None:
    """Return when the credential may.

    Raises: Refused with 403.
    """
    if not may(credential, action):
        raise Refused(HTTPStatus.FORBIDDEN, f"this key lacks a scope: {' or '.join(_SCOPES[action])}")
