"""Options of the same names as the DAYBOOK_* variables, made from the settings so that neither can miss one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin

import click
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from server.settings import Settings

STORE = ("data", "database_url")
"""The settings that a command needs which only opens the database."""


def with_settings(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Gives a command an option for each of these settings (all, if none is named), and `settings` as first argument."""
    fields = {name: Settings.model_fields[name] for name in names or Settings.model_fields}

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def called(**given: Any) -> Any:
            chosen = {name: given.pop(name) for name in fields}
            return command(
                read_settings(**{name: value for name, value in chosen.items() if value is not None}), **given
            )

        for name, field in reversed(fields.items()):
            called = click.option(
                f"--{name.replace('_', '-')}" + (f"/--no-{name}" if field.annotation is bool else ""),
                name,
                type=_type_of(field),
                default=None,
                help=_help_of(name, field),
            )(called)
        return called

    return decorate


def read_settings(**chosen: Any) -> Settings:
    """The settings of the environment, with these in their place. One clear line for what is wrong in them."""
    try:
        return Settings(**chosen)
    except ValidationError as error:
        first = error.errors()[0]
        where = "DAYBOOK_" + str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise click.ClickException(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None


def _type_of(field: FieldInfo) -> Any:
    kinds = [field.annotation]
    if isinstance(field.annotation, UnionType):
        kinds = [kind for kind in get_args(field.annotation) if kind is not type(None)]
    kind = kinds[0]
    if get_origin(kind) is Literal:
        return click.Choice(get_args(kind))
    if kind is Path:
        return click.Path(path_type=Path)
    return kind if kind in (int, float, bool) else str


def _help_of(name: str, field: FieldInfo) -> str:
    default = field.default
    told = field.description or name
    if default is None or default is PydanticUndefined or default in ("", []) or name == "pwa":
        return told
    shown = ("on" if default else "off") if isinstance(default, bool) else default
    return f"{told}  [default: {shown}]"
