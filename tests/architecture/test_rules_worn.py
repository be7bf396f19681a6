"""Every numbered rule is shown by a test that wears its number, and no test wears a number that is no rule."""

from __future__ import annotations

import re

from .sources import rule_marks, text, tracked, written

RULE = re.compile(r"^(?:[-*|#]\s*)*\**\s*([A-Z]{1,4}[0-9]{1,3})\b", re.MULTILINE)
"""A rule's number at the start of a line, a list entry, a table row or a heading."""
VITEST_RULE = re.compile(r"\[([A-Z]{1,4}[0-9]{1,3})\]")
"""The app's tests carry the number in their name: `it('[SY12] …')`."""


def numbered() -> dict[str, str]:
    """Rule -> the page that states it."""
    pages = [name for name in tracked() if name.endswith("/RULES.md")] + ["docs/sync.md", "docs/attachments.md"]
    return {rule: page for page in pages for rule in RULE.findall(text(page))}


def worn() -> set[str]:
    python = {rule for name in written(".py", under="tests/") for rule in rule_marks(name)}
    app = {rule for name in written(".test.ts", under="pwa/") for rule in VITEST_RULE.findall(text(name))}
    return python | app


def test_every_kind_states_rules() -> None:
    kinds = {
        name.split("/")[3] for name in tracked() if name.startswith("server/domain/kinds/") and name.count("/") > 3
    }
    stated = {page.split("/")[3] for page in numbered().values() if page.endswith("/RULES.md")}
    assert kinds == stated


def test_every_rule_is_worn_by_a_test() -> None:
    rules, marks = numbered(), worn()
    assert {f"SY{number}" for number in range(1, 13)} <= set(rules)
    assert {f"AT{number}" for number in range(1, 13)} <= set(rules)
    assert {rule: page for rule, page in rules.items() if rule not in marks} == {}


def test_no_test_wears_an_unknown_rule() -> None:
    assert worn() - set(numbered()) == set()
