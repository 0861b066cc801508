"""The chart library: Vega, Vega-Lite and Vega-Embed in one script, made offline from the vl-convert wheel.

Made once (a second or two) into a folder that is not in the repository, and read from there ever after. Run as
`python -m services.dashboard.chart_library` at set-up to have it before the first start.
"""

from __future__ import annotations

import os
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Final

from services.dashboard.settings import Settings

_SNIPPET: Final = "window.vegaEmbed = vegaEmbed;"
_making = Lock()


def version() -> str:
    """What the script's content depends on, told without loading 80 MB of native module: the wheel's version."""
    return metadata.version("vl-convert-python")


def make(home: Path) -> Path:
    """The script's file under `home`, made if it is not there. Atomic: a reader finds a whole file or none."""
    path = home / "assets" / f"vega-{version()}.js"
    with _making:
        if not path.exists():
            _write(path)
    return path


def _write(path: Path) -> None:
    import vl_convert  # noqa: PLC0415 - a native module of 80 MB, wanted this once

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(vl_convert.javascript_bundle(_SNIPPET), encoding="utf-8")
    part.replace(path)


@lru_cache(maxsize=1)
def read(home: Path) -> bytes:
    """The script itself."""
    return make(home).read_bytes()


def main() -> None:
    """Make the script where the settings say."""
    make(Settings().home)


if __name__ == "__main__":
    main()
