"""The words of tus 1.0.0 on the wire: versions, extensions, metadata, offsets, checksums. Nothing here touches a file."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from email.utils import formatdate
from typing import Any

import msgspec
from litestar import Request, Response

from server.problems import Problem

from .verdict import LARGEST_ATTACHMENT, TYPES

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
OFFSET_STREAM = "application/offset+octet-stream"
ALGORITHMS = {"sha256": hashlib.sha256, "sha1": lambda: hashlib.sha1(usedforsecurity=False)}
"""The protocol wants SHA-1 to be known. It guards a part against the network; what the whole is, its SHA-256 says."""

STORED = "X-Daybook-Stored"
"""On an answer: the hash that is stored whole. Only this lets a device forget its bytes."""

LONGEST_METADATA = 2048
_HASH = re.compile(r"[0-9a-f]{64}")
_SCOPE = re.compile(r"[a-z]+:[A-Za-z0-9._:@-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,15}")

Asked = Request[Any, Any, Any]


class Described(msgspec.Struct, frozen=True):
    """What `Upload-Metadata` says."""

    hash: str
    scope: str


class Checksum:
    """Of one part: told before it, proven after it."""

    def __init__(self, algorithm: str, expected: bytes) -> None:
        """ValueError for a checksum that cannot be of that algorithm."""
        self._sum = ALGORITHMS[algorithm]()
        if len(expected) != self._sum.digest_size:
            raise ValueError("another length")
        self._expected = expected

    def take(self, octets: bytes) -> None:
        self._sum.update(octets)

    def check(self) -> None:
        """Problem 460 `checksum_mismatch`."""
        if self._sum.digest() != self._expected:
            raise Problem(460, "checksum_mismatch", "The part did not arrive as it was sent. Send it again.")


def check_version(request: Asked) -> None:
    """Problem 412 `tus_version_unknown` for a request that speaks another version, or none. Runs before every handler."""
    if request.method != "OPTIONS" and request.headers.get("tus-resumable") != VERSION:
        raise Problem(412, "tus_version_unknown", f"Send Tus-Resumable: {VERSION}.", {"Tus-Version": VERSION})


def answer_in_tus(_: Asked, problem: Problem) -> Response[bytes]:
    """Errors say the version too."""
    problem.headers.setdefault("Tus-Resumable", VERSION)
    problem.headers.setdefault("Cache-Control", "no-store")
    return problem.response()


def abilities() -> dict[str, str]:
    """Headers of the answer to OPTIONS."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(LARGEST_ATTACHMENT),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def progress(size: int, received: int, expires_at: int, stored: str = "", location: str = "") -> dict[str, str]:
    """Headers that say how far an upload is. `expires_at` in milliseconds, 0 for one that is done."""
    told = {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(received),
        "Upload-Length": str(size),
        "Cache-Control": "no-store",
    }
    if expires_at:
        told["Upload-Expires"] = formatdate(expires_at / 1000, usegmt=True)
    if stored:
        told[STORED] = stored
    if location:
        told["Location"] = location
    return told


def length_of(request: Asked) -> int:
    """`Upload-Length`. Problem 400 `malformed`, also for one that comes later; 413 `attachment_too_large`."""
    length = number_of(request, "upload-length")
    if length == 0:
        raise Problem(400, "malformed", "An attachment has at least one byte.")
    if length > LARGEST_ATTACHMENT:
        raise Problem(
            413,
            "attachment_too_large",
            f"An attachment has at most {LARGEST_ATTACHMENT} bytes.",
            most=LARGEST_ATTACHMENT,
        )
    return length


def number_of(request: Asked, header: str) -> int:
    """A header that is a whole number from 0. Problem 400 `malformed`."""
    text = request.headers.get(header, "")
    if not _NUMBER.fullmatch(text):
        raise Problem(400, "malformed", f"{header.title()} is missing, or is not a whole number.")
    return int(text)


def described(request: Asked) -> Described:
    """`Upload-Metadata`: `hash` and `scope`; `type` may be there and is only looked at to refuse early. Problem 400
    `malformed`, 415 `attachment_type_unknown`."""
    found = _metadata(request.headers.get("upload-metadata", ""))
    digest, scope, kind = found.get("hash", ""), found.get("scope", ""), found.get("type")
    if not _HASH.fullmatch(digest):
        raise Problem(
            400, "malformed", "Upload-Metadata has no hash: the SHA-256 of the bytes, 64 lower-case hex digits."
        )
    if not _SCOPE.fullmatch(scope):
        raise Problem(400, "malformed", "Upload-Metadata has no scope.")
    if kind is not None and kind not in TYPES:
        raise Problem(415, "attachment_type_unknown", f"Taken are {', '.join(TYPES)}.", types=list(TYPES))
    return Described(digest, scope)


def _metadata(header: str) -> dict[str, str]:
    if len(header) > LONGEST_METADATA:
        raise Problem(400, "malformed", f"Upload-Metadata has at most {LONGEST_METADATA} letters.")
    found: dict[str, str] = {}
    for pair in filter(None, header.split(",")):
        name, _, value = pair.strip().partition(" ")
        try:
            text = base64.b64decode(value.encode("ascii"), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeError):
            raise Problem(400, "malformed", "Upload-Metadata is pairs of a name and base64, with commas.") from None
        if name in found:
            raise Problem(400, "malformed", "Upload-Metadata names something twice.")
        found[name] = text
    return found


def checksum_of(request: Asked) -> Checksum | None:
    """`Upload-Checksum`, if there is one. Problem 400 `checksum_unknown` or `malformed`."""
    header = request.headers.get("upload-checksum")
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Problem(400, "checksum_unknown", f"Known are {', '.join(ALGORITHMS)}.")
    try:
        return Checksum(algorithm, base64.b64decode(value.encode("ascii"), validate=True))
    except ValueError:  # no base64, not ASCII, another length
        raise Problem(400, "malformed", "Upload-Checksum is an algorithm, a space and base64.") from None


def check_stream(request: Asked) -> None:
    """Problem 415 unless the body is a part of an upload."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != OFFSET_STREAM or request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(415, "unsupported_media_type", f"Send {OFFSET_STREAM}, not compressed.")
