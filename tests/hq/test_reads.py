"""Dealers, accounts, stock, people, audit, pictures; and nobody reads them who did not sign in."""

from __future__ import annotations

import hashlib

import pytest

from server.hq.pictures import keep_picture
from server.sync.masters import RecordPut
from tests.sync.world import order

READS = (
    "/hq/orders", f"/hq/documents/{'0' * 32}", "/hq/dealers", "/hq/dealers/alfki/account", "/hq/attention", "/hq/devices",
    "/hq/people", "/hq/audit", "/hq/stock", "/hq/products",
)  # fmt: skip


@pytest.mark.rule("SY10")
@pytest.mark.parametrize("path", [*READS, "/hq/commands"])
async def test_nobody_else_reads(world, desk, path):
    """Neither a stranger nor a dealer's device, by whatever way it shows its token."""
    tablet = await world.device()
    method = "POST" if path.endswith("commands") else "GET"
    desk.client.cookies.clear()
    body = {"json": {}} if method == "POST" else {}
    for headers in ({}, {"Authorization": f"Bearer {tablet.token}"}, {"Cookie": f"daybook_session={tablet.token}"}):
        answer = await desk.client.request(method, path, headers=headers, **body)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_dealers_with_what_they_owe_and_how_fresh_they_are(world, desk):
    tablet = await world.device()
    await world.device()
    pushed = tablet.write(order(p1=2))
    await tablet.push(pushed)
    await desk.done(pushed.id, "ship", lines={"l1": "2"})
    await desk.done(pushed.id, "invoice")
    await tablet.push(tablet.write(order(p1=1)))
    alfki, berga = await desk.get("/hq/dealers")
    assert alfki.pop("last_synced_at") > 0
    assert alfki == {
        "id": "alfki", "name": "Alfki", "tier": "retail", "terms": "monthly", "grade": "B", "active": True,
        "credit_limit": 1_000_000_00, "currency": "CNY", "receivable": 2260, "open_orders": 1130, "devices": 2,
        "documents_held": 0,
    }  # fmt: skip
    assert (berga["id"], berga["devices"], berga["last_synced_at"], berga["receivable"]) == ("berga", 0, None, 0)


async def test_an_account_from_invoice_to_reversal(world, desk):
    tablet = await world.device()
    pushed = tablet.write(order(p1=2))
    await tablet.push(pushed)
    await desk.done(pushed.id, "ship", lines={"l1": "2"})
    await desk.done(pushed.id, "invoice")
    payment = {"dealer": "alfki", "amount": 1000, "currency": "CNY", "method": "transfer", "reference": "B-7"}
    paid = await desk.done(None, "record", "payment", received_on="2026-03-05", **payment)
    before = await desk.get("/hq/dealers/alfki/account")
    assert before["dealer"] == {"id": "alfki", "name": "Alfki", "currency": "CNY"}
    assert (before["receivable"], before["open_orders"], before["limit"]) == (1260, 0, 1_000_000_00)
    number = (await desk.get(f"/hq/documents/{pushed.id}"))["row"]["number"]
    told = [
        (entry["text_code"], entry["number"], entry["debit"], entry["credit"], entry["balance"])
        for entry in before["entries"]
    ]
    assert told == [("invoice", f"{number}-I1", 2260, 0, 2260), ("payment", "B-7", 0, 1000, 1260)]
    assert [entry["document"] for entry in before["entries"]] == [pushed.id, paid["document"]]
    await desk.done(paid["document"], "reverse", "payment", reason="bounced")
    after = await desk.get("/hq/dealers/alfki/account")
    assert [entry["text_code"] for entry in after["entries"]] == ["invoice", "payment", "payment_reversed"]
    assert (after["entries"][-1]["debit"], after["entries"][-1]["balance"], after["receivable"]) == (1000, 2260, 2260)
    other = await desk.get("/hq/dealers/berga/account")
    assert (other["entries"], other["receivable"], other["opening"]) == ([], 0, 0)


async def test_a_long_account_shows_its_newest_entries(world, desk, monkeypatch):
    monkeypatch.setattr("server.reports.dealer_account.MOST", 2)
    for amount in (100, 200, 300):
        await desk.done(
            None, "record", "payment", dealer="alfki", amount=amount, currency="CNY", method="cash", reference="",
            received_on="2026-03-05",
        )  # fmt: skip
    told = await desk.get("/hq/dealers/alfki/account")
    assert [entry["balance"] for entry in told["entries"]] == [-300, -600]
    assert told["opening"] == -100


@pytest.mark.parametrize("dealer", ["nobody", "%00", "..", "' OR 1=1"])
async def test_dealers_that_are_none(desk, dealer):
    answer = await desk.client.get(f"/hq/dealers/{dealer}/account".replace("..", "%2E%2E"))
    assert answer.status_code == 404


async def test_stock_and_products(world, desk):
    tablet = await world.device()
    pushed = tablet.write(order(p1=7))
    await tablet.push(pushed)
    await desk.done(pushed.id, "ship", lines={"l1": "3"})
    page = await desk.get("/hq/stock", q="P1")
    assert page["next"] is None
    assert page["rows"] == [
        {
            "product": "p1", "name": {"zh": "p1", "en": "p1"}, "unit": "pcs", "available": "993", "reserved": "4",
            "transit": "3",
        }
    ]  # fmt: skip
    assert len((await desk.get("/hq/stock"))["rows"]) == 8
    (product,) = (await desk.get("/hq/products", q="p8"))["rows"]
    assert (product["id"], product["base_unit"], product["tax_bp"]) == ("p8", "pcs", 1300)
    assert (await desk.get("/hq/products", q="%"))["rows"] == []


