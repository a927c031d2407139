# Everything that a developer does. Each target sets up what it needs, and nothing twice.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
COMPILE := uv pip compile --quiet --generate-hashes --no-header --no-annotate --universal --python-version 3.11

# What one process has compiled, the next need not.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install demo test torture lint bench words screenshots lock clean
.DEFAULT_GOAL := install

install: $(INSTALLED)

$(INSTALLED): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Taskbell needs Python 3.11 or newer as '$(PYTHON)'; name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "'$(PYTHON)' cannot make virtual environments; on Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Installing Taskbell and its locked dependencies into .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --no-input --disable-pip-version-check --root-user-action=ignore \
	  --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install -qq --no-input --disable-pip-version-check --root-user-action=ignore \
	  --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED)
	@$(BIN)/taskbell demo

test: $(INSTALLED)
	@$(BIN)/pytest -n 4

torture: $(INSTALLED)
	@$(BIN)/python -m tests.torture --kills 1000
	@$(BIN)/python -m tests.torture --kills 1000 --database postgres

lint: $(INSTALLED)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(INSTALLED)
	@$(BIN)/python -m bench

words: $(INSTALLED)
	@$(BIN)/python -m tests.house.catalogues

screenshots: $(INSTALLED)
	@$(BIN)/python -m tests.browser.pictures

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv; see CONTRIBUTING.md" >&2; exit 1; }
	$(COMPILE) --extra postgres pyproject.toml -o requirements.txt
	$(COMPILE) --extra postgres --extra dev pyproject.toml -o requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
