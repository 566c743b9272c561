PYTHON ?= python3
BIN := .venv/bin

.PHONY: refresh test check golden benchmark lock dagster sample dictionary clean

# The monthly job on whatever lies in data/raw; a release comes out in data/curated.
refresh: .venv/.installed
	$(BIN)/h1b-sponsors refresh

test: .venv/.installed
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

check: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

# Do the tables come out as they did before the change? BASE=commit, else HEAD (or the commit before, where nothing is changed).
golden: .venv/.installed
	$(BIN)/python -m tests.golden $(if $(BASE),--base $(BASE))

benchmark: .venv/.installed
	$(BIN)/python -m tests.benchmarks.fetching
	$(BIN)/python -m tests.benchmarks.policies
	$(BIN)/python -m tests.benchmarks

# Dagster's pages on http://localhost:3000
dagster: .venv/.installed
	DAGSTER_HOME=$(CURDIR) $(BIN)/dagster dev -w workspace.yaml

# Resolve pyproject.toml anew, for every supported Python.
lock:
	$(PYTHON) -m pip install --quiet uv
	$(PYTHON) -m uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --no-header --no-emit-index-url --output-file requirements.lock

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@

clean:
	rm -rf .venv

# Make the embedded sample anew from folders of facts and of labelled cases.
sample: .venv/.installed
	$(BIN)/python -m tests.fixtures.make_sample $(FACTS) $(GOLD)

# docs/data_dictionary.md from the registry.
dictionary: .venv/.installed
	$(BIN)/python -c "from pipeline.schemas.dictionary import markdown; from pipeline.schemas.registry import TABLES; print(markdown(list(TABLES.values())), end='')" > docs/data_dictionary.md
