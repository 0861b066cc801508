"""Catalogs on disk: a file, or a folder whose files together are one catalog."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from services.core.stacks import CatalogFault, CatalogFaults, CompiledCatalog, compile_texts

SUFFIXES = frozenset({".yaml", ".yml", ".json"})


def catalog_texts(path: Path) -> Mapping[str, str]:
    """The texts of a catalog's files by name (within the folder, or the file's own), in the order of the names.

    Raises: CatalogFaults when there is nothing to read or it is not UTF-8 text.
    """
    texts: dict[str, str] = {}
    faults: list[CatalogFault] = []
    for file in _files(path):
        name = str(file.relative_to(path)) if file != path else file.name
        try:
            texts[name] = file.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(CatalogFault("", f"cannot be read: {error}", name))
    if not texts and not faults:
        faults.append(CatalogFault("", "there is no catalog file (.yaml, .yml, .json) here", str(path)))
    if faults:
        raise CatalogFaults(faults)
    return texts


def catalog_at(path: Path) -> CompiledCatalog:
    """The catalog at a path, compiled.

    Raises: CatalogFaults with every fault of every file.
    """
    return compile_texts(catalog_texts(path))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = (file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    return sorted(file for file in found if not any(part.startswith(".") for part in file.relative_to(path).parts))
