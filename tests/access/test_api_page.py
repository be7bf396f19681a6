"""What the API page says of bodies that handlers read themselves."""

from __future__ import annotations

import msgspec
from litestar import Litestar
from litestar.openapi import OpenAPIConfig

from server.access.routes import router


def test_bodies_are_described():
    app = Litestar(route_handlers=[router], openapi_config=OpenAPIConfig(title="t", version="1"), logging_config=None)
    paths = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))["paths"]

    def fields(path: str) -> set[str]:
        body = paths[path]["post"]["requestBody"]
        assert body["required"] is True
        return set(body["content"]["application/json"]["schema"]["properties"])

    assert fields("/access/session") == {"login", "password"}
    assert fields("/access/devices") == {"code", "user", "password", "name"}
    assert fields("/access/people") == {"login", "name", "role", "dealer", "password", "language"}
    assert fields("/access/enrolments") == {"account"}
