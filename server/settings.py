"""Settings: from `DAYBOOK_*` variables, or from options of the same names on the command line."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: where `pwa/dist` and `schemas` lie beside the package."""

Words = Annotated[list[str], NoDecode]
"""A list that is written with commas between its words."""


class Settings(BaseSettings):
    """What may differ between one place where Daybook runs and another. Every field has a default that works."""

    model_config = SettingsConfigDict(env_prefix="DAYBOOK_", extra="forbid", frozen=True, env_ignore_empty=True)

    host: str = Field("127.0.0.1", description="Network address to listen on; 0.0.0.0 for all.")
    port: int = Field(8000, ge=0, le=65_535, description="Port to listen on; 0 takes a free one.")
    data: Path = Field(Path("data"), description="Folder of the database, pictures and secrets.")
    database_url: str = Field("", description="postgresql://…; empty: one SQLite file in the data folder.")
    public_url: str = Field("", description="Address that people use, if a proxy stands before the server.")
    tls_cert: Path | None = Field(None, description="Certificate chain (PEM); serves HTTPS together with the key.")
    tls_key: Path | None = Field(None, description="Private key (PEM) of the certificate.")
    trusted_proxies: Words = Field([], description="Addresses of proxies whose X-Forwarded-* headers are believed.")
    processes: int = Field(1, ge=1, le=64, description="Server processes; more than one needs PostgreSQL.")
    gate_workers: int = Field(2, ge=1, le=64, description="Worker processes that examine incoming changes.")
    gate_seconds: float = Field(10.0, gt=0, description="Seconds that one examination may take.")
    gate_memory: int = Field(512, ge=64, description="MiB of memory that one worker may use.")
    gate_compiled: bool = Field(True, description="Workers check with compiled code where set-up made it.")
    push_services: Words = Field([], description="Hosts of further Web Push services, besides the known ones.")
    push_contact: str = Field("mailto:admin@example.org", description="Whom a push service may write to.")
    log_format: Literal["console", "json"] = Field("console", description="Form of the log lines.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    lang: Literal["zh-CN", "en"] = Field("zh-CN", description="Language of new accounts and of the demo.")
    currency: str = Field("CNY", pattern=r"^[A-Z]{3}$", description="Currency of headquarters (ISO 4217).")
    costing: Literal["average", "fifo"] = Field(
        "average", description="How stock is valued; set it before the first goods move."
    )
    demo: bool = Field(True, description="Fill an empty database with a small demo dealer network.")
    pwa: Path = Field(ROOT / "pwa" / "dist", description="Folder of the built app.")

    @field_validator("trusted_proxies", "push_services", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            [word for word in (part.strip() for part in value.split(",")) if word] if isinstance(value, str) else value
        )

    @model_validator(mode="after")
    def _whole_tls(self) -> Self:
        if (self.tls_key is None) != (self.tls_cert is None):
            raise ValueError("TLS needs both: tls_cert and tls_key")
        if self.processes > 1 and not self.database_url:
            raise ValueError("several processes need PostgreSQL: set database_url")
        return self

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, url: str) -> str:
        if url and not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("a database address starts with postgresql://; leave it empty for SQLite")
        return url

    @property
    def sqlite_file(self) -> Path:
        """The database file, where no `database_url` is given."""
        return self.data / "daybook.sqlite"

    @property
    def pictures(self) -> Path:
        """Folder of content-addressed pictures."""
        return self.data / "pictures"

    @property
    def attachments(self) -> Path:
        """Folder of photos that entries refer to, stored and on their way."""
        return self.data / "attachments"

    @property
    def address(self) -> str:
        """The address that people use, without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = {"0.0.0.0": "localhost", "127.0.0.1": "localhost", "::": "localhost"}.get(self.host, self.host)
        return f"{'https' if self.tls_cert else 'http'}://{f'[{host}]' if ':' in host else host}:{self.port}"

    def secret_file(self, name: str) -> Path:
        """Path of a secret; its folder exists and is closed to others."""
        folder = self.data / "secrets"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder / name

    def secret(self, name: str) -> bytes:
        """32 random bytes, made once and kept in a file that only the owner may read."""
        path = self.secret_file(name)
        if not path.exists():
            write_secret(path, secrets.token_bytes(32))
        return path.read_bytes()


def write_secret(path: Path, content: bytes) -> None:
    """Writes a file with mode 0600, whole or not at all. Another process that wrote it first wins."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
