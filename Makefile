# `make` alone lists the targets. Needs Python 3.11 or newer and a package index.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INBOX ?=
HOME_DIR ?=

# To the recipes' shell as variables, never as text: any path works, spaces included.
export INBOX HOME_DIR

.PHONY: help run ui test test-superset check bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

run: $(VENV)/run.stamp ## the main job: demo data, or INBOX=files HOME_DIR=where
	@$(BIN)/returns run $${INBOX:+--inbox "$$INBOX"} $${HOME_DIR:+--home "$$HOME_DIR"}

ui: $(VENV)/run.stamp ## Dagster's UI on http://127.0.0.1:3000 (HOME_DIR=where)
	@$(BIN)/returns ui $${HOME_DIR:+--home "$$HOME_DIR"}

test: $(VENV)/dev.stamp ## the whole test suite
	@$(BIN)/pytest -q -n auto --maxprocesses 4 --dist loadfile

# Superset pins what the project has newer, so it has an environment of its own.
SUPERSET := .cache/superset
test-superset: $(VENV)/dev.stamp $(SUPERSET)/stamp ## the BI dashboards in a real Superset
	@RETURNS_TEST_SUPERSET="$(CURDIR)/$(SUPERSET)" $(BIN)/pytest -q -s \
	  tests/integration/test_superset_server.py

$(SUPERSET)/stamp: requirements/superset.lock
	@echo "Installing Apache Superset in $(SUPERSET) (once; about 1 GB) ..."
	@"$(PYTHON)" -m venv $(SUPERSET)
	@$(SUPERSET)/bin/python -m pip install --quiet --no-deps --require-hashes \
	  -r requirements/superset.lock
	@touch $@

# What dbt writes while it only compiles, away from everybody's home.
CHECK_HOME = RETURNS_HOME="$(CURDIR)/var/check" \
  DBT_TARGET_PATH="$(CURDIR)/var/check/dbt" DBT_LOG_PATH="$(CURDIR)/var/check/logs"
check: $(VENV)/dev.stamp ## ruff, mypy, sqlfluff, conventions, portability
	@echo "ruff"; $(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .
	@echo "mypy"; $(BIN)/mypy --no-error-summary
	@echo "sqlfluff"; export PATH="$(CURDIR)/$(BIN):$$PATH" $(CHECK_HOME) && \
	  $(BIN)/sqlfluff lint --quiet dbt_project/models tests/data/*.sql
	@echo "conventions and portability"; $(BIN)/pytest -q tests/conventions

bench: $(VENV)/dev.stamp ## measure landing, building and publishing
	@$(BIN)/pytest -q -s tests/benchmarks

# The tools come first: a run gets the same versions, so one environment serves both.
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate \
  --no-header --no-emit-index-url --python-version 3.11 \
  --constraint requirements/constraints.txt
lock: $(VENV)/dev.stamp ## write requirements/*.lock from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@$(COMPILE) --extra dev --output-file requirements/dev.lock \
	  pyproject.toml requirements/build.in
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-annotate --no-header \
	  --no-emit-index-url --python-version 3.11 \
	  --output-file requirements/superset.lock requirements/superset.in
	@$(COMPILE) --constraint requirements/dev.lock \
	  --output-file requirements/run.lock pyproject.toml requirements/build.in

clean: ## remove the environment, the default home and caches
	rm -rf $(VENV) .cache var target logs .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment serves both: the dev lock is the run lock plus tools.
$(VENV)/run.stamp: requirements/run.lock pyproject.toml | $(VENV)/pip.stamp
	@echo "Installing what a run needs (once; takes a minute or two) ..."
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/run.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m orchestration.transformation.parsing
	@touch $@

$(VENV)/dev.stamp: requirements/dev.lock pyproject.toml | $(VENV)/pip.stamp
	@echo "Installing what tests and checks need (once; takes a minute or two) ..."
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m orchestration.transformation.parsing
	@touch $@

$(VENV)/pip.stamp:
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "Python 3.11 or newer is needed, but there is no $(PYTHON): name one with" \
	    "PYTHON=/path/to/python3.11." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, but $(PYTHON) is" \
	    "$$("$(PYTHON)" -c 'import platform; print(platform.python_version())'): name a" \
	    "newer one with PYTHON=/path/to/python3.11." >&2; exit 1; }
	@echo "Creating the environment in $(VENV) ..."
	@"$(PYTHON)" -m venv $(VENV)
	@touch $@
