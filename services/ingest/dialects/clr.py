"""Comprehensive Learner Record 2.0: transcripts of many credentials, as JSON or as compact JWS.

Source: https://www.imsglobal.org/spec/clr/v2p0/
"""

from __future__ import annotations

from services.ingest.dialects.credentials.translating import TRANSCRIPT, first_dialect, translated
from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings

NAME = TRANSCRIPT


def speaks(arrival: Arrival) -> bool:
    """Whether the first document is a transcript."""
    return first_dialect(arrival) == NAME


def translate(arrival: Arrival, _meanings: Meanings) -> Translated:
    """The records of what is in the transcripts.

    Raises: Rejected when a document cannot be decoded.
    """
    return translated(arrival)
