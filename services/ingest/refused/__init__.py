"""Refusals as rows: what the rejected topic holds, told by source, reason and place, without what was sent."""
