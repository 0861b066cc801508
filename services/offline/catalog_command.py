"""`stepwell catalog`: check, show and apply catalogs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import orjson
from cyclopts import App, Parameter

from services.core.stacks import CatalogFaults, CompiledCatalog
from services.offline.catalog_files import catalog_at

app = App(name="catalog", help="Check, apply and show catalogs of stacks.")
FAULTY = 1
"""Exit code when a catalog has faults."""

Json = Annotated[bool, Parameter(name="--json", negative="")]


@app.command
def check(path: Path, *, as_json: Json = False) -> int:
    """Print every fault of a catalog with its place and reason; exit code 1 if there is any.

    Parameters
    ----------
    path
        A catalog file (YAML or JSON), or a folder whose files together are one catalog.
    as_json
        Print one JSON object: ok, faults (file, path, reason), and how much the catalog holds.
    """
    try:
        catalog = catalog_at(path)
    except CatalogFaults as faults:
        _print_faults(faults, as_json=as_json)
        return FAULTY
    _print_sizes(catalog, as_json=as_json)
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


def _print_faults(faults: CatalogFaults, *, as_json: bool) -> None:
    if as_json:
        told = [{"file": fault.file, "path": fault.path, "reason": fault.reason} for fault in faults.faults]
        sys.stdout.write(orjson.dumps({"ok": False, "faults": told}).decode() + "\n")
        return
    sys.stdout.write(f"{faults}\n")


def _print_sizes(catalog: CompiledCatalog, *, as_json: bool) -> None:
    stacks = sum(len(family) for family in catalog.families.values())
    if as_json:
        sizes = {"ok": True, "faults": [], "achievements": len(catalog.achievements), "stacks": stacks}
        sys.stdout.write(orjson.dumps(sizes).decode() + "\n")
        return
    sys.stdout.write(f"No faults: {len(catalog.achievements)} achievements, {stacks} stacks.\n")
