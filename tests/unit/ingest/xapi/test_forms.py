"""Text formats within statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from services.ingest.dialects.xapi import forms
from services.ingest.dialects.xapi.forms import Wrong

GOOD: dict[Callable[[object], None], list[object]] = {
    forms.iri: ["https://example.org/x", "urn:uuid:1", "act:x", "http://example.org/päth?q=1#f", "block-v1:edX+Demo"],
    forms.uuid: ["4bd9dd82-9c8b-4d3f-a1a5-2ff10b0f21c4", "4BD9DD82-9C8B-4D3F-A1A5-2FF10B0F21C4"],
    forms.mbox: ["mailto:ana@example.org"],
    forms.sha1: ["cd9b00a5611f94eaa7b1661edab976068e364975"],
    forms.language: ["en", "de-CH", "zh-Hant-TW", "cmn", "sl-rozaj-biske", "x-klingon", "i-klingon", "en-a-bbb-x-a"],
    forms.instant: [
        "2026-02-01T09:30:00Z",
        "2026-02-01T09:30:00.123456789+05:30",
        "2026-02-01T09:30",
        "2026-02-01t09:30:00z",
    ],
    forms.duration: ["PT1H", "P3Y1M29DT4H35M59.14S", "P4W", "PT0S", "P1DT0.5H"],
    forms.media_type: ["text/plain", "text/plain; charset=ascii", "application/ld+json"],
}
BAD: dict[Callable[[object], None], list[object]] = {
    forms.iri: ["example.org/x", "", "http:", "ab=c://x.org", "http://a b", None, 5, ["http://x.org"]],
    forms.uuid: ["", "4bd9dd829c8b4d3fa1a52ff10b0f21c4", "4bd9dd82-9c8b-4d3f-a1a5-2ff10b0f21c4a", 5, None],
    forms.mbox: ["ana@example.org", "mailto:example.org", "MAILTO:ana@example.org", None],
    forms.sha1: ["cd9b", "zd9b00a5611f94eaa7b1661edab976068e364975"],
    forms.language: ["", "e", "something-too-long-here", "en_US", "en--US", 5],
    forms.instant: [
        "2026-02-30T00:00:00Z",
        "2026-02-01",
        "2026-02-01T09:30:00-00:00",
        "2026-02-01T09:30:00-00",
        "yesterday",
    ],
    forms.duration: ["", "P", "PT", "P1", "1H", "P1H", "P4W1D", "PT1H ", 3600],
    forms.media_type: ["text", "", 5],
}


@pytest.mark.parametrize("check,value", [(check, value) for check, values in GOOD.items() for value in values])
def test_a_good_text_passes(check: Callable[[object], None], value: object) -> None:
    """What the standards allow is allowed."""
    check(value)


@pytest.mark.parametrize("check,value", [(check, value) for check, values in BAD.items() for value in values])
def test_anything_else_is_wrong(check: Callable[[object], None], value: object) -> None:
    """A text of another form, and a value that is no text, are refused."""
    with pytest.raises(Wrong):
        check(value)


def test_an_instant_is_read_in_utc_whatever_its_offset() -> None:
    """One moment has one value, however it was written; without an offset UTC is taken."""
    expected = datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
    texts = ["2026-02-01T09:30:00Z", "2026-02-01T10:30:00+01:00", "2026-02-01T09:30:00", "2026-02-01T08:00:00-01:30"]
    assert [forms.parse_instant(text) for text in texts] == [expected] * 4
