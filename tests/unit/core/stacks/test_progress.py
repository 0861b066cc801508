"""From an evaluation to the contract."""

from __future__ import annotations

from schemas.progress import MissingPart, Progress
from tests.builders.stacks import held, judged


def test_progress_is_as_valid_as_if_it_had_been_checked() -> None:
    """Made without checks, it is what checking its own JSON gives, whole and part."""
    found = judged({"all": [{"award": "a", "name": "first"}, {"count": {"min": 2, "from": ["b", "c"]}}]}, held("b"))
    assert Progress.model_validate_json(found.model_dump_json()) == found
    assert found.model_fields_set == set(Progress.model_fields)
    assert found.missing[0].model_fields_set == set(MissingPart.model_fields)
    complete = judged({"award": "a"}, held("a"))
    assert Progress.model_validate_json(complete.model_dump_json()) == complete
