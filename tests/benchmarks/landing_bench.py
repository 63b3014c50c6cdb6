"""Landing beside a bare DuckDB read of the same file; run as a script.

    python tests/benchmarks/landing_bench.py [--rows 1000000] [--rounds 3]

Prints, for an orders file of UTF-8 text, the rows a second of ``read_csv`` to Parquet
and of landing (median of alternating runs, each in a process of its own with its peak
memory), the same for a Windows-1252 file, and landing's peak memory for four times the
rows. The bare read keeps every column as text and checks nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from multiprocessing.context import SpawnContext
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from orchestration.landing.lake import ensure_tables
from orchestration.landing.landing import land_inbox
from orchestration.settings import Home

HEADER = (
    "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\t"
    "order-status\tfulfillment-channel\tsales-channel\torder-channel\turl\t"
    "ship-service-level\tproduct-name\tsku\tasin\tnumber-of-items\titem-status\t"
    "tax-collection-model\ttax-collection-responsible-party\tquantity\tcurrency\t"
    "item-price\titem-tax\tshipping-price\tshipping-tax\tgift-wrap-price\t"
    "gift-wrap-tax\titem-promotion-discount\tship-promotion-discount\tship-city\t"
    "ship-state\tship-postal-code\tship-country\tpromotion-ids\t"
    "payment-method-details\tis-business-order\tpurchase-order-number\t"
    "price-designation\tcustomized-url\tcustomized-page\t"
    "signature-confirmation-recommended"
)
ROW = (
    "{a:03d}-{b:07d}-{c:07d}\t{a:03d}-{b:07d}-{c:07d}\t2025-{m:02d}-{d:02d}T{h:02d}:"
    "{n:02d}:{s:02d}+00:00\t2025-{m:02d}-{d:02d}T23:{n:02d}:{s:02d}+00:00\tShipped\t"
    "Merchant\tAmazon.com\tWebsiteOrderChannel\t\tFreeEconomy\tAdult “{k}” costume, "
    "shirt and hat é, size {z} (blue)\tSKU-{k}-{z}\tB0{k:08d}\t1\tShipped\t"
    "MarketplaceFacilitator\tAmazon Services LLC\t1\tUSD\t{p}.95\t1.{t:02d}\t"
    "\t\t\t\t\t\tSpringfield\tIL\t6{t:04d}\tUS\t\tStandard\tfalse\t\t\t\t\tfalse\n"
)
WEEKS = 50_000  # distinct lines; a file repeats them with new order ids


def write_orders(path: Path, rows: int, encoding: str) -> None:
    """Write an orders file of ``rows`` lines, about 380 bytes each."""
    with path.open("w", encoding=encoding, newline="\n") as file:
        file.write(HEADER + "\n")
        for start in range(0, rows, WEEKS):
            file.writelines(_row(i) for i in range(start, min(rows, start + WEEKS)))


def _row(i: int) -> str:
    return ROW.format(
        a=100 + i % 20, b=i * 7919 % 10_000_000, c=i, m=i % 12 + 1, d=i % 28 + 1,
        h=i % 24, n=i % 60, s=i * 7 % 60, k=i * 31 % 3000, z=i % 6, p=i % 90 + 9,
        t=i % 100,
    )  # fmt: skip


def bare(path: Path, folder: Path) -> None:
    """Read the file with DuckDB alone and write Parquet."""
    target = folder / "bare.parquet"
    with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(
            f"copy (select * from read_csv('{path}', delim = '\t', quote = '', "
            f"all_varchar = true)) to '{target}' (format parquet)"
        )


def landed(path: Path, folder: Path) -> None:
    """Land the file as a user would, into a home whose tables exist."""
    land_inbox(path.parent, Home(folder))


def measured(
    work: Callable[[Path, Path], None], path: Path, folder: Path, out: Any
) -> None:
    """Run ``work`` in this process; report its seconds and the peak memory in MB."""
    started = time.perf_counter()
    work(path, folder)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out.put((seconds, peak))


def once(work: Callable[[Path, Path], None], path: Path) -> tuple[float, float]:
    """Run ``work`` on ``path`` in a fresh process and an empty home."""
    context: SpawnContext = multiprocessing.get_context("spawn")
    out = context.Queue()
    with tempfile.TemporaryDirectory(dir=path.parent.parent) as folder:
        ensure_tables(Home(Path(folder)))
        process = context.Process(target=measured, args=(work, path, Path(folder), out))
        process.start()
        found: tuple[float, float] = out.get()
        process.join()
    return found


def compare(name: str, path: Path, rows: int, rounds: int) -> None:
    """Print both readings of one file, in alternating runs."""
    runs: dict[str, list[tuple[float, float]]] = {"bare read_csv": [], "landing": []}
    for _ in range(rounds):
        runs["bare read_csv"].append(once(bare, path))
        runs["landing"].append(once(landed, path))
    speeds = {}
    for work, found in runs.items():
        speeds[work] = rows / median(seconds for seconds, _ in found)
        peak = median(peak for _, peak in found)
        print(
            f"{name:>14}  {work:<14} {speeds[work]:>10,.0f} rows/s  "
            f"median of {rounds}  peak {peak:,.0f} MB"
        )
    print(
        f"{name:>14}  ratio          {speeds['landing'] / speeds['bare read_csv']:.2f}"
    )


def alone(name: str, path: Path, rows: int) -> None:
    """Print one landing of a file."""
    seconds, peak = once(landed, path)
    speed = rows / seconds
    print(f"{name:>14}  landing        {speed:>10,.0f} rows/s  peak {peak:,.0f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for name, encoding, times in (
        ("utf-8", "utf-8", 1),
        ("cp1252", "cp1252", 1),
        ("utf-8, 4 times", "utf-8", 4),
    ):
        with tempfile.TemporaryDirectory() as folder:
            path, rows = Path(folder) / "inbox" / "orders.txt", times * options.rows
            path.parent.mkdir()
            write_orders(path, rows, encoding)
            print(f"{name:>14}  {rows:,} lines, {path.stat().st_size:,} bytes")
            if name == "utf-8":
                compare(name, path, rows, options.rounds)
            else:
                alone(name, path, rows)


if __name__ == "__main__":
    main()