async def test_products_of_a_category(world, desk):
    puts = [
        RecordPut("catalog", "category", key, {"id": key, "name": {"zh": zh, "en": key.title()}, "position": position})
        for key, zh, position in (("belts", "皮带", 2), ("oils", "机油", 1))
    ]
    body = {"id": "p1", "name": {"zh": "带", "en": "belt"}, "base_unit": "pcs", "category": "belts"}
    await world.pipeline.put_records("me", [*puts, RecordPut("catalog", "product", "p1", body)])
    page = await desk.get("/hq/products", category="belts")
    assert [product["id"] for product in page["rows"]] == ["p1"]
    assert [(each["id"], each["name"]["zh"]) for each in page["categories"]] == [("oils", "机油"), ("belts", "皮带")]
    assert (await desk.get("/hq/products", category="belts", q="p2"))["rows"] == []
    assert (await desk.get("/hq/products", category="' OR 1=1"))["rows"] == []
    assert len((await desk.get("/hq/products"))["rows"]) == 8


async def test_stock_in_pages(world, desk, monkeypatch):
    monkeypatch.setattr("server.hq.stock.PAGE", 3)
    seen, after = [], ""
    while after is not None:
        page = await desk.get("/hq/stock", after=after)
        seen += [row["product"] for row in page["rows"]]
        after = page["next"]
    assert seen == [f"p{number}" for number in range(1, 9)]


async def test_people_and_devices(world, desk):
    tablet = await world.device()
    rows = {row["id"]: row for row in await desk.get("/hq/people")}
    mine = rows[tablet.principal.account]
    assert (mine["account"], mine["role"], mine["dealer"], mine["dealer_name"]) == (
        tablet.principal.account, "owner", "alfki", "Alfki",
    )  # fmt: skip
    assert (mine["active"], mine["has_password"], mine["devices"], mine["last_synced_at"]) == (True, False, 1, None)
    assert "password" not in mine
    (device,) = await desk.get("/hq/devices")
    assert (device["id"], device["account_name"], device["dealer_name"]) == (tablet.principal.device, "Person", "Alfki")
    assert (device["last_synced_at"], device["revoked_at"]) == (None, None)
    assert "token_hash" not in device
    await desk.client.post(f"/access/devices/{device['id']}/revoke")
    assert (await desk.get("/hq/devices"))[0]["revoked_at"] > 0


async def test_the_audit_log_holds_acts_and_commands_in_pages(world, desk, monkeypatch):
    monkeypatch.setattr("server.hq.people.PAGE", 3)
    tablet = await world.device()
    names = []
    for _ in range(4):
        pushed = tablet.write(order(p1=1))
        await tablet.push(pushed)
        await desk.done(pushed.id, "ship", lines={"l1": "1"})
        names.append(pushed.id)
    await desk.client.post(f"/access/devices/{tablet.principal.device}/revoke")
    seen, after = [], None
    for _ in range(20):
        page = await desk.get("/hq/audit", **({"after": after} if after else {}))
        assert len(page["rows"]) <= 3
        seen += page["rows"]
        after = page["next"]
        if after is None:
            break
    assert len({row["id"] for row in seen}) == len(seen)
    whats = [row["what"] for row in seen]
    assert whats[:5] == ["device_revoked", *["order.ship"] * 4]
    assert whats[5:] == ["sign_in", "account_created", "stock_receipt.record"]
    assert [row["subject"] for row in seen[1:5]] == names[::-1]
    assert {row["by_name"] for row in seen[:6]} == {"Boss"}
    assert seen[0]["subject_name"] == "tablet"
    assert seen[5]["address"]
    assert [row["at"] for row in seen] == sorted((row["at"] for row in seen), reverse=True)
    for after in ("x", "1.2", "1.1.1.1", "-1.0.0"):
        assert (await desk.client.get("/hq/audit", params={"after": after})).status_code == 400


PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


async def test_pictures_are_kept_for_ever_under_their_content(desk, app):
    folder = app.state.settings.pictures
    name = keep_picture(folder, PNG)
    assert name == hashlib.sha256(PNG).hexdigest()[:32] + ".png"
    assert keep_picture(folder, PNG) == name
    answer = await desk.client.get(f"/pictures/{name}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PNG, "image/png")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    again = await desk.client.get(f"/pictures/{name}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "name",
    [
        "x",
        "..%2F..%2Fsecrets%2Fvapid_private_key",
        "%2e%2e",
        "0" * 32 + ".png",
        "0" * 32 + ".html",
        "0" * 32,
        "a%00.png",
    ],
)
async def test_pictures_that_are_none(desk, app, name):
    secret = app.state.settings.secret_file("vapid_private_key")
    secret.write_text("secret")
    answer = await desk.client.get(f"/pictures/{name}")
    assert (answer.status_code, b"secret" in answer.content) == (404, False)


@pytest.mark.parametrize("octets", [b"", b"<html><script>", b"GIF89a", b"MZ" * 100, PNG + b"\x00" * (2 * 1024 * 1024)])
def test_what_is_no_picture_is_not_kept(tmp_path, octets):
    with pytest.raises(ValueError):
        keep_picture(tmp_path, octets)
    assert list(tmp_path.iterdir()) == []


def test_types_by_content(tmp_path):
    assert keep_picture(tmp_path, b"<svg xmlns='x'/>").endswith(".svg")
    assert keep_picture(tmp_path, b"\xff\xd8\xff\xe0jpeg").endswith(".jpg")
    assert keep_picture(tmp_path, b"RIFF\x00\x00\x00\x00WEBPVP8 ").endswith(".webp")
