"""Errors that a caller is told about: one exception, one form on the wire (`application/problem+json`, RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

PROBLEM_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that is an error. `code` is stable and for programs; `detail` is English and for people.

    `status` is the HTTP status, `headers` go out with it (`Retry-After`), `extra` are further members of the answer.
    """

    def __init__(
        self, status: int, code: str, detail: str = "", headers: dict[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(f"{status} {code}: {detail}" if detail else f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The members of the answer. Extra members never replace the standard ones."""
        return {
            **self.extra,
            "type": f"urn:daybook:problem:{self.code}",
            "title": _title(self.status),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }

    def response(self) -> Response[bytes]:
        return Response(
            msgspec.json.encode(self.body()), status_code=self.status, media_type=PROBLEM_TYPE, headers=self.headers
        )


def problem_answer(_: Request[Any, Any, Any], problem: Problem) -> Response[bytes]:
    """Litestar's exception handler for `Problem`."""
    return problem.response()


_CODES = {
    400: "malformed",
    401: "token_unknown",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "slow_down",
    503: "busy",
}


def http_answer(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Litestar's own errors in the same form."""
    code = _CODES.get(error.status_code, "malformed" if error.status_code < 500 else "internal")
    headers = {str(name): str(value) for name, value in (error.headers or {}).items()}
    return Problem(error.status_code, code, error.detail, headers).response()


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
