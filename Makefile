# What people type. Everything happens in .venv and in the data folder; nothing else on the machine is touched,
# but that root (a container, CI) gets a Chromium for the tests.

PYTHON ?= python3
PORT ?= 8000
TESTS ?= tests
TICKETS ?= 1000 50000
MINUTES ?= 30

# One more than there are processors: tests wait for disks and browsers.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

BIN := $(CURDIR)/.venv/bin

.PHONY: help run call test check trust bench soak sbom measurements browser lint format lock texts

help:
	@echo "make run           ring the hotline from a browser   (PORT=8000)"
	@echo "make call          ring it from this terminal"
	@echo "make test          run every test                    (TESTS=tests)"
	@echo "make check         lint, and every test on both databases: what CI runs"
	@echo "make trust         what can go wrong, and which test says that it does not"
	@echo "make bench         measure webhooks, a reload, desk, matching  (LISTS=a.csv QUERIES=spoken.jsonl TICKETS=\"1000 1000000\")"
	@echo "make soak          half an hour of calls: does anything grow?  (MINUTES=30)"
	@echo "make sbom          what it is made of, as CycloneDX"
	@echo "make measurements  write docs/measurements.md, with the variables of make bench"
	@echo "make lint          check style and types"
	@echo "make format        lay the code out"
	@echo "make lock          compile requirements*.txt from pyproject.toml"
	@echo "make texts         collect, merge and compile the desk's translations"

run call: export PUBLIC_BASE_URL = http://127.0.0.1:$(PORT)
run call: export HOTLINE_SIMULATOR = 1
run call: export PORT := $(PORT)
run: .venv/requirements.txt
	@echo "Preparing the hotline ..."
	@PATH="$(BIN):$$PATH"; honcho run flask demo && echo "Ctrl-C stops it." && exec honcho start web worker

call: .venv/requirements.txt
	@PATH="$(BIN):$$PATH"; honcho run flask phone call

test: .venv/requirements-dev.txt browser
	$(BIN)/pytest -n $(WORKERS) $(TESTS)

trust: .venv/requirements-dev.txt
	@$(BIN)/python -m tests.trust

bench: .venv/requirements-dev.txt
	@PATH="$(BIN):$$PATH"; python -m tests.bench.webhooks && python -m tests.bench.sealing && python -m tests.bench.reload && python -m tests.bench.desk --tickets $(TICKETS) && python -m tests.bench.matching $(LISTS) $(if $(QUERIES),--queries $(QUERIES))

measurements: .venv/requirements-dev.txt
	@PATH="$(BIN):$$PATH"; python -m tests.bench.report --tickets $(TICKETS) --lists $(LISTS) --queries $(QUERIES)

soak: .venv/requirements-dev.txt
	@PATH="$(BIN):$$PATH"; python -m tests.bench.soak --minutes $(MINUTES)

sbom: .venv/requirements.txt
	@HOTLINE_SIMULATOR=1 $(BIN)/flask sbom

lint: .venv/requirements-dev.txt
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/vulture

check: export TEST_DATABASES = sqlite postgresql
check: lint test

format: .venv/requirements-dev.txt
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Versions that are locked stay; to raise one, name it: make lock UPGRADE="--upgrade-package flask". The locks hold for
# every system and Python from 3.11 on, with hashes and without the address of any index.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url $(UPGRADE) pyproject.toml

lock: .venv/requirements-dev.txt
	$(LOCK) --extra test -o requirements.txt
	$(LOCK) --extra test --extra dev -o requirements-dev.txt

texts: .venv/requirements-dev.txt
	@PATH="$(BIN):$$PATH"; cd ivr/desk/translations && pot=$$(mktemp) && \
	pybabel -q extract --no-location --sort-output -k _l -F babel.cfg -o $$pot ../../desk ../../phone ../../words ../../sheets && \
	pybabel -q update --no-fuzzy-matching --ignore-obsolete --no-wrap -i $$pot -d . && pybabel -q compile -d . ; rm -f $$pot

browser:
	@command -v chromium chromium-browser google-chrome >/dev/null || [ "$$(id -u)" != 0 ] || { \
	echo "Installing Chromium for the tests ..."; apt-get update -qq && apt-get install -qq -y chromium; }

# A copy of each lock in .venv says that it is installed. Debian without python3-venv has no pip for the new
# environment; the system's pip can fill it all the same.
.venv/%.txt: %.txt | .venv/bin/python
	@echo "Installing what $< names; this takes about a minute ..."
	@if [ -x .venv/bin/pip ]; then pip=".venv/bin/python -m pip"; \
	else pip="$(PYTHON) -m pip --python .venv/bin/python"; fi; \
	$$pip install --disable-pip-version-check --require-hashes -r $<
	@cp $< $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip .venv
