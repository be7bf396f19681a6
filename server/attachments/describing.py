"""What the API page says of the headers that tus brings: the handlers read them themselves, to answer in one form."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)

from .tus import OFFSET_STREAM, VERSION


def _header(name: str, told: str, kind: OpenAPIType = OpenAPIType.STRING, required: bool = True) -> Parameter:
    return Parameter(name=name, param_in="header", description=told, required=required, schema=Schema(type=kind))


_VERSION = _header("Tus-Resumable", VERSION)
_CHECKSUM = _header("Upload-Checksum", "sha256 or sha1, a space, base64 of the part's checksum", required=False)
_LENGTH = _header("Upload-Length", "Bytes of the whole", OpenAPIType.INTEGER)
_OFFSET = _header("Upload-Offset", "Where this part begins", OpenAPIType.INTEGER)
_METADATA = _header("Upload-Metadata", "hash and scope, each with its value in base64, with a comma between")
_BODY = {OFFSET_STREAM: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))}


@dataclass
class SpeaksTus(Operation):
    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or []), _VERSION]


@dataclass
class BeginsUpload(Operation):
    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or []), _VERSION, _LENGTH, _METADATA, _CHECKSUM]
        self.request_body = RequestBody(content=_BODY, required=False)


@dataclass
class SendsPart(Operation):
    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or []), _VERSION, _OFFSET, _CHECKSUM]
        self.request_body = RequestBody(content=_BODY, required=True)
