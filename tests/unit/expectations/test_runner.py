"""Which builds may be published at all."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.runner import build_problem


def builds(*states: str) -> list[dict[str, Any]]:
    """Newest first; ``part`` marks what was built with a selection."""
    return [
        {
            "build_id": f"b{number}",
            "status": state.removeprefix("part "),
            "is_full": not state.startswith("part "),
        }
        for number, state in enumerate(states)
    ]


@pytest.mark.parametrize(
    "states",
    [
        ("built",),
        ("built", "failed"),
        ("part built", "built"),
        ("part built", "part built", "built", "failed"),
    ],
)
def test_a_whole_build_and_parts_on_top_are_good(states: tuple[str, ...]) -> None:
    assert build_problem(builds(*states)) is None


@pytest.mark.parametrize(
    ("states", "problem"),
    [
        ((), "No build is recorded"),
        (("failed", "built"), "b0 has the status 'failed'"),
        (("running", "built"), "b0 has the status 'running'"),
        (("part built", "failed", "built"), "Build b1 has the status 'failed'"),
        (("part built", "part failed", "built"), "Build b1 has the status 'failed'"),
        (("part built",), "Only parts were ever built"),
    ],
)
def test_anything_else_is_not(states: tuple[str, ...], problem: str) -> None:
    assert problem in str(build_problem(builds(*states)))
