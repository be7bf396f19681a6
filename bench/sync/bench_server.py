"""The server that the harness starts: fills an empty data folder with one dealer and 1,000 products, then serves.

Told by variables: `DAYBOOK_DATA`, `DAYBOOK_PORT`, and `DAYBOOK_BENCH_SIGN_IN`, the file to write the owner's sign-in to.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.simulation.network import Network  # noqa: E402


def main() -> None:
    data = Path(os.environ["DAYBOOK_DATA"])
    if not (data / "daybook.sqlite").exists():
        data.mkdir(parents=True, exist_ok=True)
        network = asyncio.run(Network.create(data, dealers=1, products=1000))
        Path(os.environ["DAYBOOK_BENCH_SIGN_IN"]).write_text(json.dumps(network.sign_in(0)))
    os.execve(sys.executable, [sys.executable, "-m", "server.cli", "serve", "--no-demo"], os.environ)


if __name__ == "__main__":
    main()
