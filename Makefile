# make sandbox   a workspace and the bot on this machine, no Slack account needed   (SPEED=60, KEEP=1, PORT=8080)
# make test      every test
# make faults    what happens when things break: the short form of some two minutes, LONG=1 for the one of hours
# make lint      style, types and the import rules

PYTHON ?= python3
BIN := .venv/bin

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Whoever starts Python a hundred times keeps what it compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup sandbox test faults lint lock clean

setup: .venv/ready

.venv/ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Lockstep needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

sandbox: setup
	@$(BIN)/lockstep sandbox $(if $(SPEED),--speed $(SPEED)) $(if $(KEEP),--keep) $(if $(PORT),--port $(PORT))

test: setup
	$(BIN)/python -m pytest $(ARGS)

faults: setup
	$(if $(LONG),LOCKSTEP_FAULTS=long) $(BIN)/python -m pytest --numprocesses=4 $(if $(LONG),--timeout=0) tests/faults $(ARGS)
	$(if $(LONG),LOCKSTEP_WEATHER=storm $(BIN)/python -m pytest --numprocesses=4 --timeout=0 tests/stories $(ARGS))

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Written anew only by hand: pins and hashes for every platform, without the address of an index.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file requirements.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file requirements-dev.txt

clean:
	rm -rf .venv .lockstep tests/javascript/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
