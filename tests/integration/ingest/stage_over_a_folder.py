"""The verification stage over documents in a folder: `python -m tests.integration.ingest.stage_over_a_folder FOLDER`.

It is the process as it is, but for where documents come from: an address is the file that its digest names.
"""

from __future__ import annotations

import asyncio
import sys
from hashlib import sha256
from pathlib import Path

from services.ingest.settings import Settings
from services.ingest.verify.fetching import Unreachable
from services.ingest.verify.stage.bootstrap import run


def file_of(folder: Path, url: str) -> Path:
    """Where the document of an address is."""
    return folder / sha256(url.encode()).hexdigest()


def main(folder: Path) -> int:
    """Run the stage; the exit code."""

    def fetch(url: str) -> bytes:
        try:
            return file_of(folder, url).read_bytes()
        except OSError as error:
            raise Unreachable(url, "no_answer") from error

    return asyncio.run(run(Settings(), fetch))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
