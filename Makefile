# The same commands by hand and in CI. Each sets up what it needs in .venv, once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
CASES  ?= 2000
SEED   ?= 0
COUNT  ?= 100

.PHONY: demo test lint docs bench search mutants clean

# Main job on real data: prints a table and writes report/index.html. ARGS go to `weingarten report`.
demo: $(VENV)/report.stamp
	$(BIN)/weingarten report $(ARGS)

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

docs: $(VENV)/dev.stamp
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/_build/html

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks $(ARGS)

# Random cases against slow oracles: cases SEED to SEED + CASES - 1 of each search, or of those in
# ARGS. It ends with an error where one is wrong.
search: $(VENV)/dev.stamp
	$(BIN)/python -m tests.search --cases $(CASES) --seed $(SEED) $(ARGS)
	WEINGARTEN_WHOLE=1 $(BIN)/python -m pytest -q -n auto tests/derivations/test_statements.py tests/derivations/test_catalogue.py tests/derivations/test_bnmlp_laws.py tests/weingarten/integration tests/weingarten/simulation/test_evaluation.py
	$(BIN)/weingarten check --all --full --samples 100000 --width 8

# Small faults put into copies of the packages, one at a time: tests must find them. A broken run
# goes on where it was; ARGS go to `python -m mutants`.
mutants: $(VENV)/dev.stamp
	$(BIN)/python -m mutants --count $(COUNT) --seed $(SEED) $(ARGS)

clean:
	rm -rf $(VENV) build *.egg-info report figures docs/_build docs/_figures .pytest_cache .mypy_cache .ruff_cache .hypothesis .mutants

# `report` is the subset of `dev` that the demo needs: a newcomer's first command installs no more.
$(VENV)/report.stamp: setup.cfg pyproject.toml | $(VENV)/python.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[report]"
	touch $@

$(VENV)/dev.stamp: setup.cfg pyproject.toml | $(VENV)/python.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	touch $@

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "weingarten needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@
