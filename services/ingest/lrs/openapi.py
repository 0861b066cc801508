"""What the OpenAPI document says of the record store's routes."""

from __future__ import annotations

from typing import Any

from services.ingest import openapi as gateway

_VERSION = gateway.VERSION_PARAMETER
_SCHEMAS: dict[str, dict[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "iri": {"type": "string", "format": "uri"},
    "agent": {"type": "string", "description": "An agent as JSON."},
    "instant": {"type": "string", "format": "date-time"},
    "flag": {"type": "boolean"},
    "text": {"type": "string", "minLength": 1},
}
_KINDS = {"activityId": "iri", "agent": "agent", "registration": "uuid", "since": "instant"}


def _parameter(name: str, kind: str, *, is_required: bool = False, **extra: Any) -> dict[str, Any]:
    schema = extra.pop("schema", None) or _SCHEMAS[kind]
    return {"name": name, "in": "query", "required": is_required, "schema": schema, **extra}


def _problems(*codes: str) -> dict[str, Any]:
    common = {code: said for code, said in gateway.problems().items() if code in codes}
    others = {code: {"description": text, "content": _TEXT} for code, text in _OTHERS.items() if code in codes}
    return common | others


_TEXT: dict[str, Any] = {"text/plain": {"schema": {"type": "string"}}, **gateway.PROBLEM_CONTENT}
_OTHERS = {
    "404": "There is none.",
    "409": "It contradicts what is there under the same id.",
    "412": "A precondition is not met.",
}
_ADMISSION = ("400", "401", "403", "429", "503")
_SENDING = (*_ADMISSION, "409", "413")
_JSON: dict[str, Any] = {"application/json": {"schema": {}}}
_NO_CONTENT = {"204": {"description": "Done."}}
STATEMENTS_POST: dict[str, Any] = {
    **gateway.STATEMENTS_POST,
    "responses": {"200": gateway.STATEMENTS_POST["responses"]["200"], **_problems(*_SENDING)},
}
STATEMENTS_PUT: dict[str, Any] = {
    **gateway.STATEMENTS_PUT,
    "responses": {**_NO_CONTENT, **_problems(*_SENDING)},
}
_FORMATS = [
    _parameter("format", "text", schema={"type": "string", "enum": ["exact", "ids", "canonical"]}),
    _parameter("attachments", "flag"),
]
STATEMENTS_GET: dict[str, Any] = {
    "operationId": "get_statements",
    "summary": "Read xAPI statements back",
    "description": "One by statementId or voidedStatementId, or a page by what they are about, newest stored first.",
    "security": gateway.SECURITY,
    "parameters": [
        _VERSION,
        _parameter("statementId", "uuid"),
        _parameter("voidedStatementId", "uuid"),
        _parameter("agent", "agent"),
        _parameter("verb", "iri"),
        _parameter("activity", "iri"),
        _parameter("registration", "uuid"),
        _parameter("related_activities", "flag"),
        _parameter("related_agents", "flag"),
        _parameter("since", "instant"),
        _parameter("until", "instant"),
        _parameter("limit", "text", schema={"type": "integer", "minimum": 0}),
        _parameter("ascending", "flag"),
        *_FORMATS,
    ],
    "responses": {
        "200": {"description": "The statement, or the page.", "content": {**_JSON, "multipart/mixed": {"schema": {}}}},
        **_problems(*_ADMISSION, "404"),
    },
}
MORE_GET: dict[str, Any] = {
    "operationId": "get_more_statements",
    "summary": "The next page of statements",
    "security": gateway.SECURITY,
    "parameters": [
        _VERSION,
        {"name": "cursor", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}},
    ],
    "responses": {
        "200": {"description": "The page.", "content": {**_JSON, "multipart/mixed": {"schema": {}}}},
        **_problems(*_ADMISSION, "404"),
    },
}


def _reading(operation_id: str, summary: str, parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": operation_id,
        "summary": summary,
        "security": gateway.SECURITY,
        "parameters": [_VERSION, parameter],
        "responses": {"200": {"description": "What is known.", "content": _JSON}, **_problems(*_ADMISSION)},
    }


AGENTS_GET = _reading("get_agents", "The person that an agent is", _parameter("agent", "agent", is_required=True))
ACTIVITIES_GET = _reading(
    "get_activities", "All that is known of an activity", _parameter("activityId", "iri", is_required=True)
)
ABOUT_GET = gateway.ABOUT_GET


def document_operation(
    resource: str, method: str, id_name: str, placed_by: tuple[str, ...], required: tuple[str, ...]
) -> dict[str, Any]:
    """The operation of a document resource."""
    is_id_required = method in ("PUT", "POST") or (method == "DELETE" and resource != "state")
    parameters = [_parameter(name, _KINDS[name], is_required=name in required) for name in placed_by]
    parameters.append(_parameter(id_name, "text", is_required=is_id_required))
    if method in ("GET", "HEAD"):
        parameters.append(_parameter("since", "instant"))
        responses: dict[str, Any] = {
            "200": {"description": "The document, or ids.", "content": {"*/*": {"schema": {}}}}
        }
        codes: tuple[str, ...] = (*_ADMISSION, "404")
    else:
        responses, codes = {**_NO_CONTENT}, (*_SENDING, "412")
    body: dict[str, Any] = {
        "requestBody": {"content": {"application/json": {"schema": {}}, "application/octet-stream": {"schema": {}}}}
    }
    return {
        "operationId": f"{method.lower()}_{resource}",
        "summary": f"{method} {resource.replace('_', ' ')} documents",
        "security": gateway.SECURITY,
        "parameters": [_VERSION, *parameters],
        **(body if method in ("PUT", "POST") else {}),
        "responses": {**responses, **_problems(*codes)},
    }
