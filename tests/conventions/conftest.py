"""The dbt manifest of this checkout, parsed once into a directory of its own."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    from dbt.cli.main import dbtRunner

    work = tmp_path_factory.mktemp("manifest")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETURNS_HOME", str(work))
        patch.setenv("DBT_TARGET_PATH", str(work / "target"))
        patch.setenv("DBT_LOG_PATH", str(work / "logs"))
        arguments = ["--quiet", "parse", "--project-dir", str(ROOT)]
        result = dbtRunner().invoke([*arguments, "--profiles-dir", str(ROOT)])
    assert result.success, result.exception
    return json.loads((work / "target" / "manifest.json").read_text())


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }


def tracked_files(*suffixes: str) -> list[Path]:
    """Files of the project with one of ``suffixes``, generated ones left out."""
    skipped = {".venv", "var", "target", "logs", ".git", "node_modules"}
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in skipped and not name.endswith((".egg-info", "_cache"))
        ]
        found += [Path(folder) / name for name in names if name.endswith(suffixes)]
    return sorted(found)
