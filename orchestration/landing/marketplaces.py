"""The marketplaces landing knows, from the one list in ``seeds/marketplaces.csv``."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from orchestration.landing.errors import SpecError
from orchestration.settings import PROJECT_ROOT

SEED = PROJECT_ROOT / "seeds" / "marketplaces.csv"


@dataclass(frozen=True)
class Marketplace:
    """One Amazon marketplace: our two-letter code and the names others use."""

    code: str
    amazon_id: str
    domain: str
    country: str


@lru_cache(maxsize=1)
def load_marketplaces() -> tuple[Marketplace, ...]:
    """Return the marketplaces of the seed, each once, in its order."""
    if not SEED.is_file():
        raise SpecError(f"The list of marketplaces is missing: {SEED}.")
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {
        row["marketplace_code"]: Marketplace(
            row["marketplace_code"],
            row["marketplace_id"],
            row["domain_name"].lower(),
            row["country_code"],
        )
        for row in rows
    }
    return tuple(found.values())


def find_marketplace(name: str) -> Marketplace | None:
    """Return the marketplace a folder or a meta file means, if it means one.

    Args:
        name: A code (``UK``), a country (``GB``), a domain (``amazon.co.uk``, with or
            without ``www.``) or Amazon's id; letter case does not matter.
    """
    wanted = name.strip().casefold().removeprefix("www.")
    for marketplace in load_marketplaces():
        names = (
            marketplace.code,
            marketplace.country,
            marketplace.domain,
            marketplace.amazon_id,
        )
        if wanted in {item.casefold() for item in names}:
            return marketplace
    return None
