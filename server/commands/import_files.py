"""`daybook import …`: products, dealers, prices, stock and orders from CSV files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from server.hq.imports import master_data, orders, policies, writing
from server.hq.imports.sheet import Column, Fault, Sheet, read_sheet
from server.settings import Settings

from .options import STORE, with_settings

SHOWN_FAULTS = 200
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
Columns = tuple[Column, ...]


@click.group(name="import")
def command() -> None:
    """Bring in master data or orders. With one fault in a file nothing is written."""


def _named(pairs: Iterable[str]) -> dict[str, str]:
    named = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise click.BadParameter(f"{pair!r} is not name=value")
        named[name] = value
    return named


def _mapped(columns: Columns) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options that every import has, and its columns in its help."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        width = max(len(column.name) for column in columns)
        lines = [
            f"  {column.name:<{width}}  {column.expected}" + ("" if column.required else " (may be left out)")
            for column in columns
        ]
        function.__doc__ = f"{function.__doc__}\n\n\b\nColumns:\n" + "\n".join(lines)
        function = click.option("--dry-run", is_flag=True, help="Only list what is wrong; write nothing.")(function)
        function = click.option(
            "--set", "constants", multiple=True, metavar="NAME=VALUE", help="One value for all rows."
        )(function)
        return click.option(
            "--column", "headings", multiple=True, metavar="NAME=HEADING", help="The heading of a column in this file."
        )(function)

    return decorate


def _refuse_faults(*sheets: tuple[Path, Sheet]) -> None:
    """Lists every fault of every file and ends the command, if there is one."""
    faulty = [(path, fault) for path, sheet in sheets for fault in sorted(sheet.faults, key=lambda each: each.row)]
    if not faulty:
        return
    table = Table("file", "row", "column", "got", "expected")
    for path, fault in faulty[:SHOWN_FAULTS]:
        table.add_row(path.name, *_cells(fault))
    Console().print(table)
    more = f", {SHOWN_FAULTS} shown" if len(faulty) > SHOWN_FAULTS else ""
    raise click.ClickException(f"{len(faulty)} faults{more}; nothing was written")


def _cells(fault: Fault) -> tuple[str, str, str, str]:
    return str(fault.row or ""), fault.column, fault.got, fault.expected


async def _within(settings: Settings, work: Callable[[Any, str], Awaitable[Any]]) -> Any:
    from .serving import serving

    async with serving(settings) as (app, url):
        return await work(app.state.pipeline, url)


def _bar(title: str, total: int) -> tuple[Progress, Callable[[int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True))
    task = bar.add_task(title, total=total)
    return bar, lambda count: bar.advance(task, count)


def _records(
    settings: Settings,
    file: Path,
    columns: Columns,
    make: Callable[[Sheet], list[master_data.RecordBody]],
    headings: tuple[str, ...],
    constants: tuple[str, ...],
    dry_run: bool,
) -> None:
    sheet = read_sheet(file, columns, _named(headings), _named(constants))
    bodies = [] if sheet.faults else make(sheet)
    if not sheet.faults:
        writing.check_records(bodies, sheet)
    _refuse_faults((file, sheet))
    if dry_run:
        click.echo(f"{len(sheet.rows)} rows, {len(bodies)} records, nothing wrong; nothing was written")
        return
    bar, advance = _bar("records", len(bodies))
    with bar:
        changed = asyncio.run(_within(settings, lambda book, _: writing.write_records(book, bodies, advance)))
    click.echo(f"{len(bodies)} records: {changed} written, {len(bodies) - changed} as they were")


@command.command()
@click.argument("file", type=FILE)
@_mapped(master_data.PRODUCT)
@with_settings(*STORE)
def products(settings: Settings, file: Path, headings: Any, constants: Any, dry_run: bool) -> None:
    """Products, by their key."""
    _records(settings, file, master_data.PRODUCT, master_data.product_records, headings, constants, dry_run)


@command.command()
@click.argument("file", type=FILE)
@_mapped(master_data.DEALER)
@with_settings(*STORE)
def dealers(settings: Settings, file: Path, headings: Any, constants: Any, dry_run: bool) -> None:
    """Dealers, by their key."""
    _records(settings, file, master_data.DEALER, master_data.dealer_records, headings, constants, dry_run)


@command.command()
@click.argument("file", type=FILE)
@_mapped(master_data.PRICE)
@with_settings(*STORE)
def prices(settings: Settings, file: Path, headings: Any, constants: Any, dry_run: bool) -> None:
    """Price lists: a row for each product, unit and quantity break of a version."""
    _records(settings, file, master_data.PRICE, master_data.price_records, headings, constants, dry_run)


@command.command()
@click.argument("file", type=FILE)
@_mapped(writing.STOCK)
@with_settings(*STORE)
def stock(settings: Settings, file: Path, headings: Any, constants: Any, dry_run: bool) -> None:
    """What lies in headquarters' warehouse. The difference to the book is recorded as a receipt."""
    sheet = read_sheet(file, writing.STOCK, _named(headings), _named(constants))
    _refuse_faults((file, sheet))

    async def work(pipeline: Any, _: str) -> int | None:
        await writing.check_stock(pipeline, sheet)
        return None if sheet.faults or dry_run else await writing.write_stock(pipeline, sheet, file.name)

    moved = asyncio.run(_within(settings, work))
    _refuse_faults((file, sheet))
    if moved is None:
        click.echo(f"{len(sheet.rows)} products, nothing wrong; nothing was written")
    else:
        click.echo(f"{len(sheet.rows)} products: {moved} moved, {len(sheet.rows) - moved} as they were")


