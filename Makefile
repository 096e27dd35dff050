# make run, make test: everything else is set up by them.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.PHONY: help setup run chat test check fix lock bench bench-answers bench-forms eval clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

setup: $(STAMP)  ## the virtual environment with locked dependencies and the command laurel

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Laurel needs Python 3.11 or newer; say PYTHON=... to name one" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup  ## serves Laurel on 127.0.0.1:8080
	@$(BIN)/laurel run

chat: setup  ## the same conversation in the terminal
	@$(BIN)/laurel chat

test: setup  ## the everyday suite; with CI=true the slow tests too
	@$(BIN)/pytest -q -n auto --dist loadfile -m "$(if $(CI),,not slow)"

check: setup  ## ruff, mypy, import contracts, house rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/project

fix: setup  ## formats and mends what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: setup  ## resolves requirements.lock anew from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements.lock

bench: setup  ## turns per second beside a plain echo bot
	@$(BIN)/python -m benchmarks.turns

bench-answers: setup  ## time and memory of an answer
	@$(BIN)/python -m benchmarks.answers

bench-forms: setup  ## the cost of a form turn, of a package, of an upload
	@$(BIN)/python -m benchmarks.forms

eval: setup  ## how often answers are right, with whole voices left out of training
	@$(BIN)/python -m benchmarks.eval

clean:  ## removes what was made, never var/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
