"""`stepwell issuers keys`: our own issuing keys, made, rotated and retired; the private halves never leave home."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from services.runtime.where import HERE, Place

if TYPE_CHECKING:
    from services.runtime.issuing import Keyring

app = App(name="keys", help="The keys that credentials are issued with, kept in STEPWELL_HOME.")

Json = Annotated[bool, Parameter(name="--json", negative="")]


@app.command
def new(did: str, *, name: str, url: str | None = None, as_json: Json = False) -> None:
    """Become an issuer: make the first key. The DID document is published with the first credential, or by rotating.

    Parameters
    ----------
    did
        The issuer's name, such as did:web:college.example or did:web:college.example:it; the dashboard, behind
        that host, serves the document.
    name
        What the issuer is called in credentials.
    url
        The issuer's page.
    as_json
        The DID document as one line.
    """
    import secrets

    from services.core.issuing import Issuer
    from services.runtime.console import errors_in_a_sentence
    from services.runtime.errors import Conflict
    from services.runtime.instance import home_of
    from services.runtime.issuing import Keyring
    from services.runtime.issuing.keyring import FILE_NAME

    with errors_in_a_sentence():
        if (home_of() / FILE_NAME).exists():
            raise Conflict(str(home_of() / FILE_NAME), "there are keys already: rotate them")
        ring = Keyring.new(Issuer(did, name, url), datetime.now(UTC), secrets.token_bytes)
        ring.save(home_of())
        _tell(ring, as_json)


@app.command
def rotate(
    *,
    retire: str | None = None,
    as_json: Json = False,
    where: Place = HERE,
) -> None:
    """Make a new key that signs from now on, and publish the DID document with it.

    Parameters
    ----------
    retire
        A key that is good no more, such as key-1 after it was lost: what it signed is not believed any longer.
    as_json
        The DID document as one line.
    """
    import secrets

    from services.runtime.console import errors_in_a_sentence
    from services.runtime.instance import home_of
    from services.runtime.issuing import Keyring
    from services.runtime.issuing.office import office_of

    with errors_in_a_sentence():
        client = where.connect()
        ring = Keyring.load(home_of()).rotated(datetime.now(UTC), secrets.token_bytes)
        if retire is not None:
            ring = ring.retired(retire, datetime.now(UTC))
        ring.save(home_of())
        office_of(client, ring).publish()
        _tell(ring, as_json)


@app.command(name="list")
def list_keys(*, as_json: Json = False) -> None:
    """List the keys, without their private halves.

    Parameters
    ----------
    as_json
        The DID document as one line.
    """
    from services.runtime.console import errors_in_a_sentence
    from services.runtime.instance import home_of
    from services.runtime.issuing import Keyring

    with errors_in_a_sentence():
        _tell(Keyring.load(home_of()), as_json)


def _tell(ring: Keyring, as_json: bool) -> None:
    from services.core.issuing import did_document, document_url
    from services.runtime.console import say, say_json, say_table

    did = ring.issuer.did
    if as_json:
        say_json(did_document(did, (key.public for key in ring.standing)))
        return
    rows = [
        {"key": one.fragment, "made": one.created_at, "retired": one.retired_at, "public": one.public.multikey}
        for one in ring.keys
    ]
    say_table(("key", "made", "retired", "public"), rows)
    say(f"{did} is served at {document_url(did)}")
