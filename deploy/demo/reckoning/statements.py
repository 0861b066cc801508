"""xAPI statements as native records, by the table in docs/: the verbs of real LMSs, nothing else of interest.

Written apart from ingest's own translation on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.demo.reckoning.facts import need

_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
_ATTEMPTS = {
    "http://adlnet.gov/expapi/verbs/passed": True,
    "http://adlnet.gov/expapi/verbs/failed": False,
    "http://adlnet.gov/expapi/verbs/completed": True,
}
_ACHIEVED = "http://activitystrea.ms/achieve"
_FORFEITED = "http://id.tincanapi.com/verb/forfeited"


def record_of(statement: Mapping[str, Any], source: str) -> dict[str, Any] | None:
    """The native record that the statement amounts to; None when its verb is not one of ours.

    Raises:
        Refused: not a statement.
    """
    verb, activity = _id_of(statement.get("verb")), _id_of(statement.get("object"))
    common = {"account": _account(statement.get("actor")), "occurred_at": statement.get("timestamp")}
    if "id" in statement:
        common["record_id"] = statement["id"]
    if verb in _ATTEMPTS:
        return {"kind": "completion", **common, "success": _ATTEMPTS[verb], **_attempt(statement, activity)}
    if verb == _ACHIEVED:
        return {"kind": "award", **common, "achievement": {"id": activity}}
    if verb == _FORFEITED:
        return {"kind": "revocation", **common, "issuer_id": source, "award_id": activity}
    return None


def _attempt(statement: Mapping[str, Any], activity: str) -> dict[str, Any]:
    result, context = statement.get("result") or {}, statement.get("context") or {}
    stated = {name: result[name] for name in ("success", "score") if name in result}
    return {"achievement": {"id": activity}, "attempt_id": context.get("registration"), **stated}


def _account(actor: Any) -> dict[str, Any]:
    need(isinstance(actor, Mapping))
    return {name: actor[name] for name in _IDENTIFIERS if name in actor}


def _id_of(part: Any) -> str:
    need(isinstance(part, Mapping) and isinstance(part.get("id"), str))
    return str(part["id"])
