"""Where things live. The only module that reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[1]

# The parsed dbt project, for all homes: made by installing, made again when it changes.
PARSED = PROJECT_ROOT / ".cache" / "dbt"

# No tool of ours reports home; none of them may be switched on by accident.
SILENCED = {
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}


@dataclass(frozen=True)
class Home:
    """The directory that holds everything a run generates."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Default place for the seller's files: ``inbox/<seller>/<marketplace>/…``."""
        return self.root / "inbox"

    @property
    def demo(self) -> Path:
        """Generated demo data: ``demo/inbox`` and, beside it, ``demo/truth``."""
        return self.root / "demo"

    @property
    def lake(self) -> Path:
        """Landed files as Parquet, all text: ``lake/<table>/<file_key>.parquet``."""
        return self.root / "lake"

    @property
    def quarantine(self) -> Path:
        """Rows that could not land, with the reason: ``<file_key>.parquet``."""
        return self.root / "quarantine"

    @property
    def scratch(self) -> Path:
        """Work files of a run; empty when no run is on."""
        return self.root / "scratch"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file dbt builds in. Private: BI reads ``published``."""
        return self.root / "warehouse.duckdb"

    @property
    def lock(self) -> Path:
        """Held by the one process that may write the warehouse."""
        return self.root / "warehouse.lock"

    @property
    def gate(self) -> Path:
        """Stored gate results, one JSON file a build: ``gate/<build_id>.json``."""
        return self.root / "gate"

    @property
    def data_docs(self) -> Path:
        """Static pages of the gate results."""
        return self.root / "data_docs"

    @property
    def dictionary(self) -> Path:
        """What each metric and mart means: ``index.html`` and ``zh.html``."""
        return self.root / "dictionary"

    @property
    def dbt_docs(self) -> Path:
        """Pages of dbt itself: ``index.html``, each model with its SQL and lineage."""
        return self.root / "dbt_docs"

    @property
    def dashboard(self) -> Path:
        """What people open: ``index.html``, both languages, no server needed."""
        return self.root / "dashboard"

    @property
    def reports(self) -> Path:
        """Monthly reports: ``<seller>/<month>.<language>.html`` and ``.pdf``."""
        return self.root / "reports"

    @property
    def alerts(self) -> Path:
        """What people were told already, so that nobody is told twice."""
        return self.root / "alerts"

    @property
    def published(self) -> Path:
        """Published versions; ``published/current`` links to the newest."""
        return self.root / "published"

    @property
    def dagster(self) -> Path:
        """Dagster's instance: runs, events, schedules."""
        return self.root / "dagster"

    @property
    def dbt_target(self) -> Path:
        """What dbt writes for this home."""
        return self.root / "dbt"

    @property
    def pseudonym_key(self) -> Path:
        """The key that people's pseudonyms are made with; nobody else may read it."""
        return self.root / "pseudonym.key"

    @property
    def pseudonym_check(self) -> Path:
        """What tells whether a key is the one used before; says nothing of the key."""
        return self.root / "pseudonym.check"

    @property
    def mappings(self) -> Path:
        """The seller's own mappings of their tools' exports: ``<name>.yml``."""
        return self.root / "mappings"

    @property
    def landed_inbox(self) -> Path:
        """Which state of which inbox has landed last."""
        return self.root / "landed_inbox.json"

    @property
    def run_record(self) -> Path:
        """What the last run did, how long each part took, how it ended."""
        return self.root / "run.json"


def home_from_environment() -> Home:
    """Return the home named by ``RETURNS_HOME``, else ``var`` in the project."""
    return Home(Path(os.environ.get("RETURNS_HOME") or PROJECT_ROOT / "var").resolve())


def use_home(home: Home) -> None:
    """Make this process, and what it starts, work on ``home`` and call nobody.

    dbt's profile, Dagster's instance and the gate each read the environment. One
    absolute path everywhere: dbt parses the whole project again whenever a variable
    of its profile changes.
    """
    os.environ["RETURNS_HOME"] = str(home.root)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ |= SILENCED


def debug_from_environment() -> bool:
    """Return whether ``RETURNS_DEBUG`` asks for tracebacks."""
    return os.environ.get("RETURNS_DEBUG", "0").lower() not in {"", "0", "false", "no"}


def inbox_from_environment(home: Home) -> Path:
    """Return the inbox named by ``RETURNS_INBOX``, else the home's own."""
    return Path(os.environ.get("RETURNS_INBOX") or home.inbox).resolve()


def mappings_from_environment(home: Home) -> Path:
    """Return the folder of own mappings: ``RETURNS_MAPPINGS``, else the home's own."""
    return Path(os.environ.get("RETURNS_MAPPINGS") or home.mappings).resolve()


def pseudonym_key_from_environment() -> str | None:
    """Return the key of pseudonyms stated by ``RETURNS_PSEUDONYM_KEY``, if any."""
    return os.environ.get("RETURNS_PSEUDONYM_KEY") or None


def postgres_url_from_environment() -> str | None:
    """Return the PostgreSQL to publish to: ``RETURNS_POSTGRES_URL``, if any."""
    return os.environ.get("RETURNS_POSTGRES_URL") or None


def postgres_role_from_environment() -> str:
    """Return the role that may read there: ``RETURNS_POSTGRES_ROLE``, else ours."""
    return os.environ.get("RETURNS_POSTGRES_ROLE") or "returns_reader"


def superset_database_from_environment() -> str | None:
    """Return where Superset reads: ``RETURNS_SUPERSET_DATABASE_URL``, if stated."""
    return os.environ.get("RETURNS_SUPERSET_DATABASE_URL") or None


def superset_password_from_environment() -> str | None:
    """Return the password of who loads assets: ``RETURNS_SUPERSET_PASSWORD``."""
    return os.environ.get("RETURNS_SUPERSET_PASSWORD") or None


def alert_environment() -> dict[str, str]:
    """Return the variables that say who is told what: ``RETURNS_ALERT_...``."""
    prefix = "RETURNS_ALERT_"
    return {name: said for name, said in os.environ.items() if name.startswith(prefix)}
