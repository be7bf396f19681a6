"""HTTP of what the field does, as headquarters sees it: documents of any kind, what one changed in others, stock by location."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Request, get
from litestar.params import FromPath, FromQuery, QueryParameter

from server.access.guards import headquarters_only
from server.access.principal import now_ms
from server.store.hq_documents import DocumentFilter
from server.store.hq_stock import StockFilter

from . import duplicates, listing, locations, orders, service_board
from .service_board import BoardFilter
from .texts import plain

Asked = Request[Any, Any, Any]
Limit = Annotated[int, QueryParameter(ge=1, le=orders.LARGEST_PAGE)]
Days = Annotated[int, QueryParameter(ge=0, le=36_500)]
StateWanted = Annotated[str, QueryParameter(name="state")]
"""`state` in the address; the word is Litestar's own in a handler."""
DAY = 24 * 3_600_000


class FieldController(Controller):
    path = "/hq"
    tags = ("headquarters",)
    guards = (headquarters_only,)
    response_headers = {"Cache-Control": "no-store"}  # noqa: RUF012

    @get("/documents")
    async def documents(
        self,
        request: Asked,
        kind: FromQuery[str],
        verdict: FromQuery[str | None] = None,
        dealer: FromQuery[str | None] = None,
        attention: FromQuery[int] = 0,
        q: FromQuery[str] = "",
        days: Days = 0,
        decided: FromQuery[int] = 0,
        after: FromQuery[str | None] = None,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        """Documents of one kind. `attention=1`: only what waits for somebody; `days`: received in the last so many; `decided=1`:
        each with the reasons and figures of its decision."""
        for text in (kind, verdict or "", dealer or ""):
            plain(text)
        since = now_ms() - days * DAY if days else None
        wanted = DocumentFilter(kind, verdict, dealer, bool(attention), plain(q), since)
        return await listing.read_list(request.app.state.database, wanted, after, limit, bool(decided))

    @get("/documents/{document:str}/consequences")
    async def consequences(self, request: Asked, document: FromPath[str]) -> dict[str, Any]:
        """What the decisions of a document changed in other documents."""
        return await listing.read_consequences(
            request.app.state.database, document, request.app.state.settings.currency
        )

    @get("/stock/locations")
    async def locations(self, request: Asked) -> dict[str, Any]:
        return await locations.read_locations(request.app.state.database, request.app.state.settings.currency)

    @get("/stock/lines")
    async def stock_lines(
        self,
        request: Asked,
        location: FromQuery[str] = "",
        place: FromQuery[str] = "",
        level: FromQuery[str] = "",
        product: FromQuery[str] = "",
        q: FromQuery[str] = "",
        after: FromQuery[str] = "",
    ) -> dict[str, Any]:
        """`place`: `warehouse`, `van` or `dealer`; `level`: `below`, `low` or `high`."""
        wanted = StockFilter(*map(plain, (location, place, level, product, q)))
        database, settings = request.app.state.database, request.app.state.settings
        return await locations.read_lines(database, wanted, plain(after), settings.currency)

    @get("/stock/movements")
    async def movements(
        self,
        request: Asked,
        location: FromQuery[str],
        product: FromQuery[str],
        after: FromQuery[str | None] = None,
    ) -> dict[str, Any]:
        database = request.app.state.database
        return await locations.read_movements(database, plain(location), plain(product), after)

    @get("/service")
    async def service(
        self,
        request: Asked,
        stands: StateWanted = "",
        technician: FromQuery[str] = "",
        urgency: FromQuery[str] = "",
        dealer: FromQuery[str] = "",
        q: FromQuery[str] = "",
        late: FromQuery[int] = 0,
    ) -> dict[str, Any]:
        """Requests that are open. `technician`: an account, or `none`."""
        who, pressing, whose, text = map(plain, (technician, urgency, dealer, q))
        wanted = BoardFilter(plain(stands), who, pressing, whose, text, bool(late))
        return await service_board.read_board(request.app.state.database, wanted)

    @get("/duplicates")
    async def duplicates(self, request: Asked, kind: FromQuery[str]) -> dict[str, Any]:
        """`kind`: `customer` or `machine`."""
        return await duplicates.read_duplicates(request.app.state.database, kind)
