"""Styles, scripts and the icon: read once, served under a name that changes with their content, cached for a year.

All share one digest in their path, so that a script's relative import finds the script of the same release. The chart
library is not ours to keep in the repository: `chart_library` makes it (offline) from the vl-convert wheel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Final

LIBRARY: Final = "vega.js"
"""The chart library's name among the assets."""

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    media_type: str


class Assets:
    """The dashboard's own files by name, and the chart library, which is read when first asked for."""

    def __init__(self, own: Mapping[str, bytes], library: Callable[[], bytes], library_version: str) -> None:
        self._own = own
        self._library = library
        content = sha256(library_version.encode())
        for name in sorted(own):
            content.update(name.encode() + own[name])
        self.digest = content.hexdigest()[:12]

    def url(self, name: str) -> str:
        """Where the asset is: an absolute path."""
        return f"/static/{self.digest}/{name}"

    def find(self, digest: str, name: str) -> Asset | None:
        """The asset, None when there is none of that name in this release. May block while the library is made."""
        ending = name[name.rfind(".") :]
        if digest != self.digest or ending not in _TYPES:
            return None
        body = self._library() if name == LIBRARY else self._own.get(name)
        return Asset(body, _TYPES[ending]) if body is not None else None


def own_files() -> dict[str, bytes]:
    """The files of the package's `static` folder by name."""
    return {
        file.name: file.read_bytes() for file in (files("services.dashboard") / "static").iterdir() if file.is_file()
    }
