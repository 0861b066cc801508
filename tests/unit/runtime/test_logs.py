"""One JSON object a line, whoever logs."""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import logging, structlog
from services.runtime.logs import configure
configure("INFO")
structlog.get_logger("ours").info("batch_stored", rows=3)
logging.getLogger("theirs").warning("slow %s", "broker")
logging.getLogger("aiokafka.consumer").info("chatter")
structlog.get_logger("ours").debug("details")
"""


def test_ours_and_theirs_come_out_alike() -> None:
    """Both are JSON on stderr; chatter of libraries and levels below the chosen one are left out."""
    told = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)

    lines = [json.loads(line) for line in told.stderr.splitlines()]

    assert told.stdout == ""
    assert [(line["event"], line["logger"], line["level"]) for line in lines] == [
        ("batch_stored", "ours", "info"),
        ("slow broker", "theirs", "warning"),
    ]
    assert lines[0]["rows"] == 3
