# The same commands by hand and in CI. Each sets up what it needs in .venv, once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOWEST := .venv-lowest
ARGS   ?=
CASES  ?= 2000
SEED   ?= 0
COUNT  ?= 100

.PHONY: help demo test test-lowest stranger lint docs bench search mutants clean

# The first target: what a bare `make` does.
help:
	@echo "make demo         set everything up, measure a network on real data, write report/index.html"
	@echo "make test         the whole test suite, about six minutes on two cores; ARGS=\"tests/... -k ...\""
	@echo "make test-lowest  the same with the oldest packages that setup.cfg allows, in $(LOWEST)"
	@echo "make stranger     build, install the wheel in an empty environment, and use it there"
	@echo "make lint         style, types, import rules"
	@echo "make docs         the documentation, executed, into docs/_build/html"
	@echo "make bench        timings beside haarpy, about half an hour; seconds with ARGS=\"--only ...\""
	@echo "make search       random sums beside slow oracles; CASES=2000 SEED=0"
	@echo "make mutants      faults that the tests must find; COUNT=100 SEED=0"
	@echo "make clean        remove what these commands made"
	@echo
	@echo "Each sets up $(VENV) first, once. PYTHON=python3.12 says with which Python."

# Main job on real data: prints a table and writes report/index.html. ARGS go to `weingarten report`.
demo: $(VENV)/report.stamp
	$(BIN)/weingarten report $(ARGS)

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n auto $(ARGS)

test-lowest: $(LOWEST)/stamp
	$(LOWEST)/bin/python -m pytest -n auto $(ARGS)

# In environments of its own, in a temporary folder; see tests/stranger/__main__.py.
stranger:
	$(PYTHON) -m tests.stranger $(ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	cd tests/stranger && ../../$(BIN)/mypy --strict --config-file= --cache-dir=../../.mypy_cache/stranger typed.py
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
	WEINGARTEN_WHOLE=1 $(BIN)/python -m pytest -q -n auto tests/derivations/test_statements.py tests/derivations/test_catalogue.py tests/derivations/test_bnmlp_laws.py tests/weingarten/integration tests/weingarten/simulation/test_evaluation.py tests/weingarten/simulation/test_matrix_evaluation.py
	$(BIN)/weingarten check --all --full --samples 100000 --width 8

# Small faults put into copies of the packages, one at a time: tests must find them. A broken run
# goes on where it was; ARGS go to `python -m mutants`.
mutants: $(VENV)/dev.stamp
	$(BIN)/python -m mutants --count $(COUNT) --seed $(SEED) $(ARGS)

clean:
	rm -rf $(VENV) $(LOWEST) build dist *.egg-info report figures docs/_build docs/_figures .pytest_cache .mypy_cache .ruff_cache .hypothesis .mutants

# `report` is the subset of `dev` that the demo needs: a newcomer's first command installs no more.
$(VENV)/report.stamp: setup.cfg pyproject.toml | $(VENV)/python.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[report]"
	touch $@

$(VENV)/dev.stamp: setup.cfg pyproject.toml | $(VENV)/python.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	touch $@

$(LOWEST)/stamp: setup.cfg pyproject.toml tests/stranger/lowest.py | $(VENV)/python.stamp
	$(PYTHON) -m venv $(LOWEST)
	$(PYTHON) tests/stranger/lowest.py > $(LOWEST)/bounds.txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -c $(LOWEST)/bounds.txt -e ".[test]"
	touch $@

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "weingarten needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@
