"""`daybook new-kind`: the folders of a new kind of document, one on each side, and its line in each registry."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

import click

from server.settings import ROOT

TEMPLATES = Path(__file__).parent / "kind_template"
PLACES = {
    "server/domain/kinds/{kind}": ("__init__.py", "document.py", "rules.py", "reasons.py", "RULES.md"),
    "pwa/src/kinds/{kind}": ("face.ts", "words.en.json", "words.zh-CN.json"),
    "schemas/cases/{kind}": ("base.json", "accepted.json", "unknown-dealer.json"),
}
REGISTRIES = {
    "server/domain/registry.py": ("from .kinds.", "from .kinds.{kind} import KIND as {kind}\n"),
    "pwa/src/kinds/all.ts": ("export {", "export { face as {kind} } from './{kind}/face'\n"),
}


@click.command(name="new-kind")
@click.argument("kind")
@click.option("--title", required=True, help="What it is called in English, in lower case: `leave request`.")
@click.option("--chinese", required=True, help="What it is called in Chinese.")
@click.option("--rules", "prefix", required=True, help="One or two capital letters that its rules are numbered with.")
@click.option("--root", type=click.Path(path_type=Path, exists=True), default=ROOT, help="The project's folder.")
def command(kind: str, title: str, chinese: str, prefix: str, root: Path) -> None:
    """Write the folders of a new KIND (`leave_request`), its lines in the registries, its first case and test.

    What is written is a kind that works: drafts, submits, is accepted. Change it from there; docs/kinds.md says what is where.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", kind):
        raise click.ClickException("a kind is named in lower case, with underscores between its words")
    if not re.fullmatch(r"[A-Z]{1,2}", prefix):
        raise click.ClickException("rules are numbered with one or two capital letters and a number")
    taken = [
        path for path in root.glob("server/domain/kinds/*/RULES.md") if f"**{prefix}1**" in path.read_text("utf-8")
    ]
    if taken:
        raise click.ClickException(f"{taken[0].parent.name} numbers its rules with {prefix} already")
    if (root / "server/domain/kinds" / kind).exists():
        raise click.ClickException(f"there is a kind {kind} already")
    names = {"kind": kind, "title": title, "Title": title.capitalize(), "chinese": chinese, "prefix": prefix}
    names["Model"] = "".join(word.capitalize() for word in kind.split("_"))
    made = {root / place.format(kind=kind) / name: name for place, files in PLACES.items() for name in files}
    made[root / f"tests/domain/test_{kind}.py"] = "test.py"
    for path, name in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        text = (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")
        path.write_text(Template(text).substitute(names), encoding="utf-8", newline="\n")
        click.echo(f"written: {path.relative_to(root)}")
    for registry, (start, line) in REGISTRIES.items():
        enter(root / registry, start, line.replace("{kind}", kind))
        click.echo(f"a line in {registry}")
    if root == ROOT:
        click.echo("now: ./daybook schemas, then ./daybook test")


def enter(registry: Path, start: str, line: str) -> None:
    """Puts a line in its place by the alphabet among those that begin alike."""
    lines = registry.read_text(encoding="utf-8").splitlines(keepends=True)
    alike = [number for number, each in enumerate(lines) if each.startswith(start)]
    after = [number for number in alike if lines[number] < line]
    lines.insert(after[-1] + 1 if after else alike[0], line)
    registry.write_text("".join(lines), encoding="utf-8", newline="\n")
