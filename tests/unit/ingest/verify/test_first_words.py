"""The words of Open Badges as they first were: for whom they are, and that they are others than later."""

from __future__ import annotations

from typing import Any

from services.ingest.verify.contexts import OB, V1, V2, loader_for
from services.ingest.verify.first_words import VOCABULARY

NO_VERSION = f"{OB}context.json"


def terms(*contexts: str) -> Any:
    """The terms of the address that names no version, for a document with these contexts."""
    return loader_for({"@context": list(contexts)}).documents[NO_VERSION]["@context"]


def test_a_credential_of_the_first_data_model_that_names_no_version_means_the_first_words() -> None:
    """As they were when it was signed: an achievement was named by its class, and had no image of its own."""
    first = terms(V1, NO_VERSION)
    assert first["AchievementSubject"]["@context"]["achievement"]["@id"] == f"{VOCABULARY}Achievement"
    assert first["image"]["@type"] == f"{VOCABULARY}Image"
    assert "image" not in first["Achievement"]["@context"]


def test_any_other_means_the_words_of_today() -> None:
    """One of the second data model, and one that names its version, whatever else it names."""
    today = terms(V2, NO_VERSION)
    assert "AchievementSubject" in today
    assert today != terms(V1, NO_VERSION)
    assert terms(V1, f"{OB}context-3.0.1.json") == today
