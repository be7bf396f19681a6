"""TypeScript types from JSON Schema, as far as pydantic's schemas of our documents go."""

from __future__ import annotations

import json
import re
from typing import Any

Schema = dict[str, Any]
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
HEAD = "// Made by `daybook schemas` from server/domain: change it there.\n"


def module(schemas: dict[str, Schema]) -> str:
    """One TypeScript module that exports each schema under its name, and what they share once."""
    shared: dict[str, Schema] = {}
    for schema in schemas.values():
        for name, inner in schema.get("$defs", {}).items():
            if shared.setdefault(name, inner) != inner:
                raise ValueError(f"two different types are called {name}")
    parts = [_export(name, schema) for name, schema in {**shared, **schemas}.items()]
    return "\n".join([HEAD, "\n\n".join(parts) + "\n"] if parts else [HEAD])


def _export(name: str, schema: Schema) -> str:
    if "properties" in schema:
        return f"{_comment(schema, '')}export interface {name} {_object(schema, '')}"
    return f"{_comment(schema, '')}export type {name} = {type_of(schema)}"


def type_of(schema: Schema, inset: str = "") -> str:
    """The type of a schema, without a name. ValueError for a form that our documents do not use."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(type_of(one, inset) for one in schema[several]))
    kind = schema.get("type")
    if kind == "object":
        if "properties" in schema:
            return _object(schema, inset)
        values = schema.get("additionalProperties")
        if isinstance(values, dict) and values:
            return f"Record<string, {type_of(values, inset)}>"
        patterns = list(schema.get("patternProperties", {}).values())
        inner = " | ".join(dict.fromkeys(type_of(one, inset) for one in patterns)) or "unknown"
        return f"Record<string, {inner}>"
    if kind == "array":
        if "prefixItems" in schema:
            return "[" + ", ".join(type_of(one, inset) for one in schema["prefixItems"]) + "]"
        inner = type_of(schema.get("items", {}), inset)
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if isinstance(kind, str) and kind in _PLAIN:
        return _PLAIN[kind]
    if not kind:
        return "unknown"
    raise ValueError(f"no TypeScript for {json.dumps(schema)[:200]}")


def _object(schema: Schema, inset: str) -> str:
    deeper = inset + "  "
    required = set(schema.get("required", ()))
    lines = []
    for name, field in schema["properties"].items():
        told = _comment(field, deeper)
        written = name if _NAME.fullmatch(name) else json.dumps(name)
        lines.append(f"{told}{deeper}{written}{'' if name in required else '?'}: {type_of(field, deeper)}\n")
    return "{\n" + "".join(lines) + inset + "}"


def _comment(schema: Schema, inset: str) -> str:
    told = " ".join(str(schema.get("description", "")).split())
    return f"{inset}/** {told.replace('*/', '* /')} */\n" if told else ""
