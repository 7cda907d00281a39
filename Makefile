# Everything below sets up what it needs: Python 3.11 or later, pip and make are enough.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help run test check bench lint types layers wheel lock clean

help:  ## print the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(READY)  ## analyse the shipped crisis karabakh-2020: a screen and an HTML report
	$(BIN)/standoff run karabakh-2020

test: $(READY)  ## run the whole test suite
	$(BIN)/pytest

check: $(READY) lint types layers  ## lint, types, layers, lock file and the whole test suite
	$(BIN)/uv lock --check --quiet
	$(BIN)/pytest

bench: $(READY)  ## measure speed and memory (minutes); prints the table of benchmarks/README.md
	$(BIN)/python -m benchmarks

lint: $(READY)  ## check style and formatting
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY)  ## check types, strictly
	$(BIN)/mypy

layers: $(READY)  ## check that imports point one way
	$(BIN)/lint-imports

wheel: $(READY)  ## build the wheel and run it, alone, in an empty environment
	rm -rf dist
	$(BIN)/uv build --quiet --wheel
	$(PYTHON) -m venv --clear .venv/wheel
	.venv/wheel/bin/pip install --quiet dist/*.whl
	cd /tmp && $(CURDIR)/.venv/wheel/bin/standoff run karabakh-2020 --out $$(mktemp -d)

lock: $(READY)  ## resolve the dependencies again
	$(BIN)/uv lock --upgrade
	$(BIN)/uv sync --quiet

clean:  ## remove everything that was built or installed
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(READY): pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv sync --frozen --quiet --python $(BIN)/python
	@touch $@
