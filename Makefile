# `make demo` and `make test` do all set-up on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE_NIGHT := 2026-05-24

.PHONY: demo test test-services lint clean

demo: $(VENV)/core .env
	$(BIN)/cxnlp run pipelines/sample.yaml --night $(SAMPLE_NIGHT)

test: $(VENV)/dev lint
	$(BIN)/python -m pytest -m "not services" -n 2 --dist loadfile

test-services: $(VENV)/dev
	sh tests/services/install.sh
	$(BIN)/python -m pytest -m services tests/services

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/core: pyproject.toml
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/dev: pyproject.toml
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --editable ".[train,dev]"
	touch $@ $(VENV)/core

.env: $(VENV)/core
	$(BIN)/python -c "from pathlib import Path; from cxnlp.starter import write_key; print(write_key(Path('.env')))"

clean:
	rm -rf $(VENV) data/lake data/marts data/reports
