"""What is generated is committed, and is what would be generated now."""

from __future__ import annotations

import json

import pytest

from server import schemas
from server.domain.registry import KINDS
from server.typescript import type_of

from .sources import ROOT, tracked


def test_schemas_and_types_are_fresh() -> None:
    assert schemas.differing() == [], "run `./daybook schemas`"


def test_nothing_generated_is_left_over() -> None:
    made = schemas.files()
    there = [
        name
        for name in tracked()
        if name.startswith("pwa/src/generated/")
        or (name.startswith("schemas/") and name.count("/") == 1 and name.endswith(".json"))
    ]
    # an older version of a kind stays for documents that still say it (SY8)
    older = {f"schemas/{kind.name}.v{version}.json" for kind in KINDS.values() for version in range(1, kind.schema)}
    assert set(there) - set(made) - older == set()


def test_stale_files_are_found_and_mended(tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert sorted(schemas.write(tmp_path)) == sorted(schemas.files())
    assert schemas.differing(tmp_path) == []
    first = next(iter(schemas.files()))
    (tmp_path / first).write_text("{}")
    assert schemas.differing(tmp_path) == [first]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_schema_says_its_kind_and_version(name: str) -> None:
    kind = KINDS[name]
    schema = json.loads((ROOT / f"schemas/{name}.v{kind.schema}.json").read_text(encoding="utf-8"))
    assert schema["properties"]["kind"]["const"] == name
    assert schema["properties"]["schema"]["const"] == kind.schema
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string | null"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, '("a" | "b")[]'),
        ({"type": "object", "additionalProperties": {"$ref": "#/$defs/Line"}}, "Record<string, Line>"),
        ({"type": "object", "properties": {"a-b": {"type": "integer"}}}, '{\n  "a-b"?: number\n}'),
        ({}, "unknown"),
    ],
)
def test_typescript_of_a_schema(schema: dict, expected: str) -> None:  # type: ignore[type-arg]
    assert type_of(schema) == expected


def test_typescript_of_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="no TypeScript"):
        type_of({"type": "tuple"})
