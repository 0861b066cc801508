"""The secret of a stack's links to credentials, kept in its home, so that links outlive a restart of `stepwell up`."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_urlsafe

FILE = "link.secret"
OCTETS = 32


def link_secret(home: Path) -> str:
    """The secret in a home; one is drawn when there is none. Only its owner may read the file."""
    path = home / FILE
    home.mkdir(parents=True, exist_ok=True)
    with (
        suppress(FileExistsError),
        os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file,
    ):
        file.write(token_urlsafe(OCTETS))
    return path.read_text("ascii")
