"""The `stepwell` command: every verb loads and explains itself."""

from __future__ import annotations

import pytest
from cyclopts import App

from services.cli import VERBS, main_app


def _sub_verbs(app: App) -> list[str]:
    return [name for name in app if not name.startswith("-")]


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_says_what_it_does_and_what_it_takes(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`stepwell VERB --help` works without any server, and so does the help of each verb below it."""
    app = main_app()
    for command in [[verb], *([verb, below] for below in _sub_verbs(app[verb]))]:
        app([*command, "--help"], exit_on_error=False, result_action="return_value")
        page = capsys.readouterr().out
        assert f"Usage: stepwell {' '.join(command)}" in page
        assert len(page.splitlines()) > 2


def test_help_of_the_command_lists_every_verb_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """`stepwell --help` is the list of what there is."""
    main_app()(["--help"], exit_on_error=False, result_action="return_value")
    page = " ".join(capsys.readouterr().out.split())
    for verb, (_, sentence) in VERBS.items():
        assert verb in page
        assert sentence.split(",")[0][:30] in page
