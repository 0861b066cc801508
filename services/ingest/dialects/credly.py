"""Credly's events, as its API tells them: the webhook only names one (services/ingest/hooks/claims.py fetches it).

| event | record |
|---|---|
| badge.created, badge.state.updated, others of a badge that stands | award of the badge template by the organisation |
| badge.deleted, or any of a badge whose state is revoked | revocation of that award |

Events of templates and employees are no records. The earner is the address that the badge was issued to.
Source: Credly Web Service API, https://www.credly.com/docs/webhooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.records import Record
from services.ingest.dialects.building import record_made
from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.documents import object_in
from services.ingest.dialects.forms import Form, form_of, instant_of, json_type, text_of
from services.ingest.dialects.identities import account_of, record_id
from services.ingest.dialects.meanings import Meanings
from services.runtime.errors import Fault, Rejected

NAME = "credly"
HOME_PAGE = "https://www.credly.com"
_EVENT: Mapping[str, Form] = {"id": Form.TEXT, "event_type": Form.TEXT, "occurred_at": Form.INSTANT}
_BADGE: Mapping[str, Form] = {"id": Form.TEXT, "issued_at": Form.INSTANT, "badge_template": Form.MAP}
_REVOKED = "revoked"


def speaks(arrival: Arrival) -> bool:
    """Whether it is an event as the API tells it, or as the webhook names it."""
    told = arrival.first_item
    event = told.get("data") if isinstance(told, dict) and isinstance(told.get("data"), dict) else told
    if not isinstance(event, dict) or not {"id", "event_type", "occurred_at"} <= event.keys():
        return False
    return "organization_id" in event or "organization" in event


def translate(arrival: Arrival, _meanings: Meanings) -> Translated:
    """The record that the event means.

    Raises: Rejected with every fault.
    """
    source = arrival.require_source()
    document = object_in(arrival.payload)
    pointer = "/data" if isinstance(document.get("data"), dict) else ""
    event = document["data"] if pointer else document
    faults = list(_faults(event, _EVENT, pointer))
    if faults:
        raise Rejected(faults)
    if not event["event_type"].startswith("badge."):
        return Translated([], [])
    badge = event.get("badge")
    if badge is None:
        detail = "the event only names a badge; send it to a hook of kind claim_check, which fetches it"
        raise Rejected.because("not_fetched", detail, f"{pointer}/badge")
    faults = list(_badge_faults(badge, f"{pointer}/badge"))
    if faults:
        raise Rejected(faults)
    return Translated([(0, _record(event, badge, source, f"{pointer}/badge"))], [])


def _faults(part: Any, described: Mapping[str, Form], pointer: str) -> Iterator[Fault]:
    if not isinstance(part, dict):
        yield Fault("wrong_type", pointer, f"this must be an object, not {json_type(part)}")
        return
    for name, form in described.items():
        if part.get(name) is None:
            yield Fault("missing", f"{pointer}/{name}", f"{name} is required")
        elif (wrong := form_of(part[name], form)) is not None:
            yield Fault(wrong.code, f"{pointer}/{name}", f"{name} {wrong.detail}")


def _badge_faults(badge: Any, pointer: str) -> Iterator[Fault]:
    yield from _faults(badge, _BADGE, pointer)
    if not isinstance(badge, dict):
        return
    if isinstance(badge.get("badge_template"), dict):
        yield from _faults(badge["badge_template"], {"id": Form.TEXT}, f"{pointer}/badge_template")
    if badge.get("expires_at") is not None and (wrong := form_of(badge["expires_at"], Form.INSTANT)) is not None:
        yield Fault(wrong.code, f"{pointer}/expires_at", f"expires_at {wrong.detail}")
    if _account(badge) is None:
        yield Fault("missing", f"{pointer}/recipient_email", "recipient_email is required: say who earned the badge")


def _account(badge: Mapping[str, Any]) -> dict[str, Any] | None:
    user = badge["user"] if isinstance(badge.get("user"), dict) else {}
    for address in (badge.get("recipient_email"), user.get("email")):
        if isinstance(address, str) and "@" in address:
            found = account_of(f"mailto:{address.strip()}")
            return found if "mbox" in found else None
    name = text_of(user.get("id"), 2048)
    return {"account": {"homePage": HOME_PAGE, "name": name}} if name else None


def _record(event: Mapping[str, Any], badge: Mapping[str, Any], source: str, pointer: str) -> Record:
    common = {
        "record_id": record_id(source, event["id"]),
        "account": _account(badge),
        "occurred_at": instant_of(event["occurred_at"]),
        "dialect": NAME,
        "issuer_id": _organisation(event) or source,
        "award_id": badge["id"],
    }
    if event["event_type"] == "badge.deleted" or badge.get("state") == _REVOKED:
        reason = text_of(badge.get("revocation_reason")) or event["event_type"][:500]
        return record_made({"kind": "revocation", "reason": reason, **common}, pointer)
    template = badge["badge_template"]
    skills = [text for each in _listed(template.get("skills")) if (text := text_of(_name(each), 2048))]
    achievement = {"id": template["id"], "type": "badge", "name": text_of(template.get("name")), "skills": skills}
    members = {
        "kind": "award",
        "achievement": {name: value for name, value in achievement.items() if value},
        "valid_from": instant_of(badge["issued_at"]),
        "valid_until": instant_of(badge.get("expires_at")),
    }
    return record_made({**members, **common}, pointer)


def _organisation(event: Mapping[str, Any]) -> str | None:
    described = event.get("organization")
    stated = described.get("id") if isinstance(described, dict) else event.get("organization_id")
    return text_of(stated, 2048)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _name(skill: Any) -> Any:
    return skill.get("name") if isinstance(skill, dict) else skill
