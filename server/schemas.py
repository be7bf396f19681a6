"""What is generated from the domain's pydantic models: schemas/*.json, and the PWA's types. Both are committed."""

from __future__ import annotations

import importlib
import importlib.util
import json
from pathlib import Path

from pydantic import BaseModel

from .code_lists import code_files
from .domain.registry import KINDS
from .settings import ROOT
from .typescript import Schema, module

SCHEMAS = "schemas"
TYPES = "pwa/src/generated"


def files() -> dict[str, str]:
    """Path from the root -> text, of every generated file. The same text on every machine."""
    made: dict[str, str] = {}
    kinds: list[str] = []
    for kind in KINDS.values():
        schema = plain_schema(kind.document)
        made[f"{SCHEMAS}/{kind.name}.v{kind.schema}.json"] = _json(schema)
        made[f"{TYPES}/{kind.name}.ts"] = module({kind.document.__name__: schema})
        kinds.append(f"  {kind.name}: {kind.schema}")
    joined = ",\n".join(kinds)
    made[f"{TYPES}/kinds.ts"] = (
        module({})
        + "/** The newest schema version of each kind that the server knows. */\n"
        + f"export const SCHEMA_VERSIONS = {{\n{joined}\n}} as const\n\n"
        + "export type KindName = keyof typeof SCHEMA_VERSIONS\n"
    )
    records = record_models()
    if records:
        schemas = {model.__name__: plain_schema(model) for model in records}
        made[f"{TYPES}/records.ts"] = module(schemas)
        made[f"{SCHEMAS}/records.json"] = _json(schemas)
    return made | code_files(TYPES, plain_schema)


def record_models() -> list[type[BaseModel]]:
    """The bodies of master-data records, where the domain has them."""
    if importlib.util.find_spec("server.domain.master") is None:
        return []
    master = importlib.import_module("server.domain.master")
    shared = [
        model
        for name, model in vars(master).items()
        if isinstance(model, type)
        and issubclass(model, BaseModel)
        and model.__module__ == master.__name__
        and not name.startswith("_")
    ]
    return shared + [model for kind in KINDS.values() for model in kind.publishes.values()]


def plain_schema(model: type[BaseModel]) -> Schema:
    """JSON Schema of a model by its wire names. Titles are left out: they only repeat the names."""
    return _without_titles(model.model_json_schema(by_alias=True, mode="validation"))


def differing(root: Path = ROOT) -> list[str]:
    """The generated files that are missing or are not what would be written now."""
    return [name for name, text in files().items() if _read(root / name) != text]


def write(root: Path = ROOT) -> list[str]:
    """Writes what differs. Answers the names."""
    changed = differing(root)
    made = files()
    for name in changed:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(made[name], encoding="utf-8", newline="\n")
    return changed


def _without_titles(part: Schema, names: bool = False) -> Schema:
    """`names`: the keys of this mapping are names that people chose, `title` may be one of them."""
    kept: Schema = {}
    for key, value in part.items():
        if key == "title" and not names:
            continue
        if isinstance(value, dict):
            value = _without_titles(value, names=key in ("properties", "$defs") and not names)
        elif isinstance(value, list):
            value = [_without_titles(each) if isinstance(each, dict) else each for each in value]
        kept[key] = value
    return kept


def _json(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
