"""Everything that a person may be told exists in both languages."""

from __future__ import annotations

import ast
import json
import re

import pytest

from server.attachments.verdict import REFUSALS as IMAGE_REFUSALS
from server.domain.codes import COMMAND_REFUSALS, NOTICES, REASONS
from server.sync.refusals import REFUSALS

from .sources import text, tracked, tree, written

LANGUAGES = ("zh-CN", "en")
FILES = sorted(
    {name[: -len(".en.json")] for name in tracked() if name.startswith("pwa/src/") and name.endswith(".en.json")}
)
HAN = re.compile(r"[\u4e00-\u9fff]")
SLOT = re.compile(r"\{(\w+)\}")


def flat(name: str) -> dict[str, str]:
    """Every text of a file of words, by its path."""
    found: dict[str, str] = {}

    def walk(part: object, path: str) -> None:
        if isinstance(part, dict):
            for key, inner in part.items():
                walk(inner, f"{path}.{key}" if path else key)
        else:
            found[path] = str(part)

    walk(json.loads(text(name)), "")
    return found


def words(name: str, language: str) -> dict[str, str]:
    """An area of words: the app's own file, and what each kind's folder adds to it."""
    found = flat(f"pwa/src/i18n/{name}.{language}.json")
    for kind in FILES:
        if kind.startswith("pwa/src/kinds/"):
            own = flat(f"{kind}.{language}.json")
            found |= {key.removeprefix(f"{name}."): said for key, said in own.items() if key.startswith(f"{name}.")}
    return found


def test_there_are_words() -> None:
    assert len(FILES) >= 5


@pytest.mark.parametrize("name", FILES)
def test_both_languages_say_the_same_things(name: str) -> None:
    chinese, english = flat(f"{name}.zh-CN.json"), flat(f"{name}.en.json")
    assert set(chinese) == set(english)
    assert [key for key in chinese if not chinese[key].strip() or not english[key].strip()] == []
    slots = {key for key in chinese if set(SLOT.findall(chinese[key])) != set(SLOT.findall(english[key]))}
    assert slots == set(), "the figures named in the two languages differ"
    assert [
        key for key, said in english.items() if HAN.search(said) and "language" not in key and "zh" not in key
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_notice_and_refusal_is_said(language: str) -> None:
    assert set(REASONS) - set(words("reasons", language)) == set()
    assert set(NOTICES) - set(words("notices", language)) == set()
    assert set(REFUSALS) - set(words("refusals", language)) == set()
    assert {f"problems.{code}" for code in IMAGE_REFUSALS} - set(words("photos", language)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_name_only_figures_that_they_have(language: str) -> None:
    said = words("reasons", language)
    wrong = {code: set(SLOT.findall(said[code])) - set(params) for code, params in REASONS.items() if code in said}
    assert {code: slots for code, slots in wrong.items() if slots} == {}


def test_every_reason_given_in_the_domain_is_known() -> None:
    """`Reason("…")` is written with a code of reasons.py, or the tablet could not say it."""
    given = {
        (node.args[0].value, name)
        for name in written(".py", under="server/domain/")
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Reason"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert given
    assert {(code, name) for code, name in given if code not in REASONS} == set()
    assert set(COMMAND_REFUSALS)


BY_STATUS = {401: "signed_out", 429: "busy", 500: "failed", 503: "busy"}
"""Said by what they mean for the reader, whatever their code: see say.ts of headquarters and engine.ts of the tablet."""

FOR_PROGRAMS = {
    "attachment_unknown",
    "checksum_mismatch",
    "checksum_unknown",
    "command_unknown",
    "cursor_malformed",
    "device_needed",
    "key_invalid",
    "kind_unknown",
    "language_unknown",
    "malformed",
    "method_not_allowed",
    "not_from_daybook",
    "offset_conflict",
    "picture_unknown",
    "protocol_unknown",
    "push_endpoint_refused",
    "push_keys_malformed",
    "range_unsatisfiable",
    "role_unknown",
    "too_large",
    "tus_version_unknown",
    "unsupported_media_type",
    "upload_busy",
    "upload_too_long",
    "upload_unknown",
}
"""Only a program that speaks wrongly gets these; a person who does all the same reads the sentence for any other code."""


def problem_codes() -> set[tuple[int, str]]:
    """Status and code of every `Problem(<status>, "<code>")` that the server's sources raise."""
    return {
        (node.args[0].value, node.args[1].value)
        for name in written(".py", under="server/")
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Problem"
        and len(node.args) > 1
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[1], ast.Constant)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_that_the_server_answers_is_said(language: str) -> None:
    headquarters, shell, reasons = words("hq", language), words("shell", language), words("reasons", language)
    said = {
        key.rpartition(".")[2] for key in headquarters if key.startswith(("refusals.", "problems.", "signIn.problems."))
    }
    said |= {key.rpartition(".")[2] for key in shell if key.startswith("enrol.errors.")} | set(reasons)
    said |= set(words("refusals", language))
    for area in ("photos", "desk"):
        said |= {key.rpartition(".")[2] for key in words(area, language) if key.startswith("problems.")}
    given = problem_codes()
    assert len(given) > 40
    silent = {code for status, code in given if status not in BY_STATUS and code not in said}
    assert silent - FOR_PROGRAMS == set(), (
        "these need words in hq.*.json (refusals), desk.*.json (problems) or shell.*.json (enrol.errors)"
    )
    assert FOR_PROGRAMS - {code for _, code in given} == set(), "nobody answers these any more"
    assert {status for status, _ in given if status >= 500} <= set(BY_STATUS)
    assert {f"problems.{key}" for key in BY_STATUS.values()} <= set(headquarters)
    # Whatever has no words of its own: what happened and that nothing was changed; then what to do.
    for text_of_any in (headquarters["problems.refused"], shell["enrol.errors.refused"]):
        assert "{code}" in text_of_any
        assert len(re.split(r"[.。]", text_of_any.strip(".。"))) >= 2
    assert set(COMMAND_REFUSALS) - said == set()
