"""Whether a verified document may stand as an endorsement: what the gateway must have answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schemas.registry import Endorsement
from services.core import base64url
from services.core.registries import RegistryFault, endorsement
from services.runtime.errors import Rejected
from services.runtime.verifying import answers_of

MUST_BE_YES = ("proof", "key")
MUST_NOT_BE_NO = ("form", "dates", "status", "uncovered")


def endorsement_in(content: bytes, answer: Mapping[str, Any], digest: str, at: datetime) -> Endorsement:
    """The endorsement that a document is.

    Raises: Rejected when it is none, or an answer about it stands in the way, which is named.
    """
    outcomes = {told.name: told for told in answers_of(answer)}
    for name in MUST_BE_YES:
        if name not in outcomes or outcomes[name].outcome != "yes":
            raise Rejected.because("not_verified", f"{name}: {_why(outcomes.get(name))}")
    for name in MUST_NOT_BE_NO:
        if name in outcomes and outcomes[name].outcome == "no":
            raise Rejected.because("not_verified", f"{name}: {_why(outcomes[name])}")
    try:
        return endorsement(_document(content, answer), digest, at)
    except (ValueError, RegistryFault) as fault:
        raise Rejected.because("not_an_endorsement", str(fault)) from fault


def _document(content: bytes, answer: Mapping[str, Any]) -> Any:
    """What was verified: the document itself, or the credential that a token says.

    Raises: ValueError.
    """
    text = str(answer.get("document") or content.decode()).strip()
    if text.startswith("{"):
        return json.loads(text)
    words = text.partition(".")[2].partition(".")[0]
    claims = json.loads(base64url.decoded(words))
    inner = claims.get("vc") if isinstance(claims, dict) else None
    return {"issuer": claims.get("iss"), **inner} if isinstance(inner, dict) else claims


def _why(told: Any) -> str:
    return "it was not answered" if told is None else told.reason or told.code or told.outcome
