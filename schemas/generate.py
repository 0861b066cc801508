"""Writes the generated half of the contracts, `json/*.schema.json` and `asyncapi.yaml`, from models and topic files.

`python -m schemas.generate` writes, `--check` only says which files are not what the models make, and exits 1.
The files are committed, so that an integrator without Python reads them, and a reviewer sees a contract change as one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from schemas.asyncapi import asyncapi_document
from schemas.catalog import Catalog
from schemas.progress import Progress
from schemas.records import Record
from schemas.registry import Registries
from schemas.topic import topic_specs

FOLDER = Path(__file__).parent
DIALECT = "https://json-schema.org/draft/2020-12/schema"
CONTRACTS: Mapping[str, tuple[Any, str]] = {
    "record": (Record, "A learning record, as a source sends it and as stepwell.records.v1 holds it."),
    "catalog": (Catalog, "A catalog of achievements and stacks, as written and as stepwell.catalog.v1 holds it."),
    "progress": (Progress, "What a worker has of a stack, as stepwell.progress.v1 holds it."),
    "registry": (Registries, "What is known of issuers, as `stepwell issuers list --json` writes it."),
}
"""File name -> (type, title)."""


class _Plain(GenerateJsonSchema):
    """Without the titles that pydantic makes of the members' names, which say nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the base class's signature
        return False


class _Whole(yaml.SafeDumper):
    """Writes a part that stands in two places twice, where YAML would point from one to the other."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the base class's signature
        return True


def json_schema(contract: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one contract of `CONTRACTS`."""
    type_, title = CONTRACTS[contract]
    made = TypeAdapter(type_).json_schema(schema_generator=_Plain)
    return {"$schema": DIALECT, "$id": f"urn:stepwell:{contract}:v1", **made, "title": title}


def documents() -> dict[str, str]:
    """Every generated file: path below `schemas/` -> text."""
    made = {
        f"json/{name}.schema.json": json.dumps(json_schema(name), indent=2, ensure_ascii=False) + "\n"
        for name in CONTRACTS
    }
    made["asyncapi.yaml"] = yaml.dump(
        asyncapi_document(topic_specs()), Dumper=_Whole, sort_keys=False, allow_unicode=True, width=120
    )
    return made


def drifted(folder: Path = FOLDER) -> list[str]:
    """The generated files below `folder` that are missing or are not what the models make."""
    return [
        name
        for name, text in documents().items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    ]


def write(folder: Path = FOLDER) -> list[str]:
    """Write what has drifted; its names come back."""
    stale = drifted(folder)
    for name in stale:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(documents()[name], "utf-8")
    return stale


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit code comes back."""
    parser = argparse.ArgumentParser(prog="python -m schemas.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file has drifted")
    check = parser.parse_args(arguments).check
    stale = drifted() if check else write()
    for name in stale:
        sys.stdout.write(f"schemas/{name}: {'not what the models make, run `make schemas`' if check else 'written'}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
