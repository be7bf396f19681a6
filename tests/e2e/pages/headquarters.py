"""Headquarters' screens."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from server.demo.fill import SignIn


class HeadquartersApp:
    """Somebody at a desk."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))

    def find(self, name: str) -> Locator:
        return self.page.get_by_test_id(name)

    async def go(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def sign_in(self, who: SignIn) -> None:
        await self.go("/hq/sign-in")
        await self.find("hq-login").fill(who.login)
        await self.find("hq-password").fill(who.password)
        await self.find("hq-sign-in").click()
        await expect(self.find("hq-live")).to_have_attribute("data-state", "live")

    async def enrolment_link(self, dealer: str, person: str) -> str:
        """Lets a new device of that person in."""
        await self.go(f"/hq/dealers/{dealer}")
        await self.find("hq-enrol").filter(has_text=person).click()
        link = await self.find("hq-enrol-link").get_attribute("href")
        assert link
        return link

    def row(self, number: str) -> Locator:
        return self.find("hq-order-row").filter(has_text=number)

    async def open(self, number: str) -> None:
        await self.row(number).get_by_role("link", name=number).click()
        await expect(self.find("hq-detail").get_by_role("heading", name=number)).to_be_visible()

    async def expect_verdict(self, verdict: str) -> None:
        await expect(self.find("hq-detail").get_by_test_id("hq-verdict")).to_have_attribute("data-verdict", verdict)

    async def confirm(self) -> None:
        await self.find("hq-confirm").click()
        await expect(self.find("hq-confirm")).to_be_hidden()
        await expect(self.find("hq-toast")).to_be_visible()
