"""Daybook beside other sync servers and the floor, on one workload, in one run.

    PEERS_DIR=… python bench/sync/run.py --harness ../shared/peers [--peers daybook floor triplit …] [--n 1000] [--reps 3]

`PEERS_DIR` is a scratch folder where the harness's own set-up has installed the peers. The scenarios are W1 (push), W2 (first
sync) and W3 (reconnect after 1 % changed). Peers take turns, once each in every repetition and in the other order in the next,
so that a slow minute of the machine hits all of them. Prints each median, bytes, round trips, server CPU and peak memory, the
ratio to the floor, and the first peer's time as a share of each other's in the same turn.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = {"W1": "push", "W2": "first sync", "W3": "reconnect"}


Row = dict[str, Any]
"""What the harness prints of a repetition, or the medians of several."""


def one(harness: Path, peers: Path, peer: str, scenario: str, n: int) -> Row:
    """One repetition. RuntimeError with the harness's complaint when it printed none."""
    environment = {
        **os.environ,
        "PEERS_DIR": str(peers),
        "DAYBOOK_ROOT": str(ROOT),
        "DAYBOOK_BENCH_SIGN_IN": str(peers / "daybook-sign-in.json"),
    }
    command = ["sh", str(harness / "bench.sh"), "run", "--peer", peer, "--scenario", scenario]
    done = subprocess.run(
        [*command, "--n", str(n), "--reps", "1", "--verbose"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=1500,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"{peer} {scenario}: {done.stderr[-2000:]}")
    return json.loads(lines[-1])


def summary(turns: list[Row]) -> Row:
    """Medians of the figures; of what is no figure, all that was said."""
    found: Row = {}
    for key in {key: None for row in turns for key in row if not key.endswith("_range")}:
        values = [row[key] for row in turns if row.get(key) is not None]
        figures = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        found[key] = (
            round(statistics.median(values), 3) if figures else ",".join(sorted({str(value) for value in values}))
        )
    seconds = [row["seconds"] for row in turns if row.get("seconds")]
    return {**found, "reps": len(turns), "seconds_range": [min(seconds), max(seconds)] if seconds else None}


def share(mine: list[Row], others: list[Row]) -> str:
    """The geometric mean of my seconds over the other's of the same turn, and in how many turns I was first; with more than two
    turns, also the interval of two standard errors."""
    logs = [
        math.log(a["seconds"] / b["seconds"])
        for a, b in zip(mine, others, strict=True)
        if a.get("seconds") and b.get("seconds")
    ]
    if not logs:
        return "-"
    mean = statistics.fmean(logs)
    said = f"{math.exp(mean):.3f} times its seconds, first in {sum(each < 0 for each in logs)} of {len(logs)}"
    if len(logs) < 3:
        return said
    error = 2 * statistics.stdev(logs) / math.sqrt(len(logs))
    return f"{said}; two standard errors: {math.exp(mean - error):.3f} to {math.exp(mean + error):.3f}"


def table(scenario: str, n: int, rows: dict[str, Row]) -> str:
    floor = rows.get("floor", {})
    head = f"\n{SCENARIOS[scenario]}, {n} documents\n" + " | ".join(
        [
            "peer",
            "seconds",
            "(range)",
            "x floor",
            "bytes up",
            "bytes down",
            "trips",
            "server cpu s",
            "peak MB",
            "checked",
        ]
    )
    out = [head]
    for peer, row in rows.items():
        seconds, at_floor = row.get("seconds"), floor.get("seconds")
        ratio = f"{seconds / at_floor:.1f}" if seconds and at_floor else "-"
        shown = [
            peer, seconds, row.get("seconds_range"), ratio, row.get("bytes_up"), row.get("bytes_down"),
            row.get("round_trips"), row.get("server_cpu_s"), row.get("server_peak_mb"), row.get("verified"),
        ]  # fmt: skip
        out.append(
            " | ".join(str(cell) for cell in shown) + (f" | FAILED {row['failed']}" if row.get("failed") else "")
        )
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--harness", type=Path, required=True)
    parser.add_argument("--peers", nargs="+", default=["daybook", "floor", "triplit", "pouchdb"])
    parser.add_argument("--scenarios", nargs="+", default=list(SCENARIOS), choices=list(SCENARIOS))
    parser.add_argument("--n", type=int, nargs="+", default=[1000])
    parser.add_argument("--reps", type=int, default=3)
    chosen = parser.parse_args()
    peers = Path(os.environ.get("PEERS_DIR") or sys.exit("set PEERS_DIR to the folder where the peers are installed"))
    (peers / "app" / "peers").mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "bench/sync/daybook.mjs", peers / "app/peers/daybook.mjs")
    shutil.rmtree(peers / "seed", ignore_errors=True)  # of an older build
    for n in chosen.n:
        for scenario in chosen.scenarios:
            turns: dict[str, list[Row]] = {peer: [] for peer in chosen.peers}
            for turn in range(chosen.reps):
                for peer in chosen.peers if turn % 2 == 0 else reversed(chosen.peers):
                    turns[peer].append(one(chosen.harness.resolve(), peers, peer, scenario, n))
                    print(json.dumps(turns[peer][-1]), flush=True)
            print(table(scenario, n, {peer: summary(rows) for peer, rows in turns.items()}), flush=True)
            first, *others = chosen.peers
            for other in others:
                print(f"{first} beside {other}: {share(turns[first], turns[other])}", flush=True)


if __name__ == "__main__":
    main()
