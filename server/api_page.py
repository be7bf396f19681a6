"""The page at /api: every address of the server, what it takes and answers. Written here, so it loads nothing from anywhere."""

from __future__ import annotations

from html import escape
from typing import Any

from litestar import Controller, Request, get

METHODS = ("get", "post", "put", "patch", "delete")
STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid; text-transform: capitalize }
details { margin: .5rem 0; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 8px }
summary { padding: .5rem 1rem; cursor: pointer } summary b { display: inline-block; min-width: 4.5rem }
details > div { padding: 0 1rem 1rem } code, pre { font: 13px/1.5 ui-monospace, monospace; overflow-x: auto }
table { border-collapse: collapse } td, th { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top }
"""


class ApiController(Controller):
    """In the place of Litestar's own pages, which load their scripts from elsewhere."""

    path = "/api"
    include_in_schema = False

    @get("/", media_type="text/html")
    async def page(self, request: Request[Any, Any, Any]) -> str:
        return api_page(request.app.openapi_schema.to_schema())

    @get("/openapi.json", media_type="application/json", name="openapi")
    async def schema(self, request: Request[Any, Any, Any]) -> dict[str, Any]:
        return request.app.openapi_schema.to_schema()


def api_page(schema: dict[str, Any]) -> str:
    """HTML of an OpenAPI schema, operations by their tag. No script."""
    groups: dict[str, list[str]] = {}
    for path, methods in sorted(schema.get("paths", {}).items()):
        for method in METHODS:
            if method in methods:
                tag = (methods[method].get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append(_operation(path, method, methods[method], schema))
    body = "".join(f"<h2>{escape(tag)}</h2>{''.join(parts)}" for tag, parts in sorted(groups.items()))
    title = f"{escape(schema['info']['title'])} {escape(schema['info']['version'])}"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}: API</title><style>{STYLE}</style><h1>{title}</h1>"
        f'<p>The same as <a href="/api/openapi.json">OpenAPI</a>. The sync is told in <code>docs/sync.md</code>.</p>{body}</html>'
    )


def _operation(path: str, method: str, operation: dict[str, Any], schema: dict[str, Any]) -> str:
    told = [f"<p>{escape(operation['description'])}</p>"] if operation.get("description") else []
    if operation.get("parameters"):
        rows = "".join(
            f"<tr><td><code>{escape(one['name'])}</code><td>{escape(one['in'])}<td>{escape(_shape(one.get('schema', {}), schema))}"
            for one in operation["parameters"]
        )
        told.append(f"<h4>Parameters</h4><table>{rows}</table>")
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        told.append(f"<h4>Body: {escape(kind)}</h4><pre>{escape(_shape(content.get('schema', {}), schema))}</pre>")
    for status, answer in operation.get("responses", {}).items():
        told.append(f"<h4>{escape(status)}: {escape(answer.get('description', ''))}</h4>")
        for content in answer.get("content", {}).values():
            told.append(f"<pre>{escape(_shape(content.get('schema', {}), schema))}</pre>")
    name = escape(operation.get("summary", ""))
    head = f"<summary><b>{method.upper()}</b> <code>{escape(path)}</code> {name}</summary>"
    return f"<details>{head}<div>{''.join(told)}</div></details>"


def _shape(part: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> str:
    """A type in short: `{id: string, lines: [..]}`."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        found = schema.get("components", {}).get("schemas", {}).get(name, {})
        return _shape(found, schema, depth) if depth < 4 else name.rpartition("_")[2]
    for several in ("oneOf", "anyOf", "allOf"):
        if several in part:
            return " or ".join(dict.fromkeys(_shape(one, schema, depth) for one in part[several]))
    if "enum" in part:
        return " | ".join(repr(value) for value in part["enum"])
    kind = part.get("type", "any")
    if kind == "array":
        return f"[{_shape(part.get('items', {}), schema, depth)}, …]"
    if kind == "object" and part.get("properties"):
        inset = "  " * (depth + 1)
        fields = "".join(
            f"{inset}{name}{'' if name in part.get('required', ()) else '?'}: {_shape(field, schema, depth + 1)}\n"
            for name, field in part["properties"].items()
        )
        return f"{{\n{fields}{'  ' * depth}}}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
