"""Reading records as ingest writes them, several times faster than with the models that checked them on the way in.

The contract has one definition, the pydantic models of `schemas.records`. From them msgspec structs of the same names,
members, types and bounds are made here, once; a record read through them has the same attributes (also `kind`, and
`from_`). What they do not repeat are conditions across members (a person is named, `to` is not before `from`), which
ingest has seen to. What they refuse is read again by the models, which say better what is wrong.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from msgspec import Meta, Struct, defstruct
from msgspec.json import Decoder
from pydantic import AwareDatetime, BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from schemas.records import Record

_BOUNDS = {Ge: "ge", Gt: "gt", Le: "le", Lt: "lt", MinLen: "min_length", MaxLen: "max_length"}
_CONSTRAINTS = ("min_length", "max_length", "pattern")


def record_reader() -> Callable[[bytes], Record]:
    """A function from JSON to a record. It raises msgspec.DecodeError for what is not written as ingest writes."""
    union, _ = get_args(Record)
    structs = tuple(_struct(model, {}) for model in get_args(union))
    return cast("Callable[[bytes], Record]", Decoder(Union[structs]).decode)  # noqa: UP007 - made at run time


def _struct(model: type[BaseModel], made: dict[type[BaseModel], type[Struct]]) -> type[Struct]:
    """The struct of a model; `made` has those of models already met."""
    if model not in made:
        kind = _kind_of(model)
        fields = [
            _field(name, info, made) for name, info in model.model_fields.items() if kind is None or name != "kind"
        ]
        made[model] = defstruct(
            model.__name__,
            fields,
            tag_field=None if kind is None else "kind",
            tag=kind,
            rename={name: info.alias for name, info in model.model_fields.items() if info.alias},
            namespace={} if kind is None else {"kind": kind},
            forbid_unknown_fields=True,
            kw_only=True,
            frozen=True,
            gc=False,
        )
    return made[model]


def _kind_of(model: type[BaseModel]) -> str | None:
    kind = model.model_fields.get("kind")
    return None if kind is None else str(get_args(kind.annotation)[0])


def _field(name: str, info: FieldInfo, made: dict[type[BaseModel], type[Struct]]) -> tuple[Any, ...]:
    type_ = _bounded(_type(info.annotation, made), info.metadata)
    return (name, type_) if info.is_required() else (name, type_, info.get_default(call_default_factory=True))


def _type(annotation: Any, made: dict[type[BaseModel], type[Struct]]) -> Any:
    """What pydantic's annotation says, in msgspec's way."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is AwareDatetime or annotation is datetime:
        return Annotated[datetime, Meta(tz=True)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _struct(annotation, made)
    if origin is Annotated:
        return _bounded(_type(arguments[0], made), arguments[1:])
    if origin in {Union, types.UnionType}:
        return Union[tuple(_type(one, made) for one in arguments)]  # noqa: UP007 - made at run time
    if origin is tuple:
        return tuple[_type(arguments[0], made), ...]  # type: ignore[misc]
    if origin is Literal or origin is None:
        return annotation
    raise TypeError(f"the records' contract uses a type that is not foreseen here: {annotation}")


def _bounded(type_: Any, metadata: Iterable[Any]) -> Any:
    """The type with the bounds that the contract sets, where msgspec can hold to them."""
    bounds = {name: bound for constraint in metadata for name, bound in _bounds(constraint)}
    return Annotated[type_, Meta(**bounds)] if bounds else type_


def _bounds(constraint: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(constraint, FieldInfo):
        for within in constraint.metadata:
            yield from _bounds(within)
    elif isinstance(constraint, StringConstraints):
        stated = ((name, getattr(constraint, name)) for name in _CONSTRAINTS)
        yield from ((name, bound) for name, bound in stated if bound is not None)
    elif type(constraint) in _BOUNDS:
        name = _BOUNDS[type(constraint)]
        yield name, getattr(constraint, name)
