"""The bodies of `/sync`: unpack what was compressed, read what was sent, write what is answered. Bounded before it is believed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
import zstandard

from server.problems import Problem

from .protocol import LARGEST_UNPACKED, PROTOCOL, SyncAnswer, SyncRequest

MESSAGEPACK = "application/x-msgpack"
JSON = "application/json"
_FORMS = {
    MESSAGEPACK: MESSAGEPACK,
    "application/msgpack": MESSAGEPACK,
    "application/vnd.msgpack": MESSAGEPACK,
    JSON: JSON,
}
_WINDOW = 8 * 1024 * 1024
"""Bytes that a zstd frame may make the server hold."""
_BITE = 256
"""Bytes of a zstd body at a time: a bite may unpack to 32,768 times its size before it is measured."""
Decoded = TypeVar("Decoded")

_read_json = msgspec.json.Decoder(SyncRequest)
_read_messagepack = msgspec.msgpack.Decoder(SyncRequest)
_write_json = msgspec.json.Encoder()
_write_messagepack = msgspec.msgpack.Encoder()
_json_value = msgspec.json.Decoder()


def form_of(content_type: str) -> str:
    """MessagePack or JSON. Problem 415 for anything else."""
    form = _FORMS.get(content_type.partition(";")[0].strip().lower())
    if form is None:
        raise Problem(415, "unsupported_media_type", f"send {MESSAGEPACK} or {JSON}")
    return form


def answer_form(accept: str, asked: str) -> str:
    """The first form that `Accept` names and this server speaks, else that of the request."""
    for part in accept.split(","):
        form = _FORMS.get(part.partition(";")[0].strip().lower())
        if form is not None:
            return form
    return asked


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body without its compression. Problem 413 beyond `LARGEST_UNPACKED`, 415 for an unknown encoding, 400 for a cut one."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        plain = body
    elif name == "gzip":
        plain = _gunzip(body)
    elif name == "zstd":
        plain = _unzstd(body)
    else:
        raise Problem(415, "unsupported_media_type", "a body is compressed with gzip or zstd, or not at all")
    if len(plain) > LARGEST_UNPACKED:
        raise Problem(413, "too_large", f"at most {LARGEST_UNPACKED} bytes unpacked")
    return plain


def _gunzip(body: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, LARGEST_UNPACKED + 1)
    except zlib.error as error:
        raise Problem(400, "malformed", "the body is no gzip") from error
    if len(plain) <= LARGEST_UNPACKED and (not unpacker.eof or unpacker.unused_data):
        raise Problem(400, "malformed", "the gzip body is cut or has something behind it")
    return plain


def _unzstd(body: bytes) -> bytes:
    try:
        unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj(read_across_frames=False)
        plain = bytearray()
        for start in range(0, len(body), _BITE):
            if unpacker.eof:
                raise Problem(400, "malformed", "there is something behind the zstd body")
            plain += unpacker.decompress(body[start : start + _BITE])
            if len(plain) > LARGEST_UNPACKED:
                raise Problem(413, "too_large", f"at most {LARGEST_UNPACKED} bytes unpacked")
    except zstandard.ZstdError as error:
        raise Problem(400, "malformed", "the body is no zstd") from error
    if not unpacker.eof or unpacker.unused_data:
        raise Problem(400, "malformed", "the zstd body is cut or has something behind it")
    return bytes(plain)


def read_request(body: bytes, form: str) -> SyncRequest:
    """Problem 400 for what is not a request of this protocol."""
    request = guarded(_read_json.decode if form == JSON else _read_messagepack.decode, body)
    if request.protocol != PROTOCOL:
        raise Problem(400, "protocol_unknown", f"this server speaks protocol {PROTOCOL}", protocol=PROTOCOL)
    return request


def guarded(decode: Callable[[bytes], Decoded], body: bytes) -> Decoded:
    """Decode, whatever the bytes are. Problem 400 `malformed`."""
    try:
        return decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError) as error:
        raise Problem(400, "malformed", str(error)[:200]) from error


def write_answer(answer: SyncAnswer, form: str) -> bytes:
    return _write_json.encode(answer) if form == JSON else _write_messagepack.encode(answer)


def json_reader(form: str) -> Callable[[str], Any]:
    """How stored JSON goes into an answer of that form."""
    return (lambda text: msgspec.Raw(text.encode())) if form == JSON else _json_value.decode
