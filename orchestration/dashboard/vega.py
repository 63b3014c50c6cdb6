"""The charting library, as the Python package brings it: nothing is downloaded."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

import vl_convert

from orchestration.files import write_atomically
from orchestration.settings import PROJECT_ROOT

_SNIPPET = "window.vegaEmbed = vegaEmbed;"


def bundle(cache: Path = PROJECT_ROOT / ".cache" / "vega") -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script.

    Putting it together takes seconds: kept by version of the package that brings it.
    """
    told = hashlib.sha256(_SNIPPET.encode()).hexdigest()[:8]
    path = cache / f"vega-{version('vl-convert-python')}-{told}.js"
    if not path.exists():
        write_atomically(path, vl_convert.javascript_bundle(_SNIPPET))
    return path.read_text(encoding="utf-8")
