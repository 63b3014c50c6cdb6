"""Runs started from Dagster's UI, part of the graph at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.publication.versions import current
from orchestration.running import instance
from orchestration.running.locking import writing
from orchestration.running.run import JOB, RunOutcome
from orchestration.settings import Home, use_home

CopyHome = Callable[[], Home]
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
SCORECARD = dg.AssetKey(["published", "kpi_scorecard_by_seller_month"])


def execute(home: Home, selection: dg.AssetSelection) -> dg.ExecuteInProcessResult:
    """Do what the button in the UI does with the selected assets."""
    from orchestration.definitions import defs

    graph = defs.resolve_asset_graph()
    job = defs.resolve_implicit_global_asset_job_def()
    with instance.opened(home) as opened:
        return job.execute_in_process(
            instance=opened,
            raise_on_error=False,
            run_config=QUIET,
            asset_selection=sorted(selection.resolve(graph)),
        )


def failure(result: dg.ExecuteInProcessResult) -> str:
    causes: list[str] = []
    for event in result.all_events:
        if event.is_step_failure:
            error: Any = event.step_failure_data.error
            while error is not None:
                causes.append(error.message)
                error = error.cause
    return "\n".join(causes)


def spoil(home: Home) -> None:
    """Change the warehouse so that a critical expectation cannot hold."""
    with duckdb.connect(home.warehouse) as connection:
        connection.execute("update marts.kpi_scorecard_by_seller_month set score = 250")


@pytest.fixture
def published_only() -> dg.AssetSelection:
    return dg.AssetSelection.groups("published")


def test_publishing_alone_repeats_what_the_gate_has_passed(
    copy_home: CopyHome, published_only: dg.AssetSelection
) -> None:
    home = copy_home()
    result = execute(home, published_only)
    assert result.success, failure(result)
    [event] = result.asset_materializations_for_node("publication")[:1]
    assert event.metadata["version"].value == current(home).version  # type: ignore[union-attr]


def test_publishing_alone_is_refused_when_the_warehouse_has_changed(
    copy_home: CopyHome, published_only: dg.AssetSelection
) -> None:
    home = copy_home()
    before = current(home)
    spoil(home)
    result = execute(home, published_only)
    assert not result.success
    assert "changed after the gate looked at it" in failure(result)
    assert current(home) == before


def test_publishing_alone_is_refused_after_a_failed_gate(
    copy_home: CopyHome, published_only: dg.AssetSelection
) -> None:
    home = copy_home()
    before = current(home)
    spoil(home)
    gate = execute_gate(home)
    failed = [e.asset_key for e in gate.get_asset_check_evaluations() if not e.passed]
    assert dg.AssetKey(["marts", "kpi_scorecard_by_seller_month"]) in failed
    result = execute(home, published_only)
    assert not result.success
    assert "The gate did not pass" in failure(result)
    assert current(home) == before


def execute_gate(home: Home) -> dg.ExecuteInProcessResult:
    from orchestration.definitions import defs

    job = defs.resolve_implicit_global_asset_job_def()
    graph = defs.resolve_asset_graph()
    checks = {key for key in graph.asset_check_keys if key.name == "expectations"}
    subset = job.get_subset(asset_check_selection=checks, asset_selection=frozenset())
    with instance.opened(home) as opened:
        return subset.execute_in_process(
            instance=opened, raise_on_error=False, run_config=QUIET
        )


def test_a_failed_gate_stops_the_publication_of_its_run(
    copy_home: CopyHome, published_only: dg.AssetSelection
) -> None:
    home = copy_home()
    before = current(home)
    spoil(home)
    from orchestration.definitions import defs

    job = defs.resolve_implicit_global_asset_job_def()
    graph = defs.resolve_asset_graph()
    subset = job.get_subset(
        asset_check_selection={
            key for key in graph.asset_check_keys if key.name == "expectations"
        },
        asset_selection=published_only.resolve(graph),
    )
    with instance.opened(home) as opened:
        result = subset.execute_in_process(
            instance=opened, raise_on_error=False, run_config=QUIET
        )
    assert not result.success
    started = {event.step_key for event in result.all_events if event.is_step_start}
    assert "gate" in started
    assert "publication" not in started
    assert current(home) == before


def test_one_model_can_be_built_alone_with_its_checks(copy_home: CopyHome) -> None:
    home = copy_home()
    selection = dg.AssetSelection.assets("facts/fct_exchange_rates")
    result = execute(home, selection)
    assert result.success, failure(result)
    [built] = result.asset_materializations_for_node("dbt_build")
    assert built.asset_key.path == ["facts", "fct_exchange_rates"]
    assert result.get_asset_check_evaluations()
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        newest = connection.execute(
            "select is_full from meta.builds order by recorded_at desc limit 1"
        ).fetchone()
    assert newest == (False,)


def test_a_run_of_the_ui_waits_for_nobody_who_writes(
    copy_home: CopyHome, published_only: dg.AssetSelection
) -> None:
    """It ends at once with a sentence, instead of hanging in the queue."""
    import subprocess
    import sys

    home = copy_home()
    hold = (
        "import sys; from pathlib import Path;"
        "from orchestration.running.locking import writing;"
        "from orchestration.settings import Home\n"
        "with writing(Home(Path(sys.argv[1])), 'returns run'):\n"
        "    print('held', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        result = execute(home, published_only)
        other.kill()
    assert f"in use by returns run, process {other.pid}" in failure(result)


def test_the_run_of_the_command_line_is_in_dagsters_list(demo_run: RunOutcome) -> None:
    use_home(demo_run.home)
    with dg.DagsterInstance.from_config(str(demo_run.home.dagster)) as opened:
        [run] = opened.get_runs()
    assert run.run_id == demo_run.run_id
    assert run.job_name == JOB
    assert run.status == dg.DagsterRunStatus.SUCCESS


def test_rows_are_counted_on_every_table(demo_run: RunOutcome) -> None:
    use_home(demo_run.home)
    with dg.DagsterInstance.from_config(str(demo_run.home.dagster)) as opened:
        for name in ("facts/fct_returns", "marts/kpi_scorecard_by_seller_month"):
            event = opened.get_latest_materialization_event(
                dg.AssetKey(name.split("/"))
            )
            assert event is not None
            assert event.asset_materialization is not None
            rows = event.asset_materialization.metadata["dagster/row_count"].value
            assert isinstance(rows, int)
            assert rows > 0


def test_a_run_that_was_killed_does_not_look_alive_for_ever(
    copy_home: CopyHome,
) -> None:
    home = copy_home()
    from orchestration.definitions import defs

    with writing(home, "a test"), instance.opened(home) as opened:
        dead = opened.create_run_for_job(
            job_def=defs.resolve_job_def(JOB),
            tags=instance.BY_HAND,
            status=dg.DagsterRunStatus.STARTED,
        )
        assert instance.close_abandoned_runs(opened) == 1
        seen = opened.get_run_by_id(dead.run_id)
    assert seen is not None
    assert seen.status == dg.DagsterRunStatus.FAILURE
