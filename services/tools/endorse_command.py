"""`stepwell issuers endorse`: an endorsement credential, verified by the gateway, becomes a voucher."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from services.tools.issuers_command import HERE, Json, Place, store_at


def endorse(source: Path, *, ingest: str | None = None, as_json: Json = False, where: Place = HERE) -> None:
    """Take in a signed endorsement of an issuer or an achievement: an accreditation, a recommendation.

    The gateway verifies it: it must be signed by the key of its own issuer, stand, and have nothing outside the
    signature. It counts while its issuer is registered or trusted here.

    Parameters
    ----------
    source
        A file with an Open Badges EndorsementCredential.
    ingest
        The gateway's URL; by default STEPWELL_INGEST, then the running instance.
    as_json
        The endorsement as one line of JSON.
    """
    from services.runtime.console import errors_in_a_sentence, say
    from services.runtime.instance import address_of
    from services.runtime.verifying import Gateway
    from services.tools.endorsed import endorsement_in
    from services.tools.registry_sources import read

    with errors_in_a_sentence():
        content = read(str(source))
        answer = Gateway(address_of("ingest", ingest)).verify(content, "text/plain")
        found = endorsement_in(content, answer, f"sha-256:{hashlib.sha256(content).hexdigest()}", datetime.now(UTC))
        store_at(where).endorse(found)
        if as_json:
            say(found.model_dump_json(exclude_none=True))
        else:
            say(f"{found.by_name or found.by} endorses {found.about}.")
