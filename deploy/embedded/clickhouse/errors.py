"""ClickHouse's error codes as exceptions, and the HTTP status that a server answers each of them with."""

from __future__ import annotations

import re

BAD_ARGUMENTS = 36
NOT_IMPLEMENTED = 48
SYNTAX_ERROR = 62
UNKNOWN_SETTING = 115
READONLY = 164
SESSION_NOT_FOUND = 372
SESSION_IS_LOCKED = 373
AUTHENTICATION_FAILED = 516
UNKNOWN_EXCEPTION = 1002

NAMES = {
    BAD_ARGUMENTS: "BAD_ARGUMENTS",
    NOT_IMPLEMENTED: "NOT_IMPLEMENTED",
    SYNTAX_ERROR: "SYNTAX_ERROR",
    UNKNOWN_SETTING: "UNKNOWN_SETTING",
    READONLY: "READONLY",
    SESSION_NOT_FOUND: "SESSION_NOT_FOUND",
    SESSION_IS_LOCKED: "SESSION_IS_LOCKED",
    AUTHENTICATION_FAILED: "AUTHENTICATION_FAILED",
    UNKNOWN_EXCEPTION: "UNKNOWN_EXCEPTION",
}

# Source: exceptionCodeToHTTPStatus in ClickHouse's src/Server/HTTP/exceptionCodeToHTTPStatus.cpp.
CODES_OF_STATUS = {
    400: (6, 25, 26, 27, 36, 38, 41, 42, 43, 53, 62, 69, 70, 72, 117, 131, 321, 456, 457),
    401: (194,),
    403: (192, 193, 291, 497, 512, 516),
    404: (46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 336, 372),
    408: (159,),
    423: (373,),
    501: (48,),
    503: (202, 209, 439),
}
STATUS_OF_CODE = {code: status for status, codes in CODES_OF_STATUS.items() for code in codes}

_ENGINE_MESSAGE = re.compile(r"Code: (\d+)\. ", re.DOTALL)


class ClickHouseError(Exception):
    """What a server would answer with; `message` is the whole line that a client shows."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code."""
        return STATUS_OF_CODE.get(self.code, 500)


def refusal(code: int, reason: str) -> ClickHouseError:
    """An error of the front's own, worded as a server words its own."""
    return ClickHouseError(code, f"Code: {code}. DB::Exception: {reason} ({NAMES[code]})")


def from_engine(error: BaseException) -> ClickHouseError:
    """The error that chDB raised, with the code that it carries only in its text."""
    text = str(error)
    found = _ENGINE_MESSAGE.search(text)
    if found is None:
        return refusal(UNKNOWN_EXCEPTION, f"{type(error).__name__}: {text}")
    return ClickHouseError(int(found[1]), text[found.start() :].rstrip())
