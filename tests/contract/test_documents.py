"""What the documents say exists, exists: links, files, commands, targets."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from services.cli import VERBS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path
    for path in {*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/**/README.md")}
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
REPOSITORY_PATH = re.compile(r"^(?:schemas|services|deploy|tests|docs|catalogs)/[\w./*{},-]*$")
NAMED_FILE = re.compile(
    r"(?<![\w./-])((?:schemas|services|deploy|tests|docs|catalogs)/[\w./-]+\.(?:py|md|yaml|sql|json|svg))\b"
)
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
VERB = re.compile(r"\bstepwell ([a-z]+)")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _tracked() -> list[Path]:
    """Every file that git tracks and that is there."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=True, timeout=60
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def _anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _code(text: str) -> list[str]:
    """All code of a document: spans and the lines of blocks."""
    blocks = re.findall(r"^```.*?\n(.*?)^```|((?:^    .+\n)+)", text, re.MULTILINE | re.DOTALL)
    return [*CODE.findall(text), *(line for block in blocks for part in block for line in part.splitlines())]


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    """A link to a file or a heading that is not there is a promise broken."""
    for pair in LINK.findall(document.read_text("utf-8")):
        link = pair[0] or pair[1]
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (document.parent / file).resolve() if file else document
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    """Documents name files by path; code that moves takes its documents along."""
    for span in _code(document.read_text("utf-8")):
        if REPOSITORY_PATH.match(span):
            assert _matches(span), span


def _matches(span: str) -> bool:
    braces = re.fullmatch(r"(.*)\{([^}]*)\}(.*)", span)
    if braces:
        before, names, after = braces.groups()
        return all(_matches(before + name + after) for name in names.split(","))
    return any(ROOT.glob(span.rstrip("/")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_target_that_a_document_names_is_in_the_makefile(document: Path) -> None:
    """`make X` in a document works."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {target for span in _code(document.read_text("utf-8")) for target in TARGET.findall(span)}
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_verb_that_a_document_names_is_a_verb(document: Path) -> None:
    """`stepwell X` in a document works."""
    named = {verb for span in _code(document.read_text("utf-8")) for verb in VERB.findall(span)}
    assert named <= set(VERBS)


def test_every_file_that_code_and_comments_name_exists() -> None:
    """Comments and settings name files by path, too."""
    texts = [path for path in _tracked() if path.suffix in {".py", ".toml", ".yaml", ".sql"}]
    named = {(_name(path), file) for path in texts for file in NAMED_FILE.findall(path.read_text("utf-8"))}
    assert [(where, file) for where, file in sorted(named) if not (ROOT / file).exists()] == []


def test_nothing_in_the_tree_names_a_machine_or_a_package_host() -> None:
    """The tree builds anywhere: no path of one machine, no address packages are fetched from."""
    forbidden = re.compile(
        rb"/(?:work|root)/|/home/\w|(?:pypi|pythonhosted|npmjs|jsdelivr|unpkg)\.(?:org|com|net)|repo1?\.maven|docker\.io"
    )
    found = [_name(path) for path in _tracked() if path != Path(__file__) and forbidden.search(path.read_bytes())]
    assert found == []
