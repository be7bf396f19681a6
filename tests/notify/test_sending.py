"""Jobs: encrypted for their subscriber, tried again as asked, sent by one process, not lost when one dies."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import msgspec
import pytest

from server.notify import sender as sending
from server.notify.jobs import LARGEST, MOST_AT_ONCE, Told, body_of, enqueue_pushes
from server.notify.sender import LEASE, MOST_TRIES, PushSender, retry_after_ms, topic_of
from server.store import push, records

from .signatures import claims_of

NOTICE = Told("dealer:alfki", "order_accepted", {"number": "7K3M-0001", "total": 125_000}, "ab" * 16, "order")


async def enqueue(database, *notices) -> None:
    async with database.transaction() as tx:
        await enqueue_pushes(tx, notices or (NOTICE,))


async def jobs(database) -> list[dict]:
    async with database.reading() as tx:
        return await tx.rows("SELECT * FROM push_job ORDER BY id")


async def subscriptions(database) -> list[str]:
    async with database.reading() as tx:
        return [row["endpoint"] for row in await tx.rows("SELECT endpoint FROM push_subscription ORDER BY endpoint")]


def at(monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
    monkeypatch.setattr(sending, "now_ms", lambda: moment)


async def test_the_subscriber_reads_what_was_decided(database, sender, service, subscribed):
    browser = await subscribed("olga")
    await enqueue(database)
    assert await sender.work_off() == 1
    ((path, headers, message),) = service.received
    assert path == "/push/olga"
    about = {"code": "order_accepted", "params": NOTICE.params, "document": "ab" * 16, "kind": "order", "hq": False}
    assert browser.open(message) == about
    assert b"order_accepted" not in message
    assert headers["TTL"] == str(7 * 24 * 3600)
    assert headers["Topic"] == topic_of(body_of(NOTICE))
    assert 0 < len(headers["Topic"]) <= 32
    assert headers["Content-Encoding"] == "aes128gcm"
    assert await jobs(database) == []
    claims = claims_of(headers["Authorization"], sender.public_key)
    assert claims["aud"] == service.url
    assert claims["sub"] == "mailto:push@daybook.test"


async def test_each_audience_and_nobody_else(database, sender, service, subscribed):
    for login, role, dealer in (
        ("own", "owner", "alfki"), ("staff", "staff", "alfki"), ("other", "owner", "bonap"), ("sales", "sales", None),
        ("finance", "finance", None), ("tess", "technician", None), ("tom", "technician", None),
    ):  # fmt: skip
        await subscribed(login, role, dealer)

    async def told(audience: str) -> list[str]:
        service.received.clear()
        await enqueue(database, Told(audience, "c", {}))
        await sender.work_off()
        return sorted(path.rpartition("/")[2] for path, _, _ in service.received)

    async with database.reading() as tx:
        ids = await tx.rows("SELECT id FROM account WHERE login IN ('tess', 'tom') ORDER BY login")
        tess, tom = (row["id"] for row in ids)
    async with database.transaction() as tx:
        for seq, (who, served) in enumerate(((tess, "alfki"), (tom, "bonap")), 1):
            body = msgspec.json.encode({"id": who, "name": who, "dealers": [served]}).decode()
            await records.write(tx, [("technician", who, f"technician:{who}", seq, body)])
    assert await told("dealer:alfki") == ["own", "staff"]
    assert await told("dealer:bonap") == ["other"]
    assert await told("hq") == ["finance", "sales"]
    assert await told(f"technician:{tess}") == ["tess"]
    assert await told("service:alfki") == ["own", "staff", "tess"]
    assert await told("service:nobody") == []
    assert await told("catalog") == []
    assert await told("dealer:") == []


async def test_who_was_switched_off_is_told_nothing(database, sender, service, subscribed):
    await subscribed("off")
    await subscribed("lost", device="00" * 8)
    await subscribed("kept", device="11" * 8)
    async with database.transaction() as tx:
        for device in ("00" * 8, "11" * 8):
            await tx.execute(
                "INSERT INTO device (id, account, name, short_code, token_hash, created_at) VALUES (?, '', '', ?, ?, 1)",
                device, device[:4], device,
            )  # fmt: skip
    await enqueue(database)  # the jobs are there before they are switched off
    async with database.transaction() as tx:
        await tx.execute("UPDATE account SET active = ? WHERE login = 'off'", False)
        await tx.execute("UPDATE device SET revoked_at = 1 WHERE id = ?", "00" * 8)
    await enqueue(database)
    while await sender.work_off():
        pass
    assert [path for path, _, _ in service.received] == ["/push/kept"] * 2
    assert await jobs(database) == []


async def test_nothing_is_sent_of_a_transaction_that_failed(database, sender, service, subscribed):
    await subscribed("olga")

    async def decide() -> None:
        async with database.transaction() as tx:
            await enqueue_pushes(tx, [NOTICE])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await decide()
    assert await sender.work_off() == 0


@pytest.mark.parametrize("status", [404, 410])
async def test_a_dead_endpoint_goes_with_all_its_jobs(database, sender, service, subscribed, status):
    await subscribed("olga")
    await subscribed("stan", "staff")
    await enqueue(database, NOTICE, NOTICE._replace(document="cd" * 16))
    service.answers = [status] * 4
    await sender.work_off()
    assert await subscriptions(database) == []
    assert await jobs(database) == []


async def test_retry_after_in_seconds(database, sender, service, subscribed, monkeypatch):
    await subscribed("olga")
    await enqueue(database)
    start = sending.now_ms()
    service.answers = [(429, {"Retry-After": "120"})]
    await sender.work_off()
    (job,) = await jobs(database)
    assert start + 120_000 <= job["next_at"] <= start + 125_000
    assert await sender.work_off() == 0
    at(monkeypatch, start + 126_000)
    assert await sender.work_off() == 1
    assert (await jobs(database), len(service.received)) == ([], 2)


async def test_retry_after_as_a_date(database, sender, service, subscribed):
    await subscribed("olga")
    await enqueue(database)
    start = sending.now_ms()
    service.answers = [(503, {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)})]
    await sender.work_off()
    (job,) = await jobs(database)
    assert abs(job["next_at"] - start - 2 * 3_600_000) < 10_000


def test_retry_after_that_says_nothing():
    assert [retry_after_ms(text) for text in (None, "", "soon", "-5", "١٢", "Thu, 99 Foo 2026")] == [0] * 6
    assert retry_after_ms("Thu, 01 Jan 1970 00:00:00 GMT") == 0
    assert retry_after_ms("9" * 400) == 24 * 3_600_000


async def test_errors_are_tried_less_and_less_often_and_then_no_more(
    database, sender, service, subscribed, monkeypatch
):
    await subscribed("olga")
    await enqueue(database)
    service.answers = [500] * 50
    moment, waits = sending.now_ms(), []
    for _ in range(MOST_TRIES):
        at(monkeypatch, moment)
        assert await sender.work_off() == 1
        left = await jobs(database)
        if left:
            waits.append(left[0]["next_at"] - moment)
            moment = left[0]["next_at"]
    assert await jobs(database) == []
    assert len(service.received) == MOST_TRIES
    assert all(later > 1.2 * earlier for earlier, later in pairwise(waits))
    assert await subscriptions(database) != []


@pytest.mark.parametrize("status", [400, 401, 403, 413])
async def test_what_another_try_would_not_mend_is_not_tried_again(database, sender, service, subscribed, status):
    await subscribed("olga")
    await enqueue(database)
    service.answers = [status]
    await sender.work_off()
    assert (await jobs(database), len(await subscriptions(database))) == ([], 1)


async def test_no_redirect_is_followed(database, sender, service, subscribed):
    await subscribed("olga")
    await enqueue(database)
    for status in (301, 302, 307, 308):
        service.answers = [(status, {"Location": f"{service.url}/elsewhere"})]
        await enqueue(database)
        await sender.work_off()
    assert {path for path, _, _ in service.received} == {"/push/olga"}


async def test_a_service_that_is_away(database, sender, subscribed):
    await subscribed("olga")
    async with database.transaction() as tx:
        await tx.execute("UPDATE push_subscription SET endpoint = ?", "https://fcm.googleapis.com/never-asked")

    async def away(*_):
        raise OSError("no name")

    sender.endpoints.resolver.look_up = away
    await enqueue(database)
    await sender.work_off()
    (job,) = await jobs(database)
    assert job["tries"] == 1
    assert job["next_at"] > sending.now_ms()


async def test_many_notices_at_once_knock_a_few_times_with_the_newest(database, subscribed):
    """A tablet that comes home with forty orders is no reason for forty pushes; the feed has them all."""
    await subscribed("olga")
    await enqueue(database, *(NOTICE._replace(document=f"{number:032x}") for number in range(40)))
    told = [msgspec.json.decode(job["body"])["document"] for job in await jobs(database)]
    assert told == [f"{number:032x}" for number in range(40 - MOST_AT_ONCE, 40)]


async def test_two_processes_send_each_job_once(database, settings, service, subscribed):
    for number in range(4):
        await subscribed(f"staff{number}", "staff")
    for number in range(15):
        await enqueue(database, NOTICE._replace(document=f"{number:032x}"))
    senders = [PushSender(database, settings) for _ in range(2)]

    async def run(sender: PushSender) -> int:
        done = 0
        while sent := await sender.work_off():
            done += sent
        return done

    done = await asyncio.gather(*(run(sender) for sender in senders))
    for sender in senders:
        await sender.stop()
    assert sum(done) == 60
    assert len({(path, headers["Topic"]) for path, headers, _ in service.received}) == len(service.received) == 60


async def test_a_process_that_dies_while_sending_loses_nothing(database, sender, service, subscribed, monkeypatch):
    await subscribed("olga")
    await enqueue(database)
    now = sending.now_ms()
    async with database.transaction() as tx:
        assert len(await push.claim(tx, now, now + LEASE, 10)) == 1  # and here the power fails
    assert await sender.work_off() == 0
    at(monkeypatch, now + LEASE + 1)
    assert await sender.work_off() == 1
    assert len(service.received) == 1


async def test_the_sender_runs_by_itself(database, settings, service, subscribed):
    """Started once; a decision wakes it, long before it would look again."""
    browser = await subscribed("olga")
    sender = PushSender(database, settings)
    await sender.start()
    try:
        await asyncio.sleep(0.05)
        async with database.transaction() as tx:
            await enqueue_pushes(tx, [NOTICE])
            database.notify(tx, {"dealer:alfki": 7})
        for _ in range(150):
            if service.received:
                break
            await asyncio.sleep(0.02)
    finally:
        await sender.stop()
    assert browser.open(service.received[0][2])["code"] == "order_accepted"


def test_a_body_fits():
    large = msgspec.json.decode(body_of(Told("hq", "c", {"x": "字" * 2000}, "d", "order")))
    assert large == {"code": "c", "params": {}, "document": "d", "kind": "order", "hq": True}
    assert len(body_of(Told("hq", "c", {"x": "y" * 2900}, "d", "order")).encode()) <= LARGEST


def test_headquarters_is_told_names_that_a_tablet_has():
    low = {"location": "dealer:alfki:cold", "product": "chai", "on_hand": "3"}
    names = {("product", "chai"): {"zh": "茶", "en": "Chai"}, ("dealer", "alfki"): "Alfreds"}
    body = msgspec.json.decode(body_of(Told("hq", "stock_low", low), names))
    assert body["names"] == {"product": {"zh": "茶", "en": "Chai"}, "place": "Alfreds"}
    assert "names" not in msgspec.json.decode(body_of(Told("dealer:alfki", "stock_low", low)))


def test_keys_are_made_once_and_for_the_owner_only(database, settings, tmp_path, monkeypatch):
    first = PushSender(database, settings).public_key
    assert len(base64.urlsafe_b64decode(first + "=")) == 65
    assert PushSender(database, settings).public_key == first
    file = tmp_path / "secrets" / "vapid_private_key"
    assert file.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("DAYBOOK_VAPID_PRIVATE_KEY", "A" * 42 + "E")
    assert PushSender(database, settings).public_key != first
    monkeypatch.setenv("DAYBOOK_VAPID_PRIVATE_KEY", "not a key")
    with pytest.raises(ValueError, match="VAPID"):
        PushSender(database, settings)
