"""CTDL Pathways: a stack read from Credential Engine's JSON-LD, or written in it.

What one side can say and the other cannot is told, member by member; nothing is dropped in silence. Source: CTDL
Handbook, Pathways (ceterms:Pathway, ceterms:PathwayComponent, ceterms:ComponentCondition, ceterms:Constraint).
"""

from __future__ import annotations

from services.core.ctdl.exporting import exported
from services.core.ctdl.importing import NotAPathwayError, imported
from services.core.ctdl.lost import Lost

__all__ = ["Lost", "NotAPathwayError", "exported", "imported"]
