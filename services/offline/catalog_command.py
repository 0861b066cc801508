"""`stepwell catalog`: check, show and apply catalogs."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import orjson
from cyclopts import App, Parameter

from services.core.ctdl.lost import Lost
from services.core.stacks import CatalogFault, CatalogFaults, CompiledCatalog, compile_texts
from services.core.stacks.load import doubtful
from services.offline.catalog_files import catalog_at, catalog_texts
from services.runtime.where import HERE, Place

app = App(name="catalog", help="Check, apply, show, import and export catalogs of stacks.")
app.command("services.offline.meaning_command:meaning", name="meaning", help="What achievements stand for.")
FAULTY = 1
"""Exit code when a catalog has faults."""
UNREADABLE = 2
"""Exit code when there is nothing to work on."""

Json = Annotated[bool, Parameter(name="--json", negative="")]


@app.command
def check(path: Path, *, as_json: Json = False) -> int:
    """Print every fault of a catalog with its place and reason; exit code 1 if there is any.

    What is likely a slip but might be meant is a doubt: it is told, and refuses nothing. Doubtful are rules that leave
    each other too few achievements, and sums beyond what the catalog offers.

    Parameters
    ----------
    path
        A catalog file (YAML or JSON), or a folder whose files together are one catalog.
    as_json
        Print one JSON object: ok, faults and doubts (file, path, reason), and how much the catalog holds.
    """
    try:
        texts = catalog_texts(path)
        catalog = compile_texts(texts)
    except CatalogFaults as faults:
        _print_faults(faults, as_json=as_json)
        return FAULTY
    _print_sizes(catalog, doubtful(texts), as_json=as_json)
    return 0


@app.command
def show(path: Path, *, as_json: Json = False) -> int:
    """Print the stacks of a catalog: id, version, title, and which achievement each awards.

    Parameters
    ----------
    path
        A catalog file (YAML or JSON), or a folder whose files together are one catalog.
    as_json
        Print JSON, one stack a line.
    """
    try:
        catalog = catalog_at(path)
    except CatalogFaults as faults:
        _print_faults(faults, as_json=as_json)
        return FAULTY
    for stack in (version for stack_id in sorted(catalog.families) for version in catalog.families[stack_id]):
        document = stack.document
        if as_json:
            sys.stdout.write(document.model_dump_json(by_alias=True, exclude_unset=True) + "\n")
        else:
            awards = f"  -> {document.awards}" if document.awards else ""
            sys.stdout.write(f"{stack.id} ({stack.version})  {document.title or ''}{awards}\n")
    return 0


@app.command
def apply(
    path: Path,
    *,
    kafka: str | None = None,
    where: Place = HERE,
    as_json: Json = False,
) -> int:
    """Put a catalog in force, whole or not at all: it replaces the one of the same id.

    Parameters
    ----------
    path
        A catalog file (YAML or JSON), or a folder whose files together are one catalog.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    as_json
        Print one JSON object: ok, catalog_id, and how much the catalog holds.
    """
    from services.offline.applying import apply_catalog
    from services.runtime.clickhouse import unavailable
    from services.runtime.console import errors_in_a_sentence
    from services.runtime.instance import address_of

    try:
        catalog = catalog_at(path)
    except CatalogFaults as faults:
        _print_faults(faults, as_json=as_json)
        return FAULTY
    with errors_in_a_sentence(), unavailable():
        client = where.connect()
        apply_catalog(catalog, kafka=address_of("kafka", kafka), client=client, version=time.time_ns() // 1000)
    _print_applied(catalog, as_json=as_json)
    return 0


def _print_faults(faults: CatalogFaults, *, as_json: bool) -> None:
    if as_json:
        told = list(map(_told, faults.faults))
        sys.stdout.write(orjson.dumps({"ok": False, "faults": told}).decode() + "\n")
        return
    sys.stdout.write(f"{faults}\n")


def _told(fault: CatalogFault) -> dict[str, str]:
    return {"file": fault.file, "path": fault.path, "reason": fault.reason}


@app.command(name="import")
def import_ctdl(path: Path) -> int:
    """Read the CTDL Pathways of a JSON-LD file and print them as a catalog; what cannot be carried goes to stderr.

    Parameters
    ----------
    path
        A JSON-LD file with a ceterms:Pathway and its components.
    """
    from services.core.ctdl import NotAPathwayError, imported

    try:
        document, lost = imported(orjson.loads(path.read_bytes()))
    except (OSError, NotAPathwayError, orjson.JSONDecodeError) as error:
        sys.stderr.write(f"{path}: {error}\n")
        return UNREADABLE
    _print_lost(lost)
    sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0


@app.command(name="export")
def export_ctdl(path: Path, *, stack: str) -> int:
    """Print a stack as a CTDL Pathway in JSON-LD; what cannot be carried goes to stderr.

    Parameters
    ----------
    path
        A catalog file (YAML or JSON), or a folder whose files together are one catalog.
    stack
        The id of the stack.
    """
    from services.core.ctdl import exported

    try:
        catalog = catalog_at(path)
    except CatalogFaults as faults:
        _print_faults(faults, as_json=False)
        return FAULTY
    if stack not in catalog.families:
        sys.stderr.write(f"the catalog has no stack {stack}\n")
        return UNREADABLE
    document, lost = exported(catalog.stack(stack).document, catalog)
    _print_lost(lost)
    sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0


def _print_lost(lost: Iterable[Lost]) -> None:
    for one in lost:
        sys.stderr.write(f"not carried: {one}\n")


def _print_applied(catalog: CompiledCatalog, *, as_json: bool) -> None:
    sizes = _sizes(catalog)
    if as_json:
        sys.stdout.write(orjson.dumps({"ok": True, "catalog_id": catalog.document.id, **sizes}).decode() + "\n")
        return
    sys.stdout.write(
        f"{catalog.document.id} is in force: {sizes['achievements']} achievements, {sizes['stacks']} stacks.\n"
    )


def _sizes(catalog: CompiledCatalog) -> dict[str, int]:
    return {
        "achievements": len(catalog.achievements),
        "stacks": sum(len(family) for family in catalog.families.values()),
    }


def _print_sizes(catalog: CompiledCatalog, doubts: Sequence[CatalogFault], *, as_json: bool) -> None:
    sizes = _sizes(catalog)
    if as_json:
        told = {"ok": True, "faults": [], "doubts": list(map(_told, doubts)), **sizes}
        sys.stdout.write(orjson.dumps(told).decode() + "\n")
        return
    sys.stdout.write(f"No faults: {sizes['achievements']} achievements, {sizes['stacks']} stacks.\n")
    sys.stdout.writelines(f"doubtful: {doubt}\n" for doubt in doubts)
