"""Envelopes of the Sensor API: whether one is whole, and what is in it.

Source: Caliper 1.2, section 5.2 (envelope), 6.1 (what an endpoint answers).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.ingest.dialects.caliper.shapes import CONTEXTS, is_understood
from services.ingest.dialects.forms import Form, form_of, json_type
from services.ingest.dialects.payloads import Document
from services.runtime.errors import Fault, Rejected

UNSUPPORTED = "unsupported_version"
"""Code of the fault for a `dataVersion` that is not understood: 422."""
_MEMBERS: Mapping[str, Form] = {
    "sensor": Form.TEXT,  # which should be an IRI, and is a bare UUID where Blackboard sends it
    "sendTime": Form.INSTANT,
    "dataVersion": Form.TEXT,
    "data": Form.ARRAY,
}


def is_envelope(document: Any) -> bool:
    """Whether a document is meant as an envelope: it has at least two of its members."""
    return isinstance(document, dict) and sum(name in document for name in _MEMBERS) > 1


def opened(document: Any) -> list[Document]:
    """What is in an envelope.

    Raises: Rejected with every fault of the envelope; code `unsupported_version` when only its version is at fault.
    """
    if not isinstance(document, dict):
        detail = f"send an envelope: an object with {', '.join(_MEMBERS)}, not {json_type(document)}"
        raise Rejected.because("wrong_type", detail)
    faults = list(_faults(document))
    if faults:
        raise Rejected(faults)
    if not is_understood(document["dataVersion"]):
        detail = f"dataVersion must be {' or '.join(CONTEXTS)}"
        raise Rejected.because(UNSUPPORTED, detail, "/dataVersion")
    return [Document(value, f"/data/{place}") for place, value in enumerate(document["data"])]


def _faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    for name, form in _MEMBERS.items():
        if name not in document:
            yield Fault("missing", f"/{name}", f"{name} is required; add it")
        elif (wrong := form_of(document[name], form)) is not None:
            yield Fault(wrong.code, f"/{name}", f"{name} {wrong.detail}")
