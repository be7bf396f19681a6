"""What a gate worker does with one document: check, merge, read. Runs in the worker process; no IO."""

from __future__ import annotations

import msgspec

from .chunk import Change
from .index import Index
from .merge import MergeFailed, conflicts, extract, merge
from .paths import Place, root_of
from .verdict import Admitted, Refused, Task, Verdict, refuse_all
from .verify import check, hashes, read_changes, rebuild


def examine(task: Task) -> Verdict:
    """The verdict on one document. One bad change never takes the good ones with it (SY4)."""
    changes, refused = read_changes(task)
    verdict = Verdict(task.document, [], refused)
    if not changes:
        return verdict
    lost = {*task.lost, *hashes(task.changes[entry.position] for entry in refused)}
    try:
        index = _index_of(task)
    except (msgspec.DecodeError, ValueError):
        return refuse_all(task, "cache_damaged", "the stored index cannot be read")
    root = root_of(task.writable)
    known = len(index)
    taken, not_taken = check(index, changes, root, lost)
    refused += not_taken
    while taken:
        try:
            _merge_into(verdict, task, index, taken)
        except MergeFailed as failure:
            if task.saved is not None and not _is_sound(task):
                return refuse_all(
                    task, "cache_damaged", "the saved chunk does not load, or is not of the stored changes"
                )
            culprit = _first_that_fails(task, taken, root)
            refused.append(Refused(culprit.position, "merge_failed", str(failure)))
            lost.add(culprit.hash)
            index = _index_of(task)
            taken, not_taken = check(index, [change for change in taken if change is not culprit], root, lost)
            refused += not_taken
        else:
            break
    verdict.admitted = [_admitted(change, known + place) for place, change in enumerate(taken, 1)]
    refused.sort(key=lambda entry: entry.position)
    return verdict


def _is_sound(task: Task) -> bool:
    """Whether the stored saved chunk is what the index says: if not, no pushed change is to blame."""
    try:
        merge(task.saved, [], _index_of(task).heads())
    except MergeFailed:
        return False
    return True


def _index_of(task: Task) -> Index:
    """Of the document as it is stored: from the cache, or from all its chunks when there is none."""
    if task.index is not None:
        try:
            return Index.load(task.index)
        except (msgspec.DecodeError, ValueError):
            if not task.history:
                raise
    return rebuild(task.history)


def _merge_into(verdict: Verdict, task: Task, index: Index, taken: list[Change]) -> None:
    chunks = [change.chunk for change in taken]
    heads = index.heads()
    if task.saved is None:
        document, saved = merge(None, task.history + chunks, heads)
    else:
        document, saved = merge(task.saved, chunks, heads)
    content = extract(document)
    found = conflicts(document, index) if index.stored.slot_several else []
    verdict.content, verdict.conflicts = content, found
    verdict.saved, verdict.index = saved, index.pack()
    verdict.heads = [head.hex() for head in heads]


def _first_that_fails(task: Task, taken: list[Change], root: Place) -> Change:
    """The change with which the merge begins to fail, by halving."""
    good, bad = 0, len(taken)
    while bad - good > 1:
        middle = (good + bad) // 2
        index = _index_of(task)
        check(index, taken[:middle], root, set())
        try:
            _merge_into(Verdict("", [], []), task, index, taken[:middle])
        except MergeFailed:
            bad = middle
        else:
            good = middle
    return taken[bad - 1]


def _admitted(change: Change, order: int) -> Admitted:
    return Admitted(change.position, change.hash, change.actor.hex(), change.seq, change.made_at, change.message, order)
