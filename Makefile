# devidp: `make run` starts it, `make test` runs every test, `make help` lists the rest.

# The first interpreter that is new enough; `make PYTHON=/path/to/python3.13 run` names one.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# Every version that is installed here, including what builds devidp; CONTRIBUTING.md says how to upgrade them.
PINS := tests/constraints.txt
INSTALL := $(PIP) install --constraint $(PINS) --build-constraint $(PINS)
# Flags of `devidp serve`: make run ARGS="--port 0 --memory"
ARGS ?=
# Flags of pytest: make test PYTEST_ARGS="-k consent"
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: documents pins help run demo test test-postgres agents soak soak-replicas fuzz bench check lint test-setup test-lowest test-newest coverage docs format wheel release release-check clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/installed ## start devidp; ARGS="--port 0" passes flags
	@$(BIN)/devidp $(ARGS)

demo: $(VENV)/installed-demo ## start devidp and an MCP server that it protects; ARGS="--memory" passes flags
	@$(BIN)/devidp demo $(ARGS)

test: test-setup ## install what the tests need, then run every test
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

test-postgres: test-setup ## run again, on PostgreSQL, every test whose devidp keeps state
	@$(BIN)/python -m pytest --engine PostgreSQL $(PYTEST_ARGS)

# Tests that need no server, no browser and no flow; `make test` runs the others too.
UNIT_TESTS := $(wildcard tests/test_*.py) tests/oauth tests/web/pages tests/seed tests/store

check: lint ## formatting, lint, types and unit tests: under a minute
	@$(BIN)/python -m pytest -q -m "not slow" $(PYTEST_ARGS) $(UNIT_TESTS)

lint: $(VENV)/installed-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

# Clients that cannot share an environment with devidp's tools: each has its own.
CLIENT_NAMES := $(patsubst tests/real_clients/requirements-%.txt,%,$(wildcard tests/real_clients/requirements-*.txt))
CLIENTS := $(CLIENT_NAMES:%=.venv-%/installed)

# What else the tests need (Node packages, a browser) is a prerequisite here, with a rule that installs it.
NODE_PACKAGES := $(patsubst %/package-lock.json,%/node_modules/.package-lock.json,$(wildcard tests/*/*/package-lock.json tests/probe/servers/node/package-lock.json))
PMCP := tests/vendors/pmcp/target/debug/devidp-pmcp
GO := tests/probe/servers/go/bin/servers
test-setup: $(VENV)/installed-dev $(CLIENTS) $(NODE_PACKAGES) $(PMCP) $(GO) chromium curl haproxy jq maven

# Some packages need a newer Node than the system's, and one of them installs it: so npm must not check the system's version.
%/node_modules/.package-lock.json: %/package-lock.json
	@echo "Installing the Node packages of $* ..." >&2
	@cd $* && npm ci --no-audit --no-fund --engine-strict=false --silent && touch node_modules/.package-lock.json

# A program with a crate; where Rust is missing its tests say so, and fail with CI=true.
$(PMCP): $(addprefix tests/vendors/pmcp/,Cargo.toml Cargo.lock src/main.rs)
	@command -v cargo >/dev/null || exit 0; echo "Building the program with pmcp ..." >&2; \
		cd tests/vendors/pmcp && cargo build --locked --quiet && touch ../../../$@

# Servers in Go, oauth2-proxy among them; where Go is missing their tests say so, and fail with CI=true.
$(GO): $(addprefix tests/probe/servers/go/,go.mod go.sum main.go client.go)
	@command -v go >/dev/null || exit 0; echo "Building the servers in Go ..." >&2; \
		cd tests/probe/servers/go && go build -o bin/ . github.com/oauth2-proxy/oauth2-proxy/v7 && touch bin/servers

# The shell examples use curl and jq; haproxy is in front of replicas.
.PHONY: curl haproxy jq
curl haproxy jq:
	@PATH="$$PATH:/usr/sbin"; command -v $@ >/dev/null || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null || { \
			echo "Tests need $@: install it (as root: apt-get install $@)" >&2; exit 1; }; \
		echo "Installing $@ ..." >&2; \
		apt-get update --quiet --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes $@ >/dev/null; }

# It builds the example for Spring.
.PHONY: maven
maven:
	@command -v mvn >/dev/null && command -v javac >/dev/null || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null || { \
			echo "Tests need Maven and a JDK, 17 or newer: install them (as root: apt-get install maven default-jdk-headless)" >&2; exit 1; }; \
		echo "Installing Maven ..." >&2; \
		apt-get update --quiet --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes maven default-jdk-headless >/dev/null; }

# The system's browser, or the one that the variable CHROMIUM names.
.PHONY: chromium
chromium:
	@test -n "$(CHROMIUM)" || command -v chromium chromium-browser >/dev/null || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null || { \
			echo "Tests need Chromium: install it (as root: apt-get install chromium), or name one: make CHROMIUM=/path/to/chromium test" >&2; exit 1; }; \
		echo "Installing Chromium ..." >&2; \
		apt-get update --quiet --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes chromium >/dev/null; }

agents: $(VENV)/installed-dev tests/real_clients/node-mcp/node_modules/.package-lock.json tests/agents/node_modules/.package-lock.json ## test Claude Code and Codex against the demo, with a scripted model; downloads 800 MB
	@$(BIN)/python -m pytest tests/agents/check.py

test-lowest: $(CLIENTS) $(NODE_PACKAGES) $(PMCP) $(GO) chromium curl haproxy jq maven ## run every test with the oldest dependencies that pyproject.toml allows
	@$(MAKE) --no-print-directory VENV=.venv-lowest RESOLUTION=lowest-direct resolved-venv
	@.venv-lowest/bin/python -m pytest $(PYTEST_ARGS)

