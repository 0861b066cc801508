"""The hooks in force: the operator's file, read again when it has changed, so that a new secret needs no restart.

A change that cannot be followed changes nothing: what was declared before stays in force, and the log says what is
wrong. At the start there is nothing before, so a wrong file is refused then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from services.ingest.hooks.declared import Hook, HooksRefused, declared_hooks

log = structlog.get_logger(__name__)

Hooks = Callable[[], Mapping[str, Hook]]
"""The hooks in force, by name."""


def hooks_in(path: str) -> Hooks:
    """The hooks of a file, as it is each time they are asked for.

    Raises: HooksRefused when the file cannot be followed now.
    """
    return _Followed(path).current


class _Followed:
    def __init__(self, path: str) -> None:
        self._path = path
        self._seen = _stamp(path)
        self._hooks = declared_hooks(path)

    def current(self) -> Mapping[str, Hook]:
        """What the file declares, or declared when it could last be followed."""
        stamp = _stamp(self._path)
        if stamp != self._seen:
            self._seen = stamp
            try:
                self._hooks = declared_hooks(self._path)
                log.info("hooks_read_again", hooks=len(self._hooks))
            except HooksRefused as error:
                log.warning("hooks_left_as_they_were", error=str(error))
        return self._hooks


def _stamp(path: str) -> tuple[int, int, int] | None:
    """What tells one state of a file from another; None while it is not there, or there is none."""
    if not path:
        return None
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
