# Needs Python 3.11 and make; everything else is fetched by `make setup`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
# Tests start hundreds of processes: where this is set, each of them compiles all that it imports once more.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell for p in python3.11 python3; do \
	if $$p -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2
# Each worker starts what its tests need: a Spark session, a stack of its own (tests/conftest.py).
IN_WORKERS := --numprocesses $(WORKERS) --dist loadgroup --no-loadscope-reorder

##@ Two commands
.PHONY: demo
demo: setup ## Start the local stack, load the sample feeds, show the result; leaves the stack running
	@$(BIN)/python -m infra.local.demo

.PHONY: test
test: check ## Everything: checks, then golden, contract and whole-stack tests (at most 25 minutes)
	$(PYTEST) tests -m "not quick and not faults and not operations and not platforms and not meaning and not upgrade and not wheel" $(IN_WORKERS)

##@ While developing
.PHONY: setup
setup: ## .venv, pinned dependencies, Java, jars (at the first time about 1 GB); run it again at any time
	@if [ -z "$(PYTHON)" ]; then \
		echo "Python 3.11 is needed: neither python3.11 nor python3 is one (or: make PYTHON=/path/to/python3.11 …)" >&2; exit 1; fi
	@"$(PYTHON)" scripts/setup

.PHONY: check
check: setup ## Lint, format, types, dead code, layers, template, unit tests (at most 2 minutes)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-types check-structure
	$(PYTEST) tests/unit tests/mutants -m quick $(IN_WORKERS)

.PHONY: check-types check-structure
check-types:
	$(BIN)/mypy
check-structure:
	$(BIN)/vulture
	PYTHONPATH=. $(BIN)/lint-imports --no-cache
	$(BIN)/cfn-lint template.yaml

.PHONY: format
format: setup ## Format the code, and fix what ruff can fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: package
package: setup ## Build what a deploy uploads: wheel, Lambda zips, Glue environment, job scripts (build/)
	$(BIN)/python -m infra.package

.PHONY: lock
lock: setup ## Pin again from requirements/*.in (newest versions that fit)
	@for file in bootstrap java17 java25 dev docs glue glue6 lambda; do \
		scripts/lock $$file; done

.PHONY: docs
docs: setup ## The documentation as a searchable site (build/site); a broken link or anchor fails
	@"$(PYTHON)" scripts/setup/second_venv.py docs
	rm -rf build/site
	.venv-docs/bin/sphinx-build --quiet --fail-on-warning -c docs -d build/site-cache . build/site
	@echo "Open build/site/index.html"

##@ Longer proofs
.PHONY: faults
faults: setup ## 40 scripted faults: on the wire to both sinks, and the whole stack with the job killed at each moment
	$(PYTEST) tests -m faults

.PHONY: operations-test
operations-test: setup ## What operators and nights do beside loads: set a mall back, build an index again, tidy many malls (5 minutes)
	$(PYTEST) tests -m operations

.PHONY: platforms-test
platforms-test: setup ## The sample of each version of a platform that `make test` does not send, on a whole stack (4 minutes)
	$(PYTEST) tests/local -m platforms

.PHONY: meaning-test
meaning-test: setup ## What feeds mean, told by malls on a whole stack: parts of products, slices, supplements, stamps, versions, moments (12 minutes)
	$(PYTEST) tests/local -m meaning

.PHONY: upgrade-test
upgrade-test: setup ## The release before, this checkout and the next one, each deployed over the other (7 minutes)
	$(PYTEST) tests/releases -m upgrade

.PHONY: wheel-test
wheel-test: setup ## The wheel with its extra, installed by pip into an empty environment (about 400 MB from the index)
	$(PYTEST) tests/wheel -m wheel

.PHONY: torture
torture: setup ## 20,000 random schedules of feeds, faults and crashes against the oracle; thousands of damaged files and odd cells (12 minutes)
	MALLFEED_SCHEDULES=20000 $(PYTEST) tests/model
	MALLFEED_EXAMPLES=10 $(PYTEST) tests/unit/normalise/test_types_total.py
	MALLFEED_MUTATIONS=300 MALLFEED_TEXTS=10000 $(PYTEST) tests/unit/feed/test_fuzz.py tests/unit/feed/test_csv_blocks.py $(IN_WORKERS)

.PHONY: mutants
mutants: setup ## Hand-made faults, one per rule: the suite must notice each (about half an hour)
	$(BIN)/python -m tests.mutants

.PHONY: elsewhere
elsewhere: setup ## The demo in a copy elsewhere: blanks and Hangul in its path, no git, another user (10 minutes)
	$(BIN)/python -m tests.elsewhere

.PHONY: test-glue6
test-glue6: setup ## The normaliser's tests on Glue 6.0's Spark 4.1 (ANSI mode), in .venv-glue6
	@"$(PYTHON)" scripts/setup/second_venv.py glue6
	PYTHONPATH=. .venv-glue6/bin/python -m pytest tests/unit/normalise tests/golden

##@ Measuring
.PHONY: bench
bench: setup ## Whole loads against two plain scripts and the machine's ceiling (BENCH="--rows 20000 --rounds 1": a try)
	PYTHONPATH=. $(BIN)/python benchmarks/bench.py $(BENCH)

.PHONY: bench-normalize
bench-normalize: setup ## Normalising 300,000 rows against Spark's own CSV → Parquet
	$(BIN)/python benchmarks/bench_normalize.py

.PHONY: search-eval
search-eval: setup ## How well products are found, by kind of query, beside a baseline (WORST=20: the worst queries too)
	PYTHONPATH=. $(BIN)/python -m tests.search.evaluate $(WORST)

.PHONY: suggest-eval
suggest-eval: setup ## How right drafts of `suggest` are, and how right they believe to be (FAULTS=--faults: what is wrong)
	PYTHONPATH=. $(BIN)/python -m tests.suggest_eval.evaluate $(FAULTS)

.PHONY: bench-search
bench-search: setup ## Search and completion latency: 300,000 products, 20 queries per second, idle and while loading
	PYTHONPATH=. $(BIN)/python benchmarks/bench_search.py

.PHONY: bench-latency
bench-latency: setup ## What suggest and preview take, cold and with a Java that stayed up (LATENCY="--rounds 1": a try)
	PYTHONPATH=. $(BIN)/python benchmarks/bench_latency.py $(LATENCY)

.PHONY: soak
soak: setup ## 300 small deltas of a mall of 1,000,000 products, while another mall loads (SOAK="--products 100000 --deltas 60": a try)
	PYTHONPATH=. $(BIN)/python benchmarks/soak.py $(SOAK)

##@ The local stack
.PHONY: up down
up: setup ## Start the local stack without loading anything
	@$(BIN)/mallfeed local up
down: ## Stop the local stack
	@if [ -x $(BIN)/mallfeed ]; then $(BIN)/mallfeed local down; fi

.PHONY: clean
clean: down ## Stop the stack; remove what was built and what the stack kept (not .venv, not the cache)
	rm -rf .local build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info spark-warehouse metastore_db

.PHONY: help
help: ## This text
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z0-9-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