test-newest: $(CLIENTS) $(NODE_PACKAGES) $(PMCP) $(GO) chromium curl haproxy jq maven ## run every test with today's newest dependencies
	@$(MAKE) --no-print-directory VENV=.venv-newest RESOLUTION=highest resolved-venv
	@.venv-newest/bin/python -m pytest $(PYTEST_ARGS)

bench: $(VENV)/installed-dev chromium ## measure speed and memory, as ratios to what this machine can do
	@command -v wrk >/dev/null || { echo "Installing wrk ..." >&2; apt-get install --quiet --yes wrk >/dev/null; }
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.painting
	@$(BIN)/python -m bench.replicas

fuzz: $(VENV)/installed-dev ## send random requests for 10 minutes: make fuzz COUNT=200000 SEED=1
	@COUNT=$(or $(COUNT),200000) SEED=$(or $(SEED),1) $(BIN)/python -m tests.fuzz

soak: $(VENV)/installed-dev ## kill -9, races and full load for 16 minutes: make soak SECONDS=600 KILLS=100 ROUNDS=500
	@SECONDS=$(or $(SECONDS),600) KILLS=$(or $(KILLS),100) ROUNDS=$(or $(ROUNDS),500) $(BIN)/python -m tests.durability.soak

soak-replicas: $(VENV)/installed-dev haproxy ## kill -9 and races of three replicas on PostgreSQL for 10 minutes: make soak-replicas KILLS=50 ROUNDS=200
	@KILLS=$(or $(KILLS),50) ROUNDS=$(or $(ROUNDS),200) SEED=$(SEED) $(BIN)/python -m tests.replicas.soak

coverage: test-setup ## run every test, and report the lines that they miss
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

docs: test-setup ## regenerate docs/faults.md and docs/failures.md, the tables of what real programs accept, and the pictures
	@$(BIN)/python -m tests.faults.verifiers.page
	@$(BIN)/python -m tests.faults.failures.page
	@$(BIN)/python -m tests.probe.servers.page
	@$(BIN)/python -m tests.judge.clients.page
	@$(BIN)/python -m tests.dashboard.pictures

documents: $(VENV)/installed-dev ## fetch the built-in client documents again; review the difference before you keep them
	@$(BIN)/python -m tests.clients.documents.update

format: $(VENV)/installed-dev ## format the code, and fix what the linter can fix
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

wheel: $(VENV)/installed-dev ## build the wheel and the source archive in dist/
	@rm -rf dist
	@$(BIN)/uv build --quiet --build-constraint $(PINS) --python $(BIN)/python
	@ls dist/*

# make release VERSION=0.2.0
VERSION ?=
release: $(VENV)/installed-dev ## give the unreleased changes a VERSION and a date, in devidp and in CHANGELOG.md
	@$(BIN)/python -m tests.packaging.release "$(VERSION)"

# make release-check REPOSITORY=https://... says the address that pyproject.toml does not have yet.
REPOSITORY ?=
release-check: $(VENV)/installed-dev ## build what would be published, twice, install it elsewhere, and use it
	@$(BIN)/python -m tests.packaging.release_check "$(REPOSITORY)"

UPGRADE ?= --upgrade
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate \
	--custom-compile-command "make pins" $(UPGRADE)
pins: | $(VENV)/bin/python ## pin the newest version of every Python package; UPGRADE= keeps the pins that still fit
	@$(PIP) install --constraint $(PINS) uv
	@echo hatchling | $(COMPILE) --all-extras pyproject.toml - --output-file $(PINS)
	@for name in $(CLIENT_NAMES); do $(COMPILE) --build-constraint $(PINS) --no-emit-package devidp \
		tests/real_clients/requirements-$$name.txt --output-file tests/real_clients/constraints-$$name.txt || exit; done

clean: ## remove environments, caches and builds
	@rm -rf .venv .venv-* dist tests/vendors/pmcp/target tests/probe/servers/go/bin .mypy_cache .ruff_cache .pytest_cache .coverage .coverage.*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The pinned pip can constrain the requirements of a build; the pip of Python 3.11 cannot.
$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "devidp needs Python 3.11 or newer: install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --constraint $(PINS) pip || { rm -rf $(VENV); exit 1; }

$(VENV)/installed: pyproject.toml $(PINS) | $(VENV)/bin/python
	@echo "Installing devidp in $(VENV) ..." >&2
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/installed-demo: pyproject.toml $(PINS) | $(VENV)/bin/python
	@echo "Installing devidp and the MCP SDK in $(VENV) ..." >&2
	@$(INSTALL) --editable '.[demo]'
	@touch $@ $(VENV)/installed

$(VENV)/installed-dev: pyproject.toml $(PINS) | $(VENV)/bin/python
	@echo "Installing devidp and its tools in $(VENV) ..." >&2
	@$(INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/installed $(VENV)/installed-demo

.venv-%/installed: tests/real_clients/requirements-%.txt tests/real_clients/constraints-%.txt $(PINS) | $(VENV)/bin/python
	@echo "Installing $< in $(@D) ..." >&2
	@$(BIN)/python -m venv --without-pip $(@D)
	@$(PIP) --python $(@D)/bin/python install --constraint tests/real_clients/constraints-$*.txt --build-constraint $(PINS) --requirement $<
	@touch $@

.PHONY: resolved-venv
resolved-venv: | $(VENV)/bin/python
	@$(PIP) install uv
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --upgrade --resolution $(RESOLUTION) --editable '.[dev]'
