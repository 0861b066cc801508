"""Where Faust's services say that they start and stop: under its own name, so that quieting Faust quiets ours, too."""

from __future__ import annotations

import logging

chatter = logging.getLogger("faust.batching")
