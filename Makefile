# Set-up, run, tests, checks of style and types, measurements. Needs Python >= 3.11 and make.
#   make run    make test    make setup    make lint    make bench
# Another Python than python3: make run PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: run test setup lint bench system-packages
.DEFAULT_GOAL := run

run: setup
	@$(BIN)/juesuan run

test: setup system-packages
	$(BIN)/pytest -n logical --maxprocesses 4 --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	@$(BIN)/python tests/bench.py
	@$(BIN)/python tests/crashes.py

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "juesuan needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo absent)." \
	       "Name another one: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments." \
	       "On Debian and Ubuntu they are a package of their own: apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv with $$($(PYTHON) --version): making the environment …"
	@$(PYTHON) -m venv .venv
	@echo "Setting up .venv: installing the packages of requirements.lock, about a minute …"
	@# The lock is its own constraint: else old pips look for another version where a package is asked for with an extra.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock -c requirements.lock
	@echo "Setting up .venv: installing juesuan itself …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
	@echo "Setting up .venv: done."

# Programs that the tests use besides Python, by their names in Debian.
system-packages:
	@absent=; for name in $$(grep -v '^#' tests/apt.txt); do \
	  command -v $$name >/dev/null || dpkg -s $$name >/dev/null 2>&1 || absent="$$absent $$name"; done; \
	if [ -z "$$absent" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing what the tests need besides Python:$$absent …"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$absent; \
	else \
	  echo "Some tests need programs that are not installed:$$absent. Install them with your package manager." >&2; \
	fi
