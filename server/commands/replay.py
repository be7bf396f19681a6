"""`daybook replay`: the proof that nothing derived is wrong."""

from __future__ import annotations

import asyncio
from collections import Counter

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from server.assembly import assembled
from server.domain.costing import METHODS
from server.settings import Settings
from server.sync.replay import ReplayResult, Report, replay

from .options import STORE, with_settings

SHOWN = 50


@click.command(name="replay")
@with_settings(*STORE, "gate_workers", "gate_memory")
def command(settings: Settings) -> None:
    """Rebuild every document, decision, ledger and balance from the log and compare. Writes nothing; fails on a difference."""
    columns = (TextColumn("decisions"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        done = asyncio.run(_replay(settings, lambda count, total: shown.update(task, completed=count, total=total)))
    click.echo(
        f"{done.decisions} decisions of {done.documents} documents, {done.postings} postings, {done.balances} balances: "
        f"{done.found} differences"
    )
    for difference in done.differences[:SHOWN]:
        click.echo(f"  {difference.what} {difference.document} {difference.decision or ''} {difference.detail}")
    if done.found:
        kinds = Counter(difference.what for difference in done.differences)
        raise click.ClickException(", ".join(f"{count} in {what}" for what, count in kinds.most_common()))


async def _replay(settings: Settings, report: Report) -> ReplayResult:
    async with assembled(settings) as parts:
        return await replay(parts.database, parts.gate, report, costing=METHODS[settings.costing])
