"""Thresholds and closings: who may, what is kept, and that asking twice does no harm."""

from __future__ import annotations

import pytest

from server.sync.masters import RecordPut

DAY = 24 * 3_600_000
THRESHOLDS = {"location": "dealer:alfki", "product": "p1", "low": "5", "high": "20.5"}


async def put(desk, **body: object):
    return await desk.client.put("/hq/policies", json=THRESHOLDS | body)


async def test_a_threshold_is_set_read_edited_and_taken_away(world, desk):
    tablet = await world.device()
    answer = await put(desk, version=0)
    assert (answer.status_code, answer.json()) == (200, {"changed": True, "version": 1})
    assert (await put(desk, version=0)).json() == {"changed": False, "version": 1}
    (row,) = (await desk.get("/hq/policies"))["rows"]
    assert row == {
        "location": "dealer:alfki", "product": "p1", "low": "5", "high": "20.5", "reorder_level": None,
        "reorder_quantity": None, "on_order": "0", "name": {"zh": "p1", "en": "p1"}, "unit": "pcs",
        "location_name": "Alfki", "version": 1,
    }  # fmt: skip
    assert (await put(desk, low="6", version=1)).json()["version"] == 2
    lost = await put(desk, low="7", version=1)
    assert (lost.status_code, lost.json()["code"], lost.json()["version"]) == (409, "edited_meanwhile", 2)
    await tablet.sync()
    assert tablet.records["stock_policy", "dealer:alfki/p1"]["low"] == "6"
    assert tablet.records["stock_on_hand", "dealer:alfki/p1"]["level"] == "low"
    query = {"location": "dealer:alfki", "product": "p1"}
    assert (await desk.client.delete("/hq/policies", params=query)).json() == {"changed": True, "version": 3}
    assert (await desk.client.delete("/hq/policies", params=query)).json()["changed"] is False
    assert (await desk.get("/hq/policies"))["rows"] == []
    whats = [row["what"] for row in (await desk.get("/hq/audit"))["rows"]]
    assert whats[:3] == ["stock_policy_removed", "stock_policy_set", "stock_policy_set"]
    entry = (await desk.get("/hq/audit"))["rows"][1]
    assert (entry["subject"], entry["detail"]["before"]["low"], entry["detail"]["after"]["low"]) == (
        "dealer:alfki/p1", "5", "6",
    )  # fmt: skip


@pytest.mark.rule("SY10")
async def test_a_threshold_of_one_dealer_is_no_word_to_another(world, desk):
    berga = await world.device("berga")
    await put(desk)
    answers = await berga.sync()
    assert ("stock_policy", "dealer:alfki/p1") not in berga.records
    assert "alfki" not in str(answers)


async def test_thresholds_that_are_none(world, desk):
    for change, status, code in (
        ({"low": "-1"}, 400, "params_invalid"),
        ({"low": "1.2345"}, 400, "params_invalid"),
        ({"low": "x"}, 400, "params_invalid"),
        ({"low": "30"}, 400, "low_above_high"),
        ({"reorder_quantity": "0"}, 200, ""),
        ({"product": "nothing"}, 404, "unknown_product"),
        ({"location": "dealer:nobody"}, 404, "location_unknown"),
        ({"location": "van:nobody"}, 404, "location_unknown"),
        ({"location": "supplier"}, 404, "location_unknown"),
        ({"more": 1}, 400, "malformed"),
        ({"low": 5}, 400, "malformed"),
    ):
        answer = await put(desk, **change)
        assert (answer.status_code, answer.json().get("code", "")) == (status, code), change
    for location in ("supplier", "' OR 1=1"):
        answer = await desk.client.delete("/hq/policies", params={"location": location, "product": "p1"})
        assert answer.status_code == 404


