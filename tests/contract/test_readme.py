"""What a newcomer copies from the README works."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from services.cli import main_app
from services.ingest.native import records_in

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
OFFLINE = re.findall(r"^stepwell ((?:catalog check|evaluate|explain) .+)$", README, re.MULTILINE)


def test_the_records_of_the_curl_example_are_good() -> None:
    """The gateway takes the body that the README posts."""
    (body,) = re.findall(r"-d '(.+?)'", README, re.DOTALL)
    assert [record.kind for record in records_in(body.encode())] == ["employment", "award"]


def test_the_readme_shows_the_tools_that_need_no_server() -> None:
    """There is something to run before anything is started."""
    assert len(OFFLINE) >= 2


@pytest.mark.parametrize("command", OFFLINE)
def test_a_command_that_needs_no_server_works_as_written(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The paths are right and the tools answer."""
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        main_app()(shlex.split(command, comments=True), exit_on_error=True, result_action="sys_exit_zero")
    assert ended.value.code in {0, None}
    assert capsys.readouterr().out.strip()


def test_the_example_records_complete_one_stack_for_one_worker(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the linked account and the repetition they are one worker, and one stack is complete."""
    monkeypatch.chdir(ROOT)
    command = next(line for line in OFFLINE if line.startswith("evaluate"))
    main_app()(shlex.split(command), exit_on_error=False, result_action="return_value")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["worker_id"] for line in lines} == {"w-1042"}
    assert {line["stack_id"]: line["complete"] for line in lines} == {
        "comptia.cios-stack": True,
        "comptia.csis-stack": False,
        "comptia.csss-stack": False,
    }
