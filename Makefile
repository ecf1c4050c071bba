# Both `make run` and `make test` set everything up by themselves, once, in .venv. `make` alone says what there is.

PYTHON ?= python3
ARGS ?=
BENCH ?= $(wildcard ../shared/bench)
REPLAY ?= $(wildcard ../shared/replay)

BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input

# Nothing here tells anybody that it runs.
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help run test check bench serve lock clean

help: ## say what each target does (this text)
	@echo 'Harvest keeps the public record of named researchers true and current.'
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo 'ARGS is handed on (make test ARGS="-k names"); PYTHON is used to make .venv (make run PYTHON=python3.13).'
	@echo 'The first run, test or check sets up .venv: about a minute, once; it needs a package index and nothing else.'

run: .venv/.installed ## run the main job on a model of the public record, without a network: harvest demo
	@$(BIN)/harvest demo $(ARGS)

test: .venv/.installed ## run all tests
	$(BIN)/python -m pytest $(ARGS)

check: .venv/.installed ## check format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.installed ## measure quality, time and memory, beside the peers; BENCH names a folder of labelled sets
	$(BIN)/python benchmarks/link.py $(if $(BENCH),--sets $(BENCH)) --size 100000
	$(if $(BENCH),$(BIN)/python benchmarks/attribute.py $(BENCH)/attribution/aminer)
	$(BIN)/python benchmarks/etiquette.py
	$(BIN)/python benchmarks/parse.py
	$(BIN)/python benchmarks/growth.py
	$(if $(REPLAY),$(BIN)/python benchmarks/replay.py $(REPLAY))
	$(BIN)/python benchmarks/peers.py

serve: .venv/.installed ## run the flows on the schedules of prefect.yaml; start .venv/bin/prefect server start beside it
	@$(BIN)/python -m flows.serve $(ARGS)

lock: ## renew requirements.lock after a change of the dependencies in pyproject.toml
	@PYTHON='$(PYTHON)' .ci/lock

clean: ## remove what was made here: .venv, caches, the demo's warehouse; never your own warehouse
	rm -rf .venv .venv-bench .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist src/*.egg-info warehouse/demo
	find src flows tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# Other pins: a new environment. A change in pyproject.toml alone: only the package itself again.
.venv/.locked: requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo 'Harvest needs Python 3.11 or later, and there is no $(PYTHON) here: install one, or name one with PYTHON=…' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Harvest needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) -V 2>&1): name a later one, as in make run PYTHON=python3.13" >&2; exit 1; }
	@echo 'Setting up .venv with its pinned packages: about a minute, once …' >&2
	@$(PYTHON) -m venv --clear .venv
	@$(PIP_INSTALL) --require-hashes -r requirements.lock
	@touch $@

.venv/.installed: .venv/.locked pyproject.toml
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip -q --disable-pip-version-check check
	@touch $@