async def test_policies_by_place_text_and_page(world, desk, monkeypatch):
    await world.pipeline.put_records(
        "me", [RecordPut("technician:t1", "technician", "t1", {"id": "t1", "name": "Wang", "dealers": ["alfki"]})]
    )
    for location in ("dealer:alfki", "dealer:alfki:cold", "van:t1", "warehouse:main"):
        for product in ("p1", "p2"):
            assert (await put(desk, location=location, product=product)).status_code == 200
    rows = (await desk.get("/hq/policies"))["rows"]
    assert [(row["location"], row["location_name"]) for row in rows][::2] == [
        ("dealer:alfki", "Alfki"), ("dealer:alfki:cold", "Alfki"), ("van:t1", "Wang"), ("warehouse:main", None),
    ]  # fmt: skip
    assert len((await desk.get("/hq/policies", location="van:t1"))["rows"]) == 2
    assert len((await desk.get("/hq/policies", q="P2"))["rows"]) == 4
    monkeypatch.setattr("server.hq.thresholds.PAGE", 3)
    seen, after = [], ""
    while after is not None:
        page = await desk.get("/hq/policies", after=after)
        seen += page["rows"]
        after = page["next"]
    assert seen == rows


async def test_a_period_is_closed_once_and_never_before_the_last(world, desk, sign_in):
    tablet = await world.device()
    now = world.pipeline.clock()
    first, second = now - 40 * DAY, now - 10 * DAY
    answer = await desk.client.post("/hq/periods", json={"until": second})
    assert (answer.status_code, answer.json()) == (200, {"changed": True, "version": 1})
    assert (await desk.client.post("/hq/periods", json={"until": second})).json() == {"changed": False, "version": 1}
    earlier = await desk.client.post("/hq/periods", json={"until": first})
    assert (earlier.status_code, earlier.json()["code"], earlier.json()["figures"]) == (
        409, "period_not_after", {"until": second},
    )  # fmt: skip
    for until in (0, -1, now + DAY):
        answer = await desk.client.post("/hq/periods", json={"until": until})
        assert (answer.status_code, answer.json()["code"]) == (400, "period_in_future")
    finance = await sign_in("finance", "book keeper")
    assert (await finance.client.post("/hq/periods", json={"until": now - DAY})).status_code == 200
    told = await desk.get("/hq/periods", until=now)
    assert [(each["until"], each["by_name"]) for each in told["closings"]] == [
        (now - DAY, "Book Keeper"), (second, "Boss"),
    ]  # fmt: skip
    assert all(each["closed_at"] >= now for each in told["closings"])
    assert told["behind"] == {"silent": 1, "held": 0}
    assert (await desk.get("/hq/periods"))["behind"] is None
    acts = [(row["what"], row["by_name"]) for row in (await desk.get("/hq/audit"))["rows"]]
    assert acts[0] == ("period_closed", "Book Keeper")
    assert ("period_closed", "Boss") in acts
    await tablet.sync()
    assert not [key for key in tablet.records if key[0] == "periods"]


async def test_who_may_edit(world, sign_in):
    sales, finance, service = [await sign_in(role) for role in ("sales", "finance", "service")]
    for somebody, policy, period in ((sales, 200, 403), (finance, 403, 200), (service, 403, 403)):
        answer = await put(somebody)
        assert answer.status_code == policy
        query = {"location": "dealer:alfki", "product": "p1"}
        assert (await somebody.client.delete("/hq/policies", params=query)).status_code == policy
        answer = await somebody.client.post("/hq/periods", json={"until": 1_000})
        assert answer.status_code == period
        if period == 403:
            assert answer.json()["code"] == "role_may_not"
    without = await sales.client.put("/hq/policies", json=THRESHOLDS, headers={"X-Daybook": ""})
    assert (without.status_code, without.json()["code"]) == (403, "not_from_daybook")


@pytest.mark.rule("SY10")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/hq/documents?kind=order"), ("GET", f"/hq/documents/{'0' * 32}/consequences"), ("GET", "/hq/policies"),
        ("GET", "/hq/stock/locations"), ("GET", "/hq/stock/lines"), ("GET", "/hq/periods"), ("PUT", "/hq/policies"),
        ("GET", "/hq/stock/movements?location=dealer:alfki&product=p1"), ("POST", "/hq/periods"),
        ("DELETE", "/hq/policies?location=dealer:alfki&product=p1"),
    ],
)  # fmt: skip
async def test_no_device_comes_here(world, desk, method, path):
    tablet = await world.device()
    desk.client.cookies.clear()
    for headers in ({}, {"Authorization": f"Bearer {tablet.token}"}, {"Cookie": f"daybook_session={tablet.token}"}):
        answer = await desk.client.request(method, path, headers=headers, **({"json": {}} if method != "GET" else {}))
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
