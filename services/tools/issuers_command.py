"""`stepwell issuers`: whom to believe about issuers, from registries and by one's own decision."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from services.runtime.where import Where

if TYPE_CHECKING:
    from schemas.registry import Registry
    from services.runtime.registries import RegistryStore

app = App(name="issuers", help="Registries of issuers, decisions about them, and Stepwell's own issuing keys.")

app.command("services.tools.issuing_keys_command:app", name="keys")
app.command("services.tools.endorse_command:endorse", name="endorse")

Json = Annotated[bool, Parameter(name="--json", negative="")]


@dataclass(frozen=True, slots=True)
class Registered(Where):
    """Where the registries are: in a running Stepwell, or in a file."""

    registry: Path | None = None
    """A registry file instead of the running Stepwell; it is made if it is not there."""


Place = Annotated[Registered, Parameter(name="*")]
HERE = Registered()


@app.command(name="list")
def list_issuers(*, as_json: Json = False, where: Place = HERE) -> None:
    """List registries in the order of their authority, decisions, and how many keys were seen.

    Parameters
    ----------
    as_json
        The whole as one JSON document, which `stepwell verify --registry FILE` reads.
    """
    from services.runtime.console import errors_in_a_sentence, say, say_table

    with errors_in_a_sentence():
        known = store_at(where).load()
        if as_json:
            say(known.model_dump_json(exclude_defaults=True))
            return
        rows = [
            {"registry": one.id, "kind": one.kind, "issuers": len(one.issuers), "until": one.expires_at}
            for one in known.registries
        ]
        say_table(("registry", "kind", "issuers", "until"), rows)
        for one in known.decisions:
            say(f"{'trusted' if one.trusted else 'distrusted'}  {one.issuer}  {one.reason or ''}".rstrip())
        for held in known.endorsements:
            say(f"endorsed  {held.about}  by {held.by_name or held.by}")
        say(f"{len(known.keys)} keys seen")


@app.command
def trust(
    issuer: str,
    *,
    name: str | None = None,
    reason: str | None = None,
    by: str | None = None,
    as_json: Json = False,
    where: Place = HERE,
) -> None:
    """Trust an issuer, whatever registries say.

    Parameters
    ----------
    issuer
        Its DID or https URL, as credentials name it.
    name
        What it is called.
    reason
        Why.
    by
        Who decides.
    as_json
        The decision as one line of JSON.
    """
    _decide(where, as_json, issuer=issuer, trusted=True, name=name, reason=reason, by=by)


@app.command
def distrust(
    issuer: str,
    *,
    name: str | None = None,
    reason: str | None = None,
    by: str | None = None,
    as_json: Json = False,
    where: Place = HERE,
) -> None:
    """Trust an issuer no more, whatever registries say.

    Parameters
    ----------
    issuer
        Its DID or https URL, as credentials name it.
    name
        What it is called.
    reason
        Why.
    by
        Who decides.
    as_json
        The decision as one line of JSON.
    """
    _decide(where, as_json, issuer=issuer, trusted=False, name=name, reason=reason, by=by)


@app.command(name="import")
def import_registry(
    source: str,
    *,
    name: str | None = None,
    first: Annotated[bool, Parameter(negative="")] = False,
    anchor_keys: Path | None = None,
    as_json: Json = False,
    where: Place = HERE,
) -> None:
    """Take a registry in, or read it again: a DCC-style list, Stepwell's own form, or an OpenID Federation.

    Parameters
    ----------
    source
        A file or https URL. With --anchor-keys: the URL of a federation's trust anchor, or a file of trust chains.
    name
        What the registry is called; by default the file's name or the URL.
    first
        Ask it before the others; a new one is asked after them otherwise.
    anchor_keys
        A file with the trust anchor's JWKS, which you have from the anchor itself.
    as_json
        One line: {"registries": {NAME: number of issuers}, "left_out": [...]}.
    """
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.tools.registry_sources import read_source

    with errors_in_a_sentence():
        found = read_source(source, name, anchor_keys, datetime.now(UTC))
        store = store_at(where)
        for one in reversed(found.known.registries) if first else found.known.registries:
            store.put(one, is_first=first)
        for decision in found.known.decisions:
            store.decide(decision)
        store.note(found.known.keys)
        for endorsement in found.known.endorsements:
            store.endorse(endorsement)
        if as_json:
            say_json({"registries": _sizes(found.known.registries), "left_out": found.left_out})
            return
        for title, size in _sizes(found.known.registries).items():
            say(f"{title}: {size} issuers")
        for line in found.left_out:
            say(f"left out: {line}")


@app.command
def remove(
    name: str,
    *,
    as_json: Json = False,
    where: Place = HERE,
) -> None:
    """Take a registry away.

    Parameters
    ----------
    name
        What it is called.
    as_json
        One line: {"removed": true or false}.
    """
    from services.runtime.console import errors_in_a_sentence, say, say_json

    with errors_in_a_sentence():
        removed = store_at(where).remove(name)
        if as_json:
            say_json({"removed": removed})
        else:
            say(f"{name} is removed." if removed else f"There is no registry {name}.")


def _decide(where: Registered, as_json: bool, **decided: Any) -> None:
    """Note what was decided now."""
    from schemas.registry import Decision
    from services.runtime.console import errors_in_a_sentence, say

    decision = Decision(**decided, decided_at=datetime.now(UTC))
    with errors_in_a_sentence():
        store_at(where).decide(decision)
        if as_json:
            say(decision.model_dump_json(exclude_none=True))
        else:
            say(f"{decision.issuer} is {'trusted' if decision.trusted else 'not trusted any more'}.")


def store_at(where: Registered) -> RegistryStore:
    """The store of a place. Raises: Unavailable when there is neither a file nor a running Stepwell."""
    from services.runtime.registries import FileStore, TableStore

    if where.registry is not None:
        return FileStore(where.registry)
    return TableStore(where.connect(), _version)


def _version() -> int:
    return time.time_ns() // 1000


def _sizes(registries: tuple[Registry, ...]) -> dict[str, Any]:
    return {one.id: len(one.issuers) for one in registries}
