"""xAPI statements as native records, by the table in docs/: the verbs of real LMSs, nothing else of interest.

Written apart from ingest's own translation on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.demo.reckoning.facts import need

_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
_VERBS = {
    "http://adlnet.gov/expapi/verbs/completed": ("completion", True),
    "http://id.tincanapi.com/verb/uncompleted": ("completion", False),
    "http://adlnet.gov/expapi/verbs/passed": ("success", True),
    "http://adlnet.gov/expapi/verbs/failed": ("success", False),
}
"""What is stated of an attempt, and how it went. Completing an attempt and passing it are told apart."""
_ACHIEVED = "https://w3id.org/xapi/tla/verbs/achieved"
_FORFEITED = "https://w3id.org/xapi/tla/verbs/forfeited"


def record_of(statement: Mapping[str, Any], source: str) -> dict[str, Any] | None:
    """The native record that the statement amounts to; None when its verb is not one of ours.

    Raises:
        Refused: not a statement.
    """
    verb, activity = _id_of(statement.get("verb")), _id_of(statement.get("object"))
    common = {"account": _account(statement.get("actor")), "occurred_at": statement.get("timestamp")}
    scaled = ((statement.get("result") or {}).get("score") or {}).get("scaled", 0)
    need(isinstance(scaled, int | float) and abs(scaled) <= 1)
    if "id" in statement:
        common["record_id"] = statement["id"]
    if verb in _VERBS:
        return {"kind": "completion", **common, **_attempt(statement, *_VERBS[verb])}
    if verb == _ACHIEVED:
        return {"kind": "award", **common, "achievement": _achievement(statement["object"])}
    if verb == _FORFEITED:
        return {"kind": "revocation", **common, "issuer_id": source, "award_id": activity}
    return None


def _attempt(statement: Mapping[str, Any], what: str, went_well: object) -> dict[str, Any]:
    result, context = statement.get("result") or {}, statement.get("context") or {}
    return {
        "achievement": _achievement(statement["object"]),
        "success": result.get("success", went_well),
        "score": result.get("score"),
        "attempt_id": f"{context.get('registration')}/{what}",
    }


def _achievement(activity: Mapping[str, Any]) -> dict[str, Any]:
    kind = (activity.get("definition") or {}).get("type")
    return {"id": activity["id"]} | ({"type": kind.split("/")[-1]} if kind else {})


def _account(actor: Any) -> dict[str, Any]:
    need(isinstance(actor, Mapping))
    return {name: actor[name] for name in _IDENTIFIERS if name in actor}


def _id_of(part: Any) -> str:
    need(isinstance(part, Mapping) and isinstance(part.get("id"), str))
    return str(part["id"])
