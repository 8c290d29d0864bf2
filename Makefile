# `make run` and `make test` are all that a newcomer needs: Python >= 3.11 and make, nothing else installed.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
# Stamps carry the hash of the lock that was installed, so that an old environment is never taken for a new one.
hash = $(shell cat $(1) pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)
PRODUCT := $(VENV)/.installed-$(call hash,requirements.lock)
DEVELOPMENT := $(VENV)/.developer-$(call hash,requirements.lock requirements-dev.lock)
PEERS := .venv-peers/.installed-$(call hash,benchmarks/requirements-peers.lock)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help run kernels test test-browser lint types contracts check format lock openapi answers assets browser smoke bench-peers clean

help: ## show the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found on the PATH." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: on Debian, apt-get install python3-venv." >&2; exit 1; }

$(PRODUCT): | $(BIN)/python
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.installed-* && touch $@

$(DEVELOPMENT): $(PRODUCT)
	$(PIP) --require-hashes -r requirements-dev.lock
	@rm -f $(VENV)/.developer-* && touch $@

kernels: $(PRODUCT) ## compile the kernels (two to four minutes once, then at once)
	$(BIN)/python -m solvers.compiled

run: $(PRODUCT) kernels ## install what is needed and serve http://127.0.0.1:8000
	exec $(BIN)/shadowprice serve

test: $(DEVELOPMENT) kernels browser ## install what the tests need and run them all
	$(BIN)/python -m pytest

test-browser: $(DEVELOPMENT) browser ## only the tests that need a browser
	$(BIN)/python -m pytest -m browser

browser: ## install Chromium for the tests of the pages
	tests/install_browser

lint: $(DEVELOPMENT) ## style, formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEVELOPMENT) ## strict types
	$(BIN)/mypy

contracts: $(DEVELOPMENT) ## who may import whom
	$(BIN)/lint-imports

openapi: $(DEVELOPMENT) ## write openapi.json
	$(BIN)/python -m app.openapi > .openapi.new && mv .openapi.new openapi.json

answers: $(DEVELOPMENT) ## record the answers that the documentation shows
	$(BIN)/python -m scripts.record_answers
	$(BIN)/python -m scripts.record_questions

assets: $(BIN)/python ## fetch the browser assets again (needs npm)
	$(BIN)/python scripts/vendor_assets.py

check: lint types contracts test ## what CI runs

format: $(DEVELOPMENT) ## format the code
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock: $(DEVELOPMENT) ## renew the lock files after a change of dependencies
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build --group dev --constraint requirements.lock -o requirements-dev.lock

smoke: $(PRODUCT) ## post known instances through HTTP (needs the benchmark data)
	$(BIN)/python -m benchmarks.smoke

$(PEERS): | $(BIN)/python
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements-peers.lock
	@rm -f .venv-peers/.installed-* && touch $@

bench-peers: $(PEERS) ## install the peers of the benchmarks, in an environment of their own

clean: ## remove the environment and the caches
	rm -rf $(VENV) .venv-peers .kernels .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
