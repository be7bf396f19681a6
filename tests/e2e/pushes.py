"""A tablet that asked for notifications, and what of them it is shown."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

from tests.e2e.pages.tablet import TabletApp
from tests.e2e.service_worker import subscribe_there
from tests.e2e.waiting import until
from tests.figures import tell
from tests.notify.push_service import PushBrowser, PushService


async def enrolled(tablet: TabletApp, link: str, pushes: PushService) -> PushBrowser:
    """The tablet is let in by the link, has all it needs to work alone, and asked for notifications."""
    subscription = pushes.browser("tablet")
    await subscribe_there(tablet.device.context, subscription)
    began = time.monotonic()
    await tablet.enrol(link)
    tell(f"from the link to a whole first sync: {time.monotonic() - began:.1f} s")
    await tablet.find("place-more").click()
    async with tablet.page.expect_response(re.compile("/notify/subscriptions$")) as answered:
        await tablet.find("notifications").click()
    assert (await answered.value).status == 204
    return subscription


async def leave_the_app(tablet: TabletApp) -> None:
    """No page of the app is open any more, only a picture of it: its service worker alone is there to hear of anything."""
    await tablet.go("/icons/daybook.svg")


async def pushed(
    pushes: PushService, subscription: PushBrowser, wanted: Callable[[dict[str, Any]], bool], seconds: float = 10
) -> str:
    """The first message that is wanted, opened with the subscription's key as a browser does."""

    async def received() -> list[dict[str, Any]]:
        return [each for each in (subscription.open(body) for _, _, body in pushes.received) if wanted(each)]

    return json.dumps((await until(received, bool, seconds))[0])


async def expect_notification(tablet: TabletApp, *words: str) -> None:
    """One with all of these words stands on the screen. The push has been delivered: it is asked once."""
    shown = "navigator.serviceWorker.getRegistration().then((all) => all.getNotifications())"
    texts = await tablet.page.evaluate(f"{shown}.then((list) => list.map((one) => one.title + ' ' + one.body))")
    assert any(all(word in text for word in words) for text in texts), texts
