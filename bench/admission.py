"""What admission costs: a new order of five changes, a thousand times; one document with a long history.

    python bench/admission.py [--documents 1000] [--workers 2] [--long 10000]

Prints microseconds a change for each layer in one process, then the gate with its workers. A benchmark, not a test.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from server.demo.document_writer import DocumentWriter
from server.sync.admission import Gate, Task
from server.sync.chunk import read_change
from server.sync.gate_work import examine
from server.sync.index import Index
from server.sync.merge import extract, merge
from server.sync.operations import admit
from server.sync.paths import root_of
from server.sync.rows import Rows

DEVICE = "d0d1d2d3d4d5d6d7"
WRITABLE = ("kind", "schema", "number", "dealer", "currency", "stage", "created_at", "captured_at", "ship_to/**", "note/**", "lines/*", "lines/*/*")  # fmt: skip
ROOT = root_of(WRITABLE)


def order(number: int) -> list[bytes]:
    """Five changes: begun with one line, a second line, a quantity, where to, submitted."""
    writer = DocumentWriter(DEVICE)
    line = {"product": "chai", "quantity": "3", "unit": "pcs", "price": 1800}
    created = "2026-01-02T03:04:05Z"
    return [
        writer.write(
            {
                "kind": "order",
                "schema": 1,
                "number": f"T1-{number}",
                "dealer": "alfki",
                "currency": "CNY",
                "stage": "draft",
                "created_at": created,
                "note": "",
                "ship_to": {},
                "lines": {"l1": {"position": 0, **line}},
            }
        ),
        writer.write({"lines/l2": {"position": 1, **line}}),
        writer.write({"lines/l1/quantity": "4"}),
        writer.write({"ship_to/name": "Alfreds Futterkiste"}),
        writer.write({"stage": "submitted", "captured_at": created}),
    ]


def timed(name: str, changes: int, work: Callable[[], object], rounds: int = 3) -> None:
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    print(f"{name:<34}{best / changes * 1e6:9.1f} µs a change{best * 1e3:10.1f} ms")


def layers(documents: list[list[bytes]]) -> None:
    flat = [chunk for document in documents for chunk in document]
    read = [read_change(chunk) for chunk in flat]
    count = len(flat)
    print(f"{len(documents)} documents, {count} changes, {sum(map(len, flat)) / count:.0f} bytes a change; one process")
    timed("frame and header", count, lambda: [read_change(chunk) for chunk in flat])
    timed("rows decoded", count, lambda: [Rows(change.columns) for change in read])

    def admitted() -> list[Index]:
        found = []
        at = 0
        for document in documents:
            index = Index.load(None)
            for change in read[at : at + len(document)]:
                admit(index, change, ROOT)
            at += len(document)
            found.append(index)
        return found

    timed("rows decoded, references checked", count, admitted)
    indexes = admitted()
    packed = [index.pack() for index in indexes]
    timed("index packed and loaded", count, lambda: [Index.load(index.pack()) for index in indexes])
    heads = [index.heads() for index in indexes]

    def merged() -> None:
        for document, head in zip(documents, heads, strict=True):
            extract(merge(None, document, head)[0])

    timed("load, save, reload, extract", count, merged)
    timed("all of it", count, lambda: [examine(task(str(at), document)) for at, document in enumerate(documents)])
    print(f"{'index':<34}{sum(map(len, packed)) / len(packed):9.0f} bytes a document")


def task(name: str, changes: list[bytes]) -> Task:
    return Task(name, None, None, [], changes, bytes.fromhex(DEVICE), WRITABLE)


async def through_the_gate(documents: list[list[bytes]], workers: int) -> None:
    gate = Gate(workers)
    await gate.start()
    tasks = [task(str(at), document) for at, document in enumerate(documents)]
    await gate.examine(tasks[: 8 * workers])
    changes = sum(map(len, documents))
    walls, processor = [], []
    for _ in range(5):
        began, used = time.perf_counter(), time.process_time()
        verdicts = await gate.examine(tasks)
        walls.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
        assert sum(len(verdict.admitted) for verdict in verdicts) == changes
    await gate.stop()
    median = sorted(walls)[2]
    print(
        f"\ngate, {workers} workers: {changes} changes in {median:.3f} s (of {', '.join(f'{wall:.3f}' for wall in walls)})"
    )
    print(
        f"  {median / changes * 1e6:.0f} µs a change; the server's own share {sorted(processor)[2] / changes * 1e6:.0f} µs"
    )
    print(f"  peak memory of a worker {gate.peak_bytes / 1e6:.0f} MB, workers replaced {gate.replaced}")


def long_history(changes: int) -> None:
    writer = DocumentWriter(DEVICE)
    history = [writer.write({"lines": {}})]
    history += [writer.write({f"lines/l{number % 1000}": number}) for number in range(1, changes)]
    print(f"\none document of {changes} changes, 1,000 keys")
    began = time.process_time()
    verdict = examine(task("long", history))
    print(f"  at once{(time.process_time() - began) * 1e3:36.0f} ms")
    more = writer.write({"lines/l1": "next"})
    began = time.process_time()
    examine(Task("long", verdict.saved, verdict.index, [], [more], bytes.fromhex(DEVICE), WRITABLE))
    print(f"  one more change{(time.process_time() - began) * 1e3:28.0f} ms")
    began = time.process_time()
    Index.load(verdict.index).pack()
    print(f"  of it, index loaded and packed{(time.process_time() - began) * 1e3:13.1f} ms")
    print(f"  saved {len(verdict.saved or b'')} bytes, index {len(verdict.index or b'')} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--long", type=int, default=10_000, help="changes of the long document; 0: leave it out")
    given = parser.parse_args()
    print(f"load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    documents = [order(number) for number in range(given.documents)]
    layers(documents)
    asyncio.run(through_the_gate(documents, given.workers))
    if given.long:
        long_history(given.long)
    print(f"\npeak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    main()
