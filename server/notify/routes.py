"""HTTP of Web Push: the key to subscribe with, and the subscriptions."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from litestar import Controller, Request, Router, delete, get, post
from litestar.di import NamedDependency, Provide

from server.access.body import read_body, takes
from server.access.guards import provide_either
from server.access.principal import Principal, now_ms
from server.problems import Problem
from server.store import push

Asked = Request[Any, Any, Any]
Asking = NamedDependency[Principal]

MOST = 20
"""Subscriptions of one person."""


class Keys(msgspec.Struct, frozen=True):
    p256dh: str
    auth: str


class Subscription(msgspec.Struct, frozen=True):
    """As the browser's `PushSubscription.toJSON()` gives it."""

    endpoint: str
    keys: Keys


class Endpoint(msgspec.Struct, frozen=True):
    endpoint: str


class ServerKey(msgspec.Struct, frozen=True):
    key: str


class NotifyController(Controller):
    path = "/notify"
    tags = ("notify",)

    @get("/key")
    async def key(self, request: Asked) -> ServerKey:
        """`applicationServerKey`, base64url."""
        return ServerKey(request.app.state.push_sender.public_key)

    @post(
        "/subscriptions",
        status_code=204,
        operation_class=takes(Subscription),
        dependencies={"principal": Provide(provide_either)},
    )
    async def subscribe(self, request: Asked, principal: Asking) -> None:
        """Body: a subscription. Again with the same endpoint: its keys are replaced."""
        body = await read_body(request, Subscription)
        check_keys(body.keys)
        await request.app.state.push_sender.endpoints.check(body.endpoint)
        row = {"endpoint_hash": endpoint_hash(body.endpoint), "endpoint": body.endpoint, "account": principal.account}
        row |= {"p256dh": body.keys.p256dh, "auth": body.keys.auth, "device": principal.device or ""}
        async with request.app.state.database.transaction() as tx:
            await push.subscribe(tx, {**row, "created_at": now_ms()}, MOST)

    @delete(
        "/subscriptions",
        status_code=204,
        operation_class=takes(Endpoint),
        dependencies={"principal": Provide(provide_either)},
    )
    async def unsubscribe(self, request: Asked, principal: Asking) -> None:
        """Body: endpoint. One that is unknown, or somebody else's, is not told apart."""
        body = await read_body(request, Endpoint)
        async with request.app.state.database.transaction() as tx:
            await push.unsubscribe(tx, endpoint_hash(body.endpoint), principal.account)


def endpoint_hash(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def check_keys(keys: Keys) -> None:
    """Problem 400 `push_keys_malformed` unless a message can be encrypted for them."""
    try:
        point, secret = _octets(keys.p256dh), _octets(keys.auth)
        if len(point) != 65 or len(secret) != 16:
            raise ValueError
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, binascii.Error):
        raise Problem(400, "push_keys_malformed", "p256dh is a point of P-256 and auth has 16 bytes.") from None


def _octets(text: str) -> bytes:
    plain = text.rstrip("=")
    if len(plain) > 100 or not plain.isascii() or not plain.replace("-", "a").replace("_", "a").isalnum():
        raise ValueError
    return base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4))


router = Router(path="/", route_handlers=[NotifyController])
