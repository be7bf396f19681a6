"""The cases of `schemas/cases`: JSON that pytest runs against the rules, and the tablet's tests against its advice."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from server.domain.decision import BalanceKey, Decision
from server.domain.facts import RecordKey
from server.domain.quantity import format_quantity, parse_quantity

from .book import Book

FOLDER = Path(__file__).parents[2] / "schemas" / "cases"


def case_files(kind: str) -> list[Path]:
    return sorted(path for path in (FOLDER / kind).glob("*.json") if path.name != "base.json")


def patched(target: Any, patch: Any) -> Any:
    """JSON merge patch, RFC 7386."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = patched(merged.get(key), value)
    return merged


def balance(text: str) -> BalanceKey:
    ledger, account, item = text.split(" ")
    return BalanceKey(ledger, account, item)  # type: ignore[arg-type]


def amount(ledger: str, written: Any) -> int:
    """Stock is written as a decimal of the base unit, money in minor units."""
    return parse_quantity(str(written)) if ledger in ("stock", "lot") else int(written)


def shown(key: BalanceKey, value: int) -> Any:
    return format_quantity(value) if key.ledger in ("stock", "lot") else value


def run(path: Path) -> tuple[Book, dict[str, Any], Any]:
    """(the book, the case, the last decision or refusal)."""
    base, case = (
        json.loads((path.parent / "base.json").read_text(encoding="utf-8")),
        json.loads(path.read_text(encoding="utf-8")),
    )
    made = {name: patched(base[name], case.get(name, {})) for name in ("records", "balances", "document")}
    now = int(datetime.fromisoformat(case.get("received_at", base["received_at"])).timestamp() * 1000)
    records = {RecordKey(*key.split("/", 1)): body for key, body in made["records"].items()}
    book = Book(records, now)
    for text, value in made["balances"].items():
        book.books.learn({balance(text): amount(text.split(" ")[0], value)})
    about = {"clock_offset": case.get("clock_offset", 0), "conflicts": tuple(case.get("conflicts", ()))}
    answer: Any = book.push("d1", made["document"], **about)
    for step in case.get("then", ()):
        answer = _step(book, step)
    return book, case, answer


def _step(book: Book, step: dict[str, Any]) -> Any:
    if "edit" in step:
        return book.push("d1", patched(book.entries["d1"].content, step["edit"]))
    if "command" in step:
        return book.command("d1", step["command"], step["params"])
    for text in step["post"]:
        key, value = text.rsplit(" ", 1)
        found = balance(key)
        moved = int(datetime.fromisoformat(step["at"]).timestamp() * 1000) if "at" in step else None
        book.post(found, amount(found.ledger, value), moved)
    return book.entries["d1"].decision


def difference_from(expected: Any, found: Any, where: str = "") -> list[str]:
    """What of `expected` is not so in `found`; a mapping may hold more than is expected."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            problem
            for key, value in expected.items()
            for problem in difference_from(value, found.get(key), f"{where}/{key}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            problem
            for number, (one, other) in enumerate(zip(expected, found, strict=True))
            for problem in difference_from(one, other, f"{where}/{number}")
        ]
    return [] if expected == found else [f"{where}: expected {expected!r}, found {found!r}"]


def readable(decision: Decision, book: Book) -> dict[str, Any]:
    """A decision in the words of a case."""
    return {
        "verdict": decision.verdict,
        "reasons": [
            {"code": reason.code, "params": reason.params, "line": reason.line, "rule": reason.rule}
            for reason in decision.reasons
        ],
        "figures": decision.figures,
        "posting_sets": {
            name: sorted(
                f"{each.ledger} {each.account} {each.item} {shown(each.key, each.amount)}" for each in postings
            )
            for name, postings in decision.posting_sets.items()
        },
        "records": {f"{each.kind}/{each.key}": each.body for each in decision.records},
        "waits": [f"{key.ledger} {key.account} {key.item}" for key in decision.waits],
        "balances": {
            f"{key.ledger} {key.account} {key.item}": shown(key, value) for key, value in book.balances.items()
        },
        "row": book.entries["d1"].row,
    }
