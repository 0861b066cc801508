"""Bodies that only name an event: which may be fetched, from where, and how we say who asks.

What a stranger posts decides nothing but two ids, and only those of an organisation that the operator named. So whoever
finds the path can at most make us fetch, from the sender's own API, an event that is the operator's anyway.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping

from services.ingest.dialects.documents import object_in
from services.ingest.hooks.declared import ClaimHook
from services.runtime.errors import Rejected

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}").fullmatch
_MEMBERS = ("organization_id", "id")


def address_of(hook: ClaimHook, body: bytes) -> str:
    """The URL of the event that a body names.

    Raises: Rejected when it names none, or one that is not to be fetched.
    """
    document = object_in(body)
    ids: dict[str, str] = {}
    for name in _MEMBERS:
        value = document.get(name)
        if not isinstance(value, str) or not _ID(value):
            raise Rejected.because("missing", f"{name} must be the id of a thing of the sender", f"/{name}")
        ids[name] = value
    if ids["organization_id"] not in hook.organizations:
        raise Rejected.because("scope", "this hook takes no events of that organization", "/organization_id")
    return hook.url.replace("{organization_id}", ids["organization_id"]).replace("{id}", ids["id"])


def headers_of(hook: ClaimHook) -> Mapping[str, str]:
    """What the sender's API is told. Raises: OSError when the token cannot be read."""
    accept = {"accept": "application/json"}
    if hook.token_file is None:
        return accept
    token = hook.token_file.read_text("utf-8").strip()
    if hook.authorization == "bearer":
        return {**accept, "authorization": f"Bearer {token}"}
    return {**accept, "authorization": f"Basic {b64encode(f'{token}:'.encode()).decode()}"}
