"""`stepwell issue`: a completed stack as a credential that anybody can verify; and taking one back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from services.runtime.where import HERE, Place, Where

if TYPE_CHECKING:
    from services.runtime.issuing.issued import IssuedCredential, Office

app = App(name="issue", help="Issue completed stacks as Open Badges 3.0 credentials, and revoke them.")

Json = Annotated[bool, Parameter(name="--json", negative="")]


@app.default
def issue(
    *,
    worker: str,
    stack: str,
    subject: str | None = None,
    jwt: Annotated[bool, Parameter(negative="")] = False,
    as_json: Json = False,
    where: Place = HERE,
) -> None:
    """Issue a stack that a worker has completed here, with the evidence behind it. Issuing again gives the same.

    Parameters
    ----------
    worker
        The worker's id.
    stack
        The stack's id.
    subject
        Whom the credential is made out to: a DID, or mailto:ADDRESS, which is written as a salted hash. The worker's
        own id when not given.
    jwt
        Print the credential as a VC-JWT instead of JSON with a Data Integrity proof.
    as_json
        One line: {"credential_id", "credential", "jwt", "status_list", "status_index"}.
    """
    from orjson import OPT_INDENT_2, dumps

    from services.offline.issuing import completed_here
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.issuing.issued import document_of

    with errors_in_a_sentence():
        completed = completed_here(worker, stack, where)
        issued = _office(where).issue(completed, subject or worker)
        document = document_of(issued)
        if as_json:
            say_json(_told(issued) | {"credential": document, "jwt": issued.token})
        elif jwt:
            say(issued.token)
        else:
            sys.stdout.write(dumps(document, option=OPT_INDENT_2).decode() + "\n")


@app.command
def revoke(
    credential: str,
    *,
    reason: str = "",
    as_json: Json = False,
    where: Place = HERE,
) -> None:
    """Take a credential back: its bit in the status list is set and published.

    Parameters
    ----------
    credential
        The credential's id, urn:uuid:...
    reason
        Why; kept here, not published.
    as_json
        One line: {"credential_id", "status_list", "status_index", "revoked_at"}.
    """
    from services.runtime.console import errors_in_a_sentence, say, say_json

    with errors_in_a_sentence():
        issued = _office(where).revoke(credential, reason)
        if as_json:
            say_json(_told(issued))
        else:
            say(f"{issued.credential_id} is revoked.")


@app.command(name="list")
def list_issued(*, as_json: Json = False, where: Place = HERE) -> None:
    """List the credentials that were issued here, the newest first.

    Parameters
    ----------
    as_json
        One line, an array.
    """
    from services.runtime.console import errors_in_a_sentence, say_json, say_table

    with errors_in_a_sentence():
        rows = [_told(one) for one in _office(where).all()]
        if as_json:
            say_json(rows)
        else:
            say_table(("credential_id", "worker_id", "stack_id", "issued_at", "revoked_at"), rows)


def _told(issued: IssuedCredential) -> dict[str, object]:
    names = ("credential_id", "worker_id", "stack_id", "issued_at", "status_list", "status_index", "revoked_at")
    return {name: getattr(issued, name) for name in names}


def _office(where: Where) -> Office:
    from services.runtime.instance import home_of
    from services.runtime.issuing import Keyring
    from services.runtime.issuing.office import office_of

    return office_of(where.connect(), Keyring.load(home_of()))
