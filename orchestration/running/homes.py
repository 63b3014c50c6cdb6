"""Whether a directory that somebody named can be a home."""

from __future__ import annotations

from orchestration.errors import ReturnsError
from orchestration.settings import Home


class HomeUnusableError(ReturnsError):
    """The home is missing where it must be there, or cannot be a directory."""


def demand_home(home: Home, *, must_exist: bool = False) -> None:
    """Raise if ``home`` cannot be used; create nothing.

    Args:
        home: what somebody named.
        must_exist: whether the command makes no sense for a home not there yet.

    Raises:
        HomeUnusableError: a file is in the way, or there is no such home.
    """
    places = (home.root, *home.root.parents)
    present = next(place for place in places if place.exists())
    if not present.is_dir():
        raise HomeUnusableError(f"{present} is a file, not a directory.")
    if must_exist and present != home.root:
        raise HomeUnusableError(
            f"There is no home {home.root}: check --home, or begin one with "
            "`returns run`."
        )
