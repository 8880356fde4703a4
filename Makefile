# Layerloom: `make run` starts it, `make test` checks it. The first call makes .venv; a second one is quick.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# With HOST=0.0.0.0 other machines reach it; PORT=8600 picks the port.
OPTIONS := $(if $(HOST),--server.address $(HOST)) $(if $(PORT),--server.port $(PORT))
STAMP := $(VENV)/$(if $(GPU),gpu,cpu).stamp
TESTSTAMP := $(VENV)/test.stamp
WORKERS ?= 2

.PHONY: venv run test test-slow campaign lint types-js bench clean
.DEFAULT_GOAL := run

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"Layerloom needs Python 3.11 to 3.13, and {sys.executable} is {v[0]}.{v[1]}. Try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt $(if $(GPU),"tensorflow[and-cuda]")
	@touch $@

$(TESTSTAMP): tests/requirements.txt | $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

venv: $(STAMP) $(TESTSTAMP)

run: $(STAMP)
	$(BIN)/python -m streamlit run app.py $(OPTIONS)

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# For who works on the drawings: the types of their core, with TypeScript from npm where npx is at hand.
types-js:
	@if command -v npx >/dev/null; then npx --yes --package typescript@7 tsc -p assets/draw/jsconfig.json && echo "The types of the drawings' core are right."; \
	else echo "Nothing was checked: types-js needs npx, which comes with Node.js (https://nodejs.org)."; fi

test: lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --durations 20 -m "not slow and not campaign"

test-slow: venv
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 20 -m "slow and not campaign"

campaign: venv
	$(BIN)/python -m pytest -m "campaign or slow" --timeout 3600

bench: venv
	$(BIN)/python -m builder bench

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache
