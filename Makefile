PYTHON ?= $(shell for v in 3.12 3.11 3.13; do command -v python$$v >/dev/null 2>&1 && python$$v -c 'import venv, ensurepip' >/dev/null 2>&1 && { command -v python$$v; exit 0; }; done; command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
NOTES ?= examples/notes
OUT ?= build/run
CORPUS ?= corpora/train corpora/dev

.PHONY: help install run test test-all model evaluate sealed lint check benchmark clean

help:            ## say what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

install: $(STAMP)  ## make .venv and install the package with its tools

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "ablacode needs Python 3.11 to 3.13; say: make PYTHON=/path/to/python3.12 install")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

run: install     ## suggest codes for a folder of notes: make run [NOTES=folder] [OUT=folder]
	@$(BIN)/ablacode batch $(NOTES) -o $(OUT) --fresh

test: install    ## the tests, at most five minutes on two cores
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-all: install  ## all tests, the long ones too
	$(BIN)/python -m pytest -n 2

model: install   ## train the models from the corpus, byte-identical each time
	$(BIN)/python scripts/train.py $(CORPUS)

evaluate: install  ## precision and recall on the test part
	$(BIN)/python scripts/evaluate.py corpora/test

sealed: install  ## open the sealed families and log the figures: make sealed ISSUE=3, at most three times an issue
	$(BIN)/python scripts/sealed.py --issue $(ISSUE)

benchmark: install  ## speed against stock medSpaCy
	$(BIN)/python scripts/benchmark.py

lint: install    ## ruff and mypy
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

check: lint test  ## what to run before a commit

clean:           ## remove the environment and what was built
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
