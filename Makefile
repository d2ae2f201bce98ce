# make run    Duly on this computer: http://127.0.0.1:8010, with a sample company on first use
# make test   the tests; the last lines tell what could not run here and why
# make lint   formatting, types, layers
# make lock   write requirements/*.txt anew from pyproject.toml and *.in (needs uv)

PYTHON ?= python3
PORT ?= 8010
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)

.PHONY: run test lint lock clean
.DEFAULT_GOAL := run

run: .venv/has-run
	@test -n "$$DULY_DATABASE_URL" || $(BIN)/duly demo --if-empty
	@exec $(BIN)/duly up --port $(PORT)

test: .venv/has-test
	@$(BIN)/python tests/suite.py $(SUITE)

lint: .venv/has-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	DULY_HOME=.mypy_cache/home $(BIN)/mypy
	$(BIN)/lint-imports --no-cache

lock:
	$(lock) pyproject.toml -o requirements/run.txt
	$(lock) requirements/build.in -o requirements/build.txt
	$(lock) requirements/test.in -o requirements/test.txt

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# Debian without python3-venv makes environments without pip: any other pip can then fill them.
.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Duly needs Python 3.11 or later; name one with: make PYTHON=python3.12"; exit 1; }
	@echo "Installing into .venv; the first time takes a minute or two."
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip .venv
	@touch $@

.venv/has-run: requirements/build.txt requirements/run.txt pyproject.toml | .venv/made
	@$(call install,--require-hashes -r requirements/build.txt -r requirements/run.txt)
	@$(call install,--no-deps --no-build-isolation --editable .)
	@touch $@

.venv/has-test: requirements/test.txt .venv/has-run
	@$(call install,--require-hashes -r requirements/test.txt)
	@touch $@

lock = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-header --no-annotate --quiet

install = $(if $(UV),uv pip install --quiet --python $(BIN)/python $(1),\
  if [ -x $(BIN)/pip ]; then set -- $(BIN)/python -m pip; \
  else set -- $(PYTHON) -m pip --python $(BIN)/python; fi; \
  "$$@" install --quiet --disable-pip-version-check $(1))
