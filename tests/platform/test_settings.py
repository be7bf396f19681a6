"""Settings come from variables or from options of the same names; what is wrong in them is told in one line."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from server.commands.options import with_settings
from server.commands.serve import hand_to_children
from server.settings import Settings, write_secret


@click.command()
@with_settings()
def shown(settings: Settings) -> None:
    click.echo(settings.model_dump_json())


def test_an_option_goes_before_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYBOOK_PORT", "9001")
    monkeypatch.setenv("DAYBOOK_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2")
    assert Settings().port == 9001
    assert Settings().trusted_proxies == ["10.0.0.1", "10.0.0.2"]
    told = CliRunner().invoke(shown, ["--port", "9002", "--no-demo", "--push-services", "a.example,b.example"])
    assert '"port":9002' in told.output
    assert '"demo":false' in told.output
    assert '"push_services":["a.example","b.example"]' in told.output


def test_every_setting_is_an_option() -> None:
    told = CliRunner().invoke(shown, ["--help"]).output
    assert [name for name in Settings.model_fields if f"--{name.replace('_', '-')}" not in told] == []


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--database-url", "mysql://x", "postgresql://"),
        ("--processes", "3", "PostgreSQL"),
        ("--tls-cert", "a.pem", "tls_key"),
        ("--currency", "yuan", "DAYBOOK_CURRENCY"),
    ],
)
def test_wrong_settings_are_told_in_one_line(option: str, value: str, said: str) -> None:
    told = CliRunner().invoke(shown, [option, value])
    assert told.exit_code != 0
    assert said in told.output
    assert len(told.output.strip().splitlines()) == 1


def test_settings_survive_the_way_to_a_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(f"DAYBOOK_{name.upper()}", "")
    given = Settings(data=tmp_path, port=9003, trusted_proxies=["::1", "10.0.0.1"], demo=False, log_format="json")
    hand_to_children(given)
    assert Settings() == given


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"host": "0.0.0.0", "port": 80}, "http://localhost:80"),
        ({"public_url": "https://daybook.example.org/"}, "https://daybook.example.org"),
        ({"tls_cert": "c.pem", "tls_key": "k.pem", "host": "::2"}, "https://[::2]:8000"),
    ],
)
def test_the_address_is_what_people_type(given: dict[str, str], address: str) -> None:
    assert Settings(**given).address == address  # type: ignore[arg-type]


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    first = settings.secret("session")
    assert len(first) == 32
    assert settings.secret("session") == first
    path = settings.secret_file("session")
    write_secret(path, b"a second process came later")
    assert path.read_bytes() == first
    assert os.listdir(path.parent) == ["session"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
