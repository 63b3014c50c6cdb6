"""Landing of large XML and JSON documents; run as a script.

    python -m tests.benchmarks.structured_bench [--megabytes 500]

Prints, for a returns report in XML, financial events in JSON on one line, and the same
a page a line, the speed and the peak memory of landing one document in a process of
its own. The bound that a 500 MB document must keep is 1 GB.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.unit.landing.large import (
    cost_of,
    write_json,
    write_json_lines,
    write_xml,
)

BOUND_MB = 1024
DOCUMENTS = {
    "returns, XML": (write_xml, ".xml"),
    "events, JSON": (write_json, ".json"),
    "events, lines": (write_json_lines, ".json"),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500)
    options = parser.parse_args()
    for name, (write, suffix) in DOCUMENTS.items():
        with tempfile.TemporaryDirectory() as folder:
            cost = cost_of(write, suffix, options.megabytes, Path(folder))
        print(
            f"{name:>14}  {cost.size / 1e6:>6,.0f} MB  {cost.rows:>10,} rows  "
            f"{cost.size / 1e6 / cost.seconds:>5.1f} MB/s  peak {cost.peak:,.0f} MB"
            f"{'' if cost.peak < BOUND_MB else '  TOO MUCH'}",
            flush=True,
        )


if __name__ == "__main__":
    main()
