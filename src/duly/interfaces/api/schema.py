"""The addresses as an OpenAPI document, made from the tables that requests are read by."""

from collections.abc import Callable, Mapping
from typing import Any

from duly.interfaces.api.fields import Field

_REFUSAL = {
    "description": "Refused: nothing was written.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "refusal": {
                        "type": "object",
                        "properties": {
                            "code": {"type": "string"},
                            "message": {"type": "string"},
                            "facts": {"type": "object"},
                            "remedy": {"type": "string"},
                        },
                    }
                },
            }
        }
    },
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 200},
    "description": "The same key with the same body is answered as the first time.",
}


def document(
    paths: Mapping[str, tuple[Callable[..., Any], str, tuple[Field, ...]]],
) -> dict[str, Any]:
    """The OpenAPI document of some addresses: {place: (view, method, fields)}."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Duly", "version": "1"},
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "paths": {
            f"/{place}": {method: _operation(view, method, fields)}
            for place, (view, method, fields) in paths.items()
        },
    }


def _operation(view: Callable[..., Any], method: str, fields: tuple[Field, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "summary": (view.__doc__ or "").strip(),
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {}}},
            **dict.fromkeys(("401", "403", "404", "409", "413", "422", "429"), _REFUSAL),
        },
    }
    if method == "post":
        body = {
            "type": "object",
            "additionalProperties": False,
            "required": [one.name for one in fields if one.is_needed],
            "properties": {one.name: one.schema for one in fields},
        }
        told["parameters"] = [_KEY]
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return told
