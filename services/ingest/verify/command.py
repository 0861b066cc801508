"""`stepwell verify`: what can be said of a credential, step by step, with no server at all."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from schemas.registry import Registries
from services.core.registries import RegistryFault, registries_from, seen
from services.core.trust import Answer
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.fetching import Unreachable, fetched, offline
from services.ingest.verify.key_history import known_keys, note_keys
from services.ingest.verify.verifier import Verified, Verifier
from services.runtime.console import errors_in_a_sentence, say, say_json
from services.runtime.errors import Rejected, Unavailable
from services.runtime.instance import home_of

QUESTIONS = {
    "form": "It is a credential",
    "proof": "It is unchanged since it was signed",
    "key": "The issuer's own key signed it",
    "issuer": "The issuer is registered",
    "status": "It was not taken back",
    "dates": "It is in force",
    "subject": "It is about this worker",
    "endorsements": "Others vouch for it",
    "evidence": "It comes with evidence",
    "uncovered": "Everything in it is signed",
}
_WORDS = {True: "yes", False: "NO", None: "unknown"}


@errors_in_a_sentence()
def verify(
    source: str,
    *,
    at: datetime | None = None,
    registry: Path | None = None,
    subject: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    offline_: Annotated[bool, Parameter(name="--offline")] = False,
    json: bool = False,
) -> int:
    """Verify a credential: JSON, a compact JWS, or a PNG or SVG with one of these baked in.

    Separate answers and no overall verdict. The exit code is 1 when an answer is no (missing evidence apart), else 0.
    Keys that issuers' documents name are remembered in the home folder, where there is one.

    Parameters
    ----------
    source
        A file, an https address, or - for standard input.
    at
        The instant that is asked about; now, unless given.
    registry
        What `stepwell issuers list --json` wrote, or a registry's own list.
    subject
        Ids (DIDs, e-mail addresses as mailto:) of the worker whom it should be about.
    offline_
        Fetch nothing: what issuers' documents and status lists would say is unknown.
    json
        Print the answers as JSON.
    """
    moment = (at or datetime.now(UTC)).replace(tzinfo=at.tzinfo if at and at.tzinfo else UTC)
    canonicaliser = Canonicaliser()
    try:
        verifier = Verifier(offline if offline_ else fetched, canonicaliser, _registries(registry))
        verified = verifier.verify(_content(source), moment, frozenset(subject))
        note_keys(home_of(), verified.seen)
    finally:
        canonicaliser.close()
    if json:
        say_json(verified.as_json())
    else:
        _say(verified)
    wrong = [name for name, one in _answers(verified) if one.answer is False and name != "evidence"]
    return 1 if wrong else 0


def _registries(path: Path | None) -> Registries:
    """What the file says, and the keys that were seen before."""
    try:
        told = Registries() if path is None else registries_from(path.read_bytes(), path.stem)
    except RegistryFault as error:
        raise Rejected.because("registry", f"{path}: {error}") from error
    return told.model_copy(update={"keys": seen(told.keys, known_keys(home_of()))})


def _content(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    if source.startswith("https://"):
        try:
            return fetched(source)
        except Unreachable as error:
            raise Unavailable("The credential", str(error)) from error
    return Path(source).read_bytes()


def _answers(verified: Verified) -> list[tuple[str, Answer]]:
    return [(name, getattr(verified.answers, name)) for name in QUESTIONS]


def _say(verified: Verified, indent: str = "") -> None:
    claims = verified.claims
    title = claims["name"] or claims["type"] or "A credential"
    say(f"{indent}{title}, by {claims['issuer_name'] or claims['issuer'] or 'nobody'} (trust tier {verified.tier})")
    for name, one in _answers(verified):
        say(f"{indent}  {QUESTIONS[name] + '?':38} {_WORDS[one.answer]:8} {one.detail}")
    for part in verified.parts:
        _say(part, indent + "    ")
