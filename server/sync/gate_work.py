"""What a gate worker does with one document: check, merge, read. Runs in the worker process; no IO."""

from __future__ import annotations

import msgspec

from .chunk import Change
from .index import Index
from .merge import Merged, MergeFailed, conflicts, extract, merge
from .paths import Place, root_of
from .verdict import Admitted, Refused, Task, Verdict, refuse_all
from .verify import check, hashes, read_changes, rebuild


class _Checked(msgspec.Struct):
    """A document of which some changes may be merged."""

    task: Task
    verdict: Verdict
    index: Index
    known: int
    """Changes that were stored before."""
    taken: list[Change]
    lost: set[bytes]


def examine_together(tasks: list[Task]) -> list[Verdict]:
    """One verdict a task. Each step is done for all before the next, so that the processor has the code of one step at hand: a
    little less time than one document after the other (docs/decisions/0022)."""
    begun = [_check(task) for task in tasks]
    merged: list[Merged | None] = []
    for each in begun:
        try:
            merged.append(_merge(each) if isinstance(each, _Checked) else None)
        except MergeFailed:
            merged.append(None)
    return [
        each if isinstance(each, Verdict) else _concluded(each, found)
        for each, found in zip(begun, merged, strict=True)
    ]


def examine(task: Task) -> Verdict:
    """The verdict on one document. One bad change never takes the good ones with it (SY4)."""
    return examine_together([task])[0]


def _check(task: Task) -> _Checked | Verdict:
    """What may be merged; the verdict at once where nothing may."""
    changes, refused = read_changes(task)
    verdict = Verdict(task.document, [], refused)
    if not changes:
        return verdict
    lost = {*task.lost, *hashes(task.changes[entry.position] for entry in refused)}
    try:
        index = _index_of(task)
    except (msgspec.DecodeError, ValueError):
        return refuse_all(task, "cache_damaged", "the stored index cannot be read")
    known = len(index)
    taken, not_taken = check(index, changes, root_of(task.writable), lost)
    refused += not_taken
    return _Checked(task, verdict, index, known, taken, lost) if taken else _sorted(verdict)


def _concluded(checked: _Checked, merged: Merged | None) -> Verdict:
    """What the merged document says; where merging failed, that of the changes without the one that is to blame."""
    task, verdict = checked.task, checked.verdict
    while checked.taken:
        try:
            _read(verdict, checked.index, merged or _merge(checked))
        except MergeFailed as failure:
            if task.saved is not None and not _is_sound(task):
                return refuse_all(
                    task, "cache_damaged", "the saved chunk does not load, or is not of the stored changes"
                )
            merged = None
            _leave_out(checked, failure)
        else:
            break
    verdict.admitted = [_admitted(change, checked.known + place) for place, change in enumerate(checked.taken, 1)]
    return _sorted(verdict)


def _leave_out(checked: _Checked, failure: MergeFailed) -> None:
    """The change with which the merge fails, and what builds on it."""
    root = root_of(checked.task.writable)
    culprit = _first_that_fails(checked.task, checked.taken, root)
    checked.verdict.refused.append(Refused(culprit.position, "merge_failed", str(failure)))
    checked.lost.add(culprit.hash)
    checked.index = _index_of(checked.task)
    others = [change for change in checked.taken if change is not culprit]
    checked.taken, not_taken = check(checked.index, others, root, checked.lost)
    checked.verdict.refused += not_taken


def _sorted(verdict: Verdict) -> Verdict:
    verdict.refused.sort(key=lambda entry: entry.position)
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


def _merge(checked: _Checked) -> Merged:
    task = checked.task
    chunks = [change.chunk for change in checked.taken]
    return merge(task.saved, chunks if task.saved is not None else task.history + chunks, checked.index.heads())


def _read(verdict: Verdict, index: Index, merged: Merged) -> None:
    """Enter what the merged document is and says."""
    document, saved = merged
    content = extract(document)
    found = conflicts(document, index) if index.stored.slot_several else []
    verdict.content, verdict.conflicts = content, found
    verdict.saved, verdict.index = saved, index.pack()
    verdict.heads = [head.hex() for head in index.heads()]


def _first_that_fails(task: Task, taken: list[Change], root: Place) -> Change:
    """The change with which the merge begins to fail, by halving."""
    good, bad = 0, len(taken)
    while bad - good > 1:
        middle = (good + bad) // 2
        index = _index_of(task)
        check(index, taken[:middle], root, set())
        part = _Checked(task, Verdict("", [], []), index, 0, taken[:middle], set())
        try:
            _read(part.verdict, index, _merge(part))
        except MergeFailed:
            bad = middle
        else:
            good = middle
    return taken[bad - 1]


def _admitted(change: Change, order: int) -> Admitted:
    return Admitted(change.position, change.hash, change.actor.hex(), change.seq, change.made_at, change.message, order)
