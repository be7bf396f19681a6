"""What a push service's message does in the browser, without the push service."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from playwright.async_api import BrowserContext, Page

from tests.notify.push_service import PushBrowser

SUBSCRIBE = """({ endpoint, keys }) => {
  PushManager.prototype.subscribe = async function (options) {
    window.subscribedFor = options.applicationServerKey
    return { endpoint, toJSON: () => ({ endpoint, keys }) }
  }
}"""


async def subscribe_there(context: BrowserContext, browser: PushBrowser) -> None:
    """Subscriptions of pages loaded from now on lead there: a headless Chromium cannot reach its maker's push service."""
    told = {"endpoint": browser.endpoint, "keys": browser.keys}
    await context.add_init_script(f"({SUBSCRIBE})({json.dumps(told)})")


async def deliver_push(page: Page, origin: str, message: str) -> None:
    """Hands the message to the origin's service worker, as the browser does with one from the push service, and waits
    until the worker is done with it.

    Nobody may ask for the notifications meanwhile: a Chromium that is asked between writing one down and showing it
    takes it for one that was closed, and forgets it.
    """
    session = await page.context.new_cdp_session(page)
    loop = asyncio.get_running_loop()
    found: asyncio.Future[str] = loop.create_future()
    done: asyncio.Future[list[dict[str, str]]] = loop.create_future()

    def note(event: dict[str, Any]) -> None:
        for each in event["registrations"]:
            if each["scopeURL"].startswith(origin) and not each["isDeleted"] and not found.done():
                found.set_result(each["registrationId"])

    def finish(event: dict[str, Any]) -> None:
        seen = event["backgroundServiceEvent"]
        if seen["eventName"] == "Push event completed" and not done.done():
            done.set_result(seen["eventMetadata"])

    session.on("ServiceWorker.workerRegistrationUpdated", note)
    session.on("BackgroundService.backgroundServiceEventReceived", finish)
    # Of earlier messages the browser would tell again.
    await session.send("BackgroundService.clearEvents", {"service": "pushMessaging"})
    await session.send("BackgroundService.startObserving", {"service": "pushMessaging"})
    await session.send("BackgroundService.setRecording", {"service": "pushMessaging", "shouldRecord": True})
    await session.send("ServiceWorker.enable")
    registration = await asyncio.wait_for(found, 10)
    told = {"origin": origin, "registrationId": registration, "data": message}
    await session.send("ServiceWorker.deliverPushMessage", told)
    assert await asyncio.wait_for(done, 20) == [{"key": "Status", "value": "Success"}]
    await session.detach()
