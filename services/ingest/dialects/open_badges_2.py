"""Open Badges 2.0: assertions, as JSON or as compact JWS; what else an issuer publishes is no record.

Source: https://www.imsglobal.org/spec/ob/v2p0/
"""

from __future__ import annotations

from services.ingest.dialects.credentials.translating import OPEN_BADGES_2, first_dialect, translated
from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings

NAME = OPEN_BADGES_2


def speaks(arrival: Arrival) -> bool:
    """Whether the first document is an assertion, or another object of Open Badges 2.0."""
    return first_dialect(arrival) == NAME


def translate(arrival: Arrival, _meanings: Meanings) -> Translated:
    """The records that the assertions mean.

    Raises: Rejected when a document cannot be decoded.
    """
    return translated(arrival)
