"""Every example of `schemas/examples` against every contract: the models and the committed JSON Schemas must agree."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import TypeAdapter, ValidationError

import schemas
from schemas.generate import CONTRACTS
from schemas.records import KINDS

FOLDER = Path(schemas.__file__).parent
EXAMPLES = FOLDER / "examples"
VALID = sorted(EXAMPLES.glob("*/valid/*.json"))
INVALID = sorted(EXAMPLES.glob("*/invalid/*.json"))
FORMATS = FormatChecker(formats=["uuid"])


@FORMATS.checks("date-time")
def _is_rfc3339(value: object) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", str(value)) is not None


def _name(path: Path) -> str:
    return f"{path.parts[-3]}-{path.stem}"


def _adapter(contract: str) -> TypeAdapter[Any]:
    return TypeAdapter(CONTRACTS[contract][0])


def _json_schema(contract: str) -> Draft202012Validator:
    schema = json.loads((FOLDER / "json" / f"{contract}.schema.json").read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=FORMATS)


def _pointers(error: ValidationError) -> set[str]:
    """Where the faults lie, in the document's own words: pydantic's branch of a union is not a member."""
    return {_pointer(fault["loc"], fault["type"]) for fault in error.errors(include_url=False)}


def _pointer(place: tuple[int | str, ...], fault: str) -> str:
    if fault.startswith("union_tag"):
        return "/kind"
    members = place[1:] if place and place[0] in KINDS else place
    return "".join(f"/{member}" for member in members if not str(member).startswith("~"))


@pytest.mark.parametrize("path", VALID, ids=_name)
def test_a_valid_example_is_taken_by_model_and_json_schema_and_survives_a_round_trip(path: Path) -> None:
    """What the examples show as right is right in both forms of the contract, and comes out as it went in."""
    contract = path.parts[-3]
    taken = _adapter(contract).validate_json(path.read_bytes())
    again = _adapter(contract).validate_json(_adapter(contract).dump_json(taken, by_alias=True, exclude_unset=True))
    assert again == taken
    assert list(_json_schema(contract).iter_errors(json.loads(path.read_bytes()))) == []


@pytest.mark.parametrize("path", VALID, ids=_name)
@pytest.mark.parametrize("contract", sorted(CONTRACTS))
def test_an_example_fits_no_contract_but_its_own(path: Path, contract: str) -> None:
    """Contracts are closed, so that a message on the wrong topic is refused and not half read."""
    fits_json_schema = _json_schema(contract).is_valid(json.loads(path.read_bytes()))
    assert fits_json_schema is (contract == path.parts[-3])


@pytest.mark.parametrize("path", INVALID, ids=_name)
def test_an_invalid_example_is_refused_at_the_pointer_it_names(path: Path) -> None:
    """The model names the faulty member, and JSON Schema refuses whatever JSON Schema can say."""
    contract, example = path.parts[-3], json.loads(path.read_bytes())
    with pytest.raises(ValidationError) as refusal:
        _adapter(contract).validate_json(json.dumps(example["value"]))
    assert _pointers(refusal.value) == {example["pointer"]}
    assert _json_schema(contract).is_valid(example["value"]) is not example["json_schema_refuses"]


def test_there_is_an_example_of_every_kind_of_record() -> None:
    """A newcomer finds each kind shown."""
    shown = {json.loads(path.read_bytes())["kind"] for path in VALID if path.parts[-3] == "record"}
    assert shown == set(KINDS)


@pytest.mark.parametrize("contract", sorted(CONTRACTS))
def test_every_contract_has_examples_of_both_sorts(contract: str) -> None:
    """No contract is published without being shown right and wrong."""
    assert any(path.parts[-3] == contract for path in VALID)
    assert any(path.parts[-3] == contract for path in INVALID)


@pytest.mark.parametrize("contract", sorted(CONTRACTS))
def test_the_committed_json_schema_is_itself_valid(contract: str) -> None:
    """Readers in other languages load it; it must satisfy the 2020-12 metaschema."""
    Draft202012Validator.check_schema(_json_schema(contract).schema)
