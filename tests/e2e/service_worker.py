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
    """Hands the message to the origin's service worker, as the browser does with one from the push service."""
    session = await page.context.new_cdp_session(page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def note(event: dict[str, Any]) -> None:
        for each in event["registrations"]:
            if each["scopeURL"].startswith(origin) and not each["isDeleted"] and not found.done():
                found.set_result(each["registrationId"])

    session.on("ServiceWorker.workerRegistrationUpdated", note)
    await session.send("ServiceWorker.enable")
    registration = await asyncio.wait_for(found, 10)
    told = {"origin": origin, "registrationId": registration, "data": message}
    await session.send("ServiceWorker.deliverPushMessage", told)
    await session.detach()
