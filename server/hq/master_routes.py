"""HTTP of the master data that headquarters edits on its screens."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Request, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter

from server.access.body import read_body, takes
from server.access.guards import headquarters_only, provide_hq
from server.access.principal import Principal

from . import closings, thresholds
from .closings import NewClosing
from .editing import Edited
from .texts import plain
from .thresholds import Thresholds

Asked = Request[Any, Any, Any]
Asking = NamedDependency[Principal]
Moment = Annotated[int | None, QueryParameter(ge=0, le=2**53)]


class MasterController(Controller):
    path = "/hq"
    tags = ("headquarters",)
    guards = (headquarters_only,)
    response_headers = {"Cache-Control": "no-store"}  # noqa: RUF012

    @get("/policies")
    async def policies(
        self, request: Asked, location: FromQuery[str] = "", q: FromQuery[str] = "", after: FromQuery[str] = ""
    ) -> dict[str, Any]:
        return await thresholds.read_policies(
            request.app.state.database, plain(location), plain(q), after if "\x00" not in after else ""
        )

    @put(
        "/policies",
        operation_class=takes(Thresholds),
        dependencies={"principal": Provide(provide_hq(*thresholds.ROLES))},
    )
    async def put_policy(self, request: Asked, principal: Asking) -> Edited:
        """Body: location, product, low, high, reorder_level, reorder_quantity, and the version that was seen."""
        return await thresholds.put_policy(request.app.state.pipeline, principal, await read_body(request, Thresholds))

    @delete("/policies", status_code=200, dependencies={"principal": Provide(provide_hq(*thresholds.ROLES))})
    async def remove_policy(
        self, request: Asked, principal: Asking, location: FromQuery[str], product: FromQuery[str]
    ) -> Edited:
        return await thresholds.remove_policy(request.app.state.pipeline, principal, plain(location), plain(product))

    @get("/periods")
    async def periods(self, request: Asked, until: Moment = None) -> dict[str, Any]:
        """With `until`: also how much may still come of the time before."""
        return await closings.read_periods(request.app.state.database, until)

    @post(
        "/periods",
        status_code=200,
        operation_class=takes(NewClosing),
        dependencies={"principal": Provide(provide_hq(*closings.ROLES))},
    )
    async def close_period(self, request: Asked, principal: Asking) -> Edited:
        """Body: until."""
        return await closings.close_period(request.app.state.pipeline, principal, await read_body(request, NewClosing))
