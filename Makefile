# What a newcomer needs: `make run` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes
export PYTHONPATH := src

.PHONY: help setup run test check bench format messages schema lock wheel clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.app ## Make the environment, nothing else

.venv/.app: requirements/app.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP_INSTALL) -r requirements/app.txt
	echo '$(CURDIR)/src' > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tifa.pth"
	printf '#!/bin/sh\nexec "%s/python" -m tifa "$$@"\n' '$(CURDIR)/$(BIN)' > $(BIN)/tifa
	chmod +x $(BIN)/tifa
	touch $@

.venv/.dev: .venv/.app requirements/dev.txt
	$(PIP_INSTALL) -r requirements/dev.txt
	touch $@

run: .venv/.app ## Load the demo city when there is no database yet, and serve it on 127.0.0.1:8000
	$(BIN)/tifa demo --if-empty
	$(BIN)/tifa serve

test: .venv/.dev ## Install what tests need and run all of them, on SQLite and on PostgreSQL
	tools/ensure-chromium
	$(BIN)/python -m pytest -q --numprocesses auto $(PYTEST_ARGS)
	TIFA_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q --numprocesses auto --ignore=tests/journeys --ignore=tests/whole/test_browser.py $(PYTEST_ARGS)

check: .venv/.dev ## Format, lint, types, import order, translations, migrations, deployment settings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py check
	$(BIN)/python tools/schema_docs.py check
	$(BIN)/tifa instruments check
	$(BIN)/tifa manage makemigrations --check --dry-run
	TIFA_MODE=production TIFA_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	  TIFA_ALLOWED_HOSTS=localhost TIFA_DATA_DIR=$$(mktemp -d) $(BIN)/tifa manage check --deploy --fail-level WARNING

bench: .venv/.dev ## Measure the promises of docs/capacity.md
	$(BIN)/python -m bench

format: .venv/.dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: .venv/.dev ## Bring the catalogue of translations up to date
	$(BIN)/python tools/messages.py update

schema: .venv/.dev ## Write the description of packs in docs/instruments/
	$(BIN)/python tools/schema_docs.py

lock: ## Choose the versions again (needs uv)
	uv pip compile --generate-hashes --universal --python-version 3.11 --no-annotate --no-header pyproject.toml -o requirements/app.txt
	uv pip compile --generate-hashes --universal --python-version 3.11 --no-annotate --no-header --group dev -c requirements/app.txt -o requirements/dev.txt

wheel: .venv/.dev ## Build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

clean: ## Remove the environment; the data in var/ stays
	rm -rf .venv dist build