@command.command(name="policies")
@click.argument("file", type=FILE)
@_mapped(policies.POLICY)
@with_settings(*STORE)
def policies_(settings: Settings, file: Path, headings: Any, constants: Any, dry_run: bool) -> None:
    """Thresholds of stock, by location and product: when somebody is told, and when more is to be ordered."""
    sheet = read_sheet(file, policies.POLICY, _named(headings), _named(constants))
    bodies = [] if sheet.faults else policies.policy_records(sheet)
    if not sheet.faults:
        writing.check_records(bodies, sheet)
    _refuse_faults((file, sheet))

    async def work(pipeline: Any, _: str) -> int | None:
        await policies.check_policies(pipeline, sheet)
        return None if sheet.faults or dry_run else await writing.write_records(pipeline, bodies, lambda count: None)

    changed = asyncio.run(_within(settings, work))
    _refuse_faults((file, sheet))
    if changed is None:
        click.echo(f"{len(sheet.rows)} rows, {len(bodies)} records, nothing wrong; nothing was written")
    else:
        click.echo(f"{len(bodies)} records: {changed} written, {len(bodies) - changed} as they were")


@command.command(name="orders")
@click.argument("file", type=FILE)
@click.option("--lines", "lines_file", type=FILE, required=True, help="The file of the orders' lines.")
@click.option(
    "--line-column", "line_headings", multiple=True, metavar="NAME=HEADING", help="As --column, for the lines."
)
@click.option("--line-set", "line_constants", multiple=True, metavar="NAME=VALUE", help="As --set, for the lines.")
@click.option("--accept", is_flag=True, help="Approve what is held, at the captured prices: for orders of the past.")
@click.option("--ship", is_flag=True, help="Ship and invoice what is accepted and has a date of shipping.")
@_mapped(orders.ORDER)
@with_settings(*STORE)
def orders_(
    settings: Settings,
    file: Path,
    lines_file: Path,
    line_headings: Any,
    line_constants: Any,
    accept: bool,
    ship: bool,
    headings: Any,
    constants: Any,
    dry_run: bool,
) -> None:
    """Orders, written as a tablet of each dealer would have, and pushed through the sync."""
    sheet = read_sheet(file, orders.ORDER, _named(headings), _named(constants))
    lines = read_sheet(lines_file, orders.LINE, _named(line_headings), _named(line_constants))
    _refuse_faults((file, sheet), (lines_file, lines))
    done = asyncio.run(_within(settings, lambda book, url: _push(book, url, sheet, lines, accept, ship, dry_run)))
    _refuse_faults((file, sheet), (lines_file, lines))
    if done is None:
        click.echo(f"{len(sheet.rows)} orders, {len(lines.rows)} lines, nothing wrong; nothing was written")
        return
    click.echo(f"{done.written} written, {done.edited} edited, {done.unchanged} as they were")
    click.echo(f"{done.approved} approved, {done.shipped} shipped")
    click.echo("decided: " + ", ".join(f"{count} {verdict}" for verdict, count in sorted(done.verdicts.items())))
    for problem in done.problems:
        click.echo(problem, err=True)
    if done.problems:
        raise click.ClickException(f"{len(done.problems)} problems")


async def _push(pipeline: Any, url: str, sheet: Sheet, lines: Sheet, accept: bool, ship: bool, dry_run: bool) -> Any:
    from server.demo.imported_orders import write_orders
    from server.store import records as record_store

    async with pipeline.database.reading() as tx:
        rows = await record_store.of_kind(tx, "price_list")
        known = {row["key"] for row in await record_store.of_kind(tx, "dealer")}
    read = orders.read_orders(sheet, lines, {row["key"]: msgspec.json.decode(row["body"]) for row in rows})
    for row in sheet.rows:
        if row.values["dealer"] not in known:
            sheet.faults.append(Fault(row.number, "dealer", str(row.values["dealer"]), "a dealer that is known"))
    if sheet.faults or lines.faults or dry_run:
        return None
    bar, advance = _bar("orders", len(read))
    with bar:
        return await write_orders(pipeline, url, read, advance, ship=ship, accept=accept)
