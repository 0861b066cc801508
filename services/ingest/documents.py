"""Bytes to JSON values, with every way that can go wrong made one: the bytes are no JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from services.runtime.errors import Rejected

_decode = msgspec.json.Decoder().decode


def decoded(payload: bytes) -> Any:
    """The JSON value of a payload. Text that is not UTF-8 and nesting that exhausts the stack are no JSON here.

    Raises: Rejected with code `invalid_json`.
    """
    try:
        return _decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected.because("invalid_json", f"this is no JSON: {error}") from error
