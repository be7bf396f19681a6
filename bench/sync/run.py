"""Daybook beside other sync servers and the floor, on one workload, in one run.

    PEERS_DIR=… python bench/sync/run.py --harness ../shared/peers [--peers daybook floor triplit …] [--n 1000] [--reps 3]

`PEERS_DIR` is a scratch folder where the harness's own set-up has installed the peers. The scenarios are W1 (push), W2 (first
sync) and W3 (reconnect after 1 % changed); peers take turns, so that a slow minute of the machine hits all of them. Prints each
median, bytes, round trips, server CPU and peak memory, and the ratio to the floor.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = {"W1": "push", "W2": "first sync", "W3": "reconnect"}


def one(harness: Path, peers: Path, peer: str, scenario: str, n: int, reps: int) -> dict[str, object]:
    """One line of the harness. RuntimeError with its complaint when it printed none."""
    environment = {
        **os.environ,
        "PEERS_DIR": str(peers),
        "DAYBOOK_ROOT": str(ROOT),
        "DAYBOOK_BENCH_SIGN_IN": str(peers / "daybook-sign-in.json"),
    }
    command = ["sh", str(harness / "bench.sh"), "run", "--peer", peer, "--scenario", scenario]
    done = subprocess.run(
        [*command, "--n", str(n), "--reps", str(reps), "--verbose"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=1500,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"{peer} {scenario}: {done.stderr[-2000:]}")
    return json.loads(lines[-1])


def table(scenario: str, n: int, rows: dict[str, dict[str, object]]) -> str:
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
            rows = {}
            for peer in chosen.peers:
                rows[peer] = one(chosen.harness.resolve(), peers, peer, scenario, n, chosen.reps)
                print(json.dumps(rows[peer]), flush=True)
            print(table(scenario, n, rows), flush=True)


if __name__ == "__main__":
    main()
