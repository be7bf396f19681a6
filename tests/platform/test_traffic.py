"""What is noted of a request, by what became of it."""

from __future__ import annotations

from typing import Any

import pytest

from server.metrics import Metrics
from server.traffic import CLIENT_GONE, Traffic

SCOPE = {"type": "http", "method": "POST", "path": "/sync", "path_template": "/sync", "headers": []}


async def answers_500(scope: Any, receive: Any, send: Any) -> None:
    """As the framework does when a body does not come, and when a mistake of ours is met."""
    await receive()
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


@pytest.mark.parametrize(("received", "noted"), [("http.disconnect", CLIENT_GONE), ("http.request", 500)])
async def test_who_left_is_no_fault_of_the_server(received: str, noted: int) -> None:
    metrics = Metrics()

    async def receive() -> Any:
        return {"type": received, "body": b"", "more_body": False}

    async def send(_: Any) -> None:
        pass

    await Traffic(answers_500, metrics, secure=False)(dict(SCOPE), receive, send)  # type: ignore[arg-type]
    labels = {
        sample.labels["status"]: sample.value
        for family in metrics.requests.collect()
        for sample in family.samples
        if sample.name.endswith("_total")
    }
    assert labels == {str(noted): 1}
