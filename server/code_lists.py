"""The PWA's lists of what the domain may say and be told: verdicts, reasons with their figures, commands with their params."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import get_args

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
    """The params of each command as an interface, and who may give it."""
    schemas: dict[str, Schema] = {}
    names: list[str] = []
    for kind in KINDS.values():
        for command in kind.commands:
            name = "".join(word.capitalize() for word in f"{kind.name}_{command.name}".split("_"))
            schemas[name] = plain_schema(command.params)
            names.append(f'  "{kind.name}.{command.name}": {json.dumps(sorted(command.roles))},\n')
    return (
        module(schemas)
        + "\n/** `<kind>.<command>` → the roles that may give it. */\n"
        + f"export const COMMAND_ROLES = {{\n{''.join(names)}}} as const\n"
    )
