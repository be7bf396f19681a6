"""HTTP of headquarters: what its screens read, and the commands."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Request, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, QueryParameter

from server.access.body import takes
from server.access.guards import headquarters_only, provide_hq
from server.access.principal import Principal
from server.store.hq_reads import OrderFilter
from server.sync.command import CommandAnswer

from . import attention, commands, dealers, documents, orders, people, stock
from .field_routes import FieldController
from .master_routes import MasterController
from .pictures import picture
from .texts import plain

Asked = Request[Any, Any, Any]
Limit = Annotated[int, QueryParameter(ge=1, le=orders.LARGEST_PAGE)]


class HqController(Controller):
    path = "/hq"
    tags = ("headquarters",)
    guards = (headquarters_only,)
    response_headers = {"Cache-Control": "no-store"}  # noqa: RUF012

    @get("/orders")
    async def orders(
        self,
        request: Asked,
        verdict: FromQuery[str | None] = None,
        stage: FromQuery[str | None] = None,
        dealer: FromQuery[str | None] = None,
        q: FromQuery[str] = "",
        needs: FromQuery[int] = 0,
        after: FromQuery[str | None] = None,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        """`needs=1`: only what needs a person."""
        for text in (verdict, stage, dealer):
            plain(text or "")
        wanted = OrderFilter(verdict, stage, dealer, plain(q), bool(needs))
        return await orders.read_orders(request.app.state.database, wanted, after, limit)

    @get("/documents/{document:str}")
    async def document(self, request: Asked, document: FromPath[str]) -> dict[str, Any]:
        return await documents.read_document(request.app.state.database, document)

    @get("/dealers")
    async def dealers(self, request: Asked) -> list[dict[str, Any]]:
        return await dealers.read_dealers(request.app.state.database)

    @get("/attention")
    async def attention(self, request: Asked) -> dict[str, Any]:
        return await attention.read_attention(request.app.state.database)

    @get("/devices")
    async def devices(self, request: Asked) -> list[dict[str, Any]]:
        return await attention.read_devices(request.app.state.database)

    @get("/people")
    async def people(self, request: Asked) -> list[dict[str, Any]]:
        return await people.read_people(request.app.state.database)

    @get("/audit")
    async def audit(self, request: Asked, after: FromQuery[str | None] = None) -> dict[str, Any]:
        return await people.read_audit(request.app.state.database, after)

    @get("/stock")
    async def stock(self, request: Asked, q: FromQuery[str] = "", after: FromQuery[str] = "") -> dict[str, Any]:
        return await stock.read_stock(request.app.state.database, plain(q), plain(after))

    @get("/products")
    async def products(
        self, request: Asked, q: FromQuery[str] = "", after: FromQuery[str] = "", category: FromQuery[str] = ""
    ) -> dict[str, Any]:
        return await stock.read_products(request.app.state.database, plain(q), plain(after), plain(category))

    @post(
        "/commands",
        status_code=200,
        operation_class=takes(commands.Asked),
        dependencies={"principal": Provide(provide_hq())},
    )
    async def command(self, request: Asked, principal: NamedDependency[Principal]) -> CommandAnswer:
        """Body: key, kind, document (or null), name, params. 409 with the rule's code and `figures` when it is refused."""
        return await commands.run(request, principal)


router = Router(path="/", route_handlers=[HqController, FieldController, MasterController, picture])
