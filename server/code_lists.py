"""The PWA's lists of what the domain may say and be told: verdicts, reasons with their figures, commands with their params."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from .domain.codes import COMMAND_REFUSALS, NOTICES, REASONS
from .domain.decision import Verdict
from .domain.reasons import PARAM_TYPES, Params
from .domain.registry import KINDS
from .typescript import HEAD, Schema, module

PlainSchema = Callable[[type[BaseModel]], Schema]


def code_files(folder: str, plain_schema: PlainSchema) -> dict[str, str]:
    """Path -> text of `reasons.ts`, `commands.ts` and `figures.ts` in `folder`."""
    shapes = {kind.figures.__name__: plain_schema(kind.figures) for kind in KINDS.values() if kind.figures is not None}
    return {
        f"{folder}/reasons.ts": _reasons(),
        f"{folder}/commands.ts": _commands(plain_schema),
        f"{folder}/figures.ts": module(shapes),
    }


def _reasons() -> str:
    stages = {
        kind.name: stage["enum"]
        for kind in KINDS.values()
        if (stage := kind.document.model_json_schema()["properties"].get("stage")) is not None
    }
    parts = [
        HEAD,
        f"export const VERDICTS = {json.dumps(get_args(Verdict))} as const\n"
        "export type Verdict = (typeof VERDICTS)[number]\n",
        "/** The stages that a document of the kind may be in. */\n"
        f"export const STAGES = {json.dumps(stages)} as const\n",
        "/** quantity: a decimal string. moment: UTC milliseconds. product, dealer, person, location: an id that has a name. */\n"
        f"export type ParamType = {' | '.join(json.dumps(name) for name in PARAM_TYPES)}\n",
        _codes("REASONS", "ReasonCode", "Why a decision is what it is.", REASONS),
        _codes("COMMAND_REFUSALS", "CommandRefusalCode", "Why a command was not done.", COMMAND_REFUSALS),
        _codes("NOTICES", "NoticeCode", "What somebody is told.", NOTICES),
    ]
    return "\n".join(parts)


def _codes(name: str, type_name: str, told: str, codes: Mapping[str, Params]) -> str:
    lines = ",\n".join(
        f"  {code}: {{{', '.join(f'{_key(param)}: {json.dumps(sort)}' for param, sort in params.items())}}}"
        for code, params in codes.items()
    )
    return (
        f"/** {told} Code → its figures. */\nexport const {name} = {{\n{lines},\n}} as const"
        " satisfies Record<string, Record<string, ParamType>>\n"
        f"export type {type_name} = keyof typeof {name}\n"
    )


def _key(name: str) -> str:
    return name if name.isidentifier() else json.dumps(name)


def _commands(plain_schema: PlainSchema) -> str:
    """The params of each command as an interface, as a list for forms, and who may give it."""
    schemas: dict[str, Schema] = {}
    names: list[str] = []
    forms: list[str] = []
    for kind in KINDS.values():
        for command in kind.commands:
            name = "".join(word.capitalize() for word in f"{kind.name}_{command.name}".split("_"))
            schemas[name] = plain_schema(command.params)
            names.append(f'  "{kind.name}.{command.name}": {json.dumps(sorted(command.roles))},\n')
            fields = json.dumps(form_of(schemas[name]), ensure_ascii=False)
            forms.append(f'  "{kind.name}.{command.name}": {fields},\n')
    return (
        module(schemas)
        + "\n/** `<kind>.<command>` → the roles that may give it. */\n"
        + f"export const COMMAND_ROLES = {{\n{''.join(names)}}} as const\n"
        + "\n/** A param as a form asks for it. Of a `map` the keys are ids, mostly of lines; `of` is its values. */\n"
        + "export interface ParamField {\n  name: string\n"
        + f"  sort: {' | '.join(json.dumps(sort) for sort in SORTS)}\n"
        + "  required?: true\n  choices?: readonly string[]\n  of?: readonly ParamField[]\n}\n"
        + "\n/** `<kind>.<command>` → its params; those that can only have one value are left out. */\n"
        + f"export const COMMAND_FORMS: Record<keyof typeof COMMAND_ROLES, readonly ParamField[]> = {{\n{''.join(forms)}}}\n"
    )


SORTS = ("text", "choice", "date", "number", "flag", "quantity", "list", "map", "group")


def form_of(schema: Schema) -> list[dict[str, object]]:
    """The fields of a command's params, in their order."""
    shared, required = schema.get("$defs", {}), set(schema.get("required", ()))
    return [
        {**field, **({"required": True} if name in required else {})}
        for name, part in schema.get("properties", {}).items()
        if (field := _field(name, part, shared)) is not None
    ]


def _field(name: str, part: Schema, shared: Schema) -> dict[str, object] | None:
    while "$ref" in part:
        part = shared[str(part["$ref"]).rpartition("/")[2]]
    several = [one for one in part.get("anyOf", ()) if one.get("type") != "null"]
    if several:
        return _field(name, several[0], shared)
    if "const" in part:
        return None
    if "enum" in part:
        return {"name": name, "sort": "choice", "choices": part["enum"]}
    kind = part.get("type")
    if kind == "object" and "properties" in part:
        return {"name": name, "sort": "group", "of": form_of({**part, "$defs": shared})}
    if kind == "object":
        values: Any = part.get("additionalProperties") or next(iter(part.get("patternProperties", {}).values()), {})
        inner = _field("", values, shared) if isinstance(values, dict) else None
        return {"name": name, "sort": "map", **({"of": [inner]} if inner else {})}
    if kind == "array":
        inner = _field("", part.get("items", {}), shared)
        return {"name": name, "sort": "list", **({"of": [inner]} if inner else {})}
    return {"name": name, "sort": _plain_sort(str(kind), str(part.get("pattern", "")))}


def _plain_sort(kind: str, pattern: str) -> str:
    if kind in ("integer", "number"):
        return "number"
    if kind == "boolean":
        return "flag"
    if pattern.startswith("^[0-9]{4}-"):
        return "date"
    return "quantity" if pattern.startswith(("^(0|[1-9]", "^([1-9]")) else "text"
