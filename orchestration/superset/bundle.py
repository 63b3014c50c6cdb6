"""All assets as the files Superset imports: database, datasets, charts, dashboards.

Every asset has an identity that follows from its name, so a second import changes what
is there instead of adding to it, in whichever language it comes.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from uuid import UUID, uuid5

import yaml

from orchestration.superset.assets import Assets, Chart
from orchestration.superset.datasets import Words, dataset
from orchestration.superset.layout import dashboard
from orchestration.superset.metrics import bi_metrics

DATABASE = "databases/returns_warehouse.yaml"
SCHEMA = "marts"
_NAMES = UUID("6f6f0c3c-4a3a-5d0e-9e0e-3f2f6a4f8c11")
_ROOT = "returns_warehouse"


def identity(kind: str, name: str) -> str:
    """Return the identity of an asset: the same for the same name, always."""
    return str(uuid5(_NAMES, f"{kind}/{name}"))


def bundle(
    manifest: dict[str, Any], assets: Assets, words: Words, database_url: str
) -> dict[str, str]:
    """Return the files of an import by their paths.

    Args:
        manifest: what dbt has written of the project: metrics and definitions.
        assets: charts and dashboards in one language.
        words: definitions in that language.
        database_url: SQLAlchemy's address of the published tables, password masked.
    """
    metrics = bi_metrics(manifest)
    named = {metric.name for metric in metrics}
    unknown = {m for c in assets.charts.values() for m in c.metrics if m not in named}
    if unknown:
        raise ValueError(f"no metric of the semantic layer: {sorted(unknown)}")
    tables = sorted(
        {metric.mart for metric in metrics}
        | set(assets.datasets)
        | {chart.dataset for chart in assets.charts.values()}
    )
    told: dict[str, Any] = {
        "metadata.yaml": {
            "version": "1.0.0",
            "type": "assets",
            # Superset asks for a moment; the same assets have the same one.
            "timestamp": "2000-01-01T00:00:00+00:00",
        },
        DATABASE: _database(database_url),
    }
    for table in tables:
        own = [metric for metric in metrics if metric.mart == table]
        told[f"datasets/{_ROOT}/{table}.yaml"] = {
            **dataset(manifest, table, own, assets, words),
            "schema": SCHEMA,
            "uuid": identity("dataset", table),
            "database_uuid": identity("database", _ROOT),
            "version": "1.0.0",
        }
    for chart in assets.charts.values():
        told[f"charts/{chart.name}.yaml"] = _chart(chart, manifest, words)
    for one in assets.dashboards:
        told[f"dashboards/{one.name}.yaml"] = {
            **dashboard(one, assets, identity),
            "uuid": identity("dashboard", one.name),
            "version": "1.0.0",
        }
    return {
        path: yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        for path, content in told.items()
    }


def zipped(files: dict[str, str]) -> bytes:
    """Return the files as the archive that Superset takes; same files, same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"{_ROOT}/{path}"), content)
    return packed.getvalue()


def _database(url: str) -> dict[str, Any]:
    return {
        "database_name": "Returns warehouse",
        "sqlalchemy_uri": url,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "extra": {"allows_virtual_table_explore": True},
        "uuid": identity("database", _ROOT),
        "version": "1.0.0",
    }


def _chart(chart: Chart, manifest: dict[str, Any], words: Words) -> dict[str, Any]:
    time = words.time_column(manifest, chart.dataset)
    params = {**chart.params, "viz_type": chart.kind}
    if time is not None:
        # Without this a dashboard's time filter passes the chart by.
        anytime = {
            "expressionType": "SIMPLE",
            "clause": "WHERE",
            "subject": time,
            "operator": "TEMPORAL_RANGE",
            "comparator": "No filter",
        }
        params["adhoc_filters"] = [*params["adhoc_filters"], anytime]
        params.setdefault("granularity_sqla", time)
    return {
        "slice_name": chart.title,
        "description": "\n\n".join(
            [
                chart.question,
                words.definition(manifest, chart.dataset),
                *(words.metric(manifest, name) for name in chart.metrics),
            ]
        ),
        "viz_type": chart.kind,
        "params": json.loads(json.dumps(params)),
        "query_context": None,
        "cache_timeout": None,
        "uuid": identity("chart", chart.name),
        "dataset_uuid": identity("dataset", chart.dataset),
        "version": "1.0.0",
    }
