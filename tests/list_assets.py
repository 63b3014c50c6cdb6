"""``python -m tests.list_assets > tests/fixtures/assets.txt``: one line an asset."""

from __future__ import annotations

import sys
from typing import Any


def lines(graph: Any) -> list[str]:
    """Return the group and the key of every asset, sorted."""
    return sorted(
        f"{graph.get(key).group_name} {key.to_user_string()}"
        for key in graph.get_all_asset_keys()
    )


def main() -> int:
    from orchestration.definitions import defs

    print("\n".join(lines(defs.resolve_asset_graph())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
