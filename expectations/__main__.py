"""``python -m expectations``: the gate as a process of its own.

One line of JSON on standard output is the verdict. Exit status 0 means the question
was answered, well or badly; anything else means it could not be asked.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from expectations.receipt import GateReport
from orchestration.errors import ReturnsError
from orchestration.settings import Home, home_from_environment


def main() -> int:
    """Validate the newest build of a home and print the verdict."""
    options = _parser().parse_args()
    home = Home(options.home.resolve()) if options.home else home_from_environment()
    try:
        with _messages_on_standard_error():
            report = _validate(home, options)
    except ReturnsError as error:
        print(error, file=sys.stderr)
        return 1
    if report is None:
        return 2
    print(json.dumps(report.to_json()), flush=True)
    return 0


def _validate(home: Home, options: argparse.Namespace) -> GateReport | None:
    # The import takes longer than the questions: a caller starts this process beside
    # dbt and tells it, by one line, that the build has ended.
    import expectations.asking  # noqa: F401
    from expectations.runner import validate

    if options.when_told and not sys.stdin.readline():
        print("Ended without being told to validate.", file=sys.stderr)
        return None
    return validate(home, compare=not options.without_comparison)


@contextmanager
def _messages_on_standard_error() -> Iterator[None]:
    """Libraries that print must not mix with the verdict."""
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m expectations", description=__doc__)
    parser.add_argument("--home", type=Path, help="home directory of the warehouse")
    parser.add_argument(
        "--when-told",
        action="store_true",
        help="import everything, then wait for one line on standard input",
    )
    parser.add_argument(
        "--without-comparison",
        action="store_true",
        help="do not compare with the last publication, after removing data on purpose",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
