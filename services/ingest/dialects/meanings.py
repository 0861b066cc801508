"""What the catalog in force says of the ids that dialects meet: the seam between dialects and `services.core.mappings`.

Records keep the ids of their sources (docs/decisions/0040-mappings-are-applied-when-judging.md). A dialect asks only
whether an id means anything, so as to keep what it would otherwise leave out: the completion of a video, a score.
"""

from __future__ import annotations

from services.core.mappings import NO_MAPPINGS as EMPTY_MEANINGS
from services.core.mappings import Mappings as Meanings
from services.core.mappings import Meant
from services.core.mappings import mappings_of as meanings_of

__all__ = ["EMPTY_MEANINGS", "Meanings", "Meant", "meanings_of"]
