"""Open Badges 3.0: AchievementCredentials, as JSON or as compact JWS, and endorsements, which are no records.

Source: https://www.imsglobal.org/spec/ob/v3p0/
"""

from __future__ import annotations

from services.ingest.dialects.credentials.documents import JWS_TYPES
from services.ingest.dialects.credentials.translating import OPEN_BADGES, first_dialect, translated
from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings

NAME = OPEN_BADGES


def speaks(arrival: Arrival) -> bool:
    """Whether the first document is a credential with a subject that is no transcript, or headers say it is a token."""
    dialect = first_dialect(arrival)
    return dialect == NAME or (dialect is None and arrival.media_type in JWS_TYPES)


def translate(arrival: Arrival, _meanings: Meanings) -> Translated:
    """The records that the credentials mean.

    Raises: Rejected when a document cannot be decoded.
    """
    return translated(arrival)
