# Antre. `make` alone lists what can be done.
#
# Everything is installed into .venv, from lock files with hashes; nothing outside this folder
# changes. A stamp file remembers what is installed, so a second call starts at once.

SHELL = /bin/sh
.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
.PHONY: help setup run test test-long lint bench bench-more bench-peers soak screenshots lock rasa rasa-server nlu-venv clean

BIN = .venv/bin
# One more than the cores of a small machine: tests wait for servers and browsers.
WORKERS = 3
NLU = local
RASA = $(BIN)/python -m nlu.rasa_server
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Tests start the bot a hundred times; where bytecode is not kept, each start compiles all of it.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo 'make run        set up, then serve the demo in your browser; NLU=rasa has Rasa understand'
	@echo 'make setup      set up only: .venv with everything that runs Antre'
	@echo 'make test       set up, then all tests but the long ones'
	@echo 'make test-long  the long tests: chaos, endurance, Rasa (installs 2.7 GB once)'
	@echo 'make lint       ruff, mypy, and what deploy/ is held to'
	@echo 'make bench      measure each door, beside the least it could cost; takes some minutes'
	@echo 'make bench-more  measure everything else: reports, the counter, rushes, backups …'
	@echo 'make bench-peers  the same booking on aiogram, python-telegram-bot and Rasa (2.7 GB once)'
	@echo '                bench, bench-peers and soak take OPTIONS=--help'
	@echo 'make soak       what fails, hangs and floods, for minutes: nothing may be lost'
	@echo 'make screenshots  make the pictures of the README anew, from the demo; needs chromium'
	@echo 'make lock       resolve the dependencies again; UPGRADE=--upgrade takes newer ones'
	@echo 'make rasa       set up Rasa (2.7 GB once), train it, and measure it beside the embedded classifier'
	@echo 'make rasa-server  keep a Rasa server running, on this machine alone'
	@echo 'make nlu-venv   only the environment of Rasa: nlu/.venv, Python 3.10'
	@echo 'make clean      remove environments, caches and the demo data'

setup: .venv/run-ready

run: .venv/run-ready $(if $(filter rasa,$(NLU)),nlu/.venv/ready)
	@$(if $(filter rasa,$(NLU)),$(RASA) run --) $(BIN)/antre demo

# Files in their own order: by default those with the fewest tests, the slowest here, come last.
test: .venv/dev-ready
	$(BIN)/pytest -m 'not long' -n $(WORKERS) --dist loadfile --no-loadscope-reorder
	@$(MAKE) --no-print-directory left-out

.PHONY: left-out
left-out:
	@python=$$($(find_python310)); \
	if test -n "$$python"; then why='they take minutes; make test-long runs them'; \
	else why='Python 3.10, which Rasa needs, was not found'; fi; \
	echo "The tests with Rasa itself were left out: $$why"

test-long: .venv/dev-ready rasa
	$(BIN)/pytest -m long -n 2 --dist loadfile

lint: .venv/dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy benchmarks
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yml

bench: .venv/dev-ready
	$(BIN)/python benchmarks/doors.py $(OPTIONS)

soak: .venv/dev-ready
	$(BIN)/pytest -q tests/long -m long -k 'chaos or storage_down or rush or kill or every_call'
	$(BIN)/python benchmarks/soak.py $(OPTIONS)

bench-more: .venv/dev-ready
	@set -e; for script in $(filter-out benchmarks/doors.py benchmarks/abreast.py benchmarks/beside.py benchmarks/soak.py benchmarks/world.py,$(wildcard benchmarks/*.py)); do echo "== $$script"; $(BIN)/python "$$script"; done

screenshots: .venv/dev-ready
	$(BIN)/python -m docs.screenshots

bench-peers: .venv/dev-ready benchmarks/peers/.venv/ready nlu/.venv/ready
	$(BIN)/python benchmarks/beside.py --rasa nlu/.venv/bin/python $(OPTIONS)

nlu-venv: nlu/.venv/ready

rasa: .venv/run-ready nlu/.venv/ready
	$(RASA) validate
	$(RASA) run --wait -- $(BIN)/python benchmarks/providers.py

rasa-server: .venv/run-ready nlu/.venv/ready
	$(RASA) serve

clean:
	rm -rf .venv nlu/.venv benchmarks/peers/.venv nlu/models .data .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find bot nlu storage tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- set-up

# $(call find_python,NAMES,CONDITION): the first of NAMES that runs and is of such a version.
find_python = for name in $(1); do \
	$$name -c 'import sys; sys.exit(not $(2))' 2>/dev/null && echo $$name && break; done

PYTHONS310 = $(PYTHON310) python3.10 $(wildcard $(HOME)/.pyenv/versions/3.10.*/bin/python3.10)
IS_310 = sys.version_info[:2] == (3$(comma) 10)
find_python310 = $(call find_python,$(PYTHONS310),($(IS_310)))

# $(call make_venv,DIR,NAMES,CONDITION,WANTED,VARIABLE): makes the environment DIR if there is no sound one.
define make_venv
	@$(1)/bin/python -c 'import pip, sys; sys.exit(not $(3))' 2>/dev/null || { \
	python=$$($(call find_python,$(2),$(3))); \
	test -n "$$python" || { echo '$(4) is needed and was not found; install it, or say make $(5)=/path/to/python' >&2; exit 1; }; \
	$$python -c 'import ensurepip, venv' 2>/dev/null || { echo "$$python cannot make environments; install its venv package (Debian: apt install python3-venv)" >&2; exit 1; }; \
	echo "Making $(1) with $$($$python --version)"; \
	$$python -m venv --clear $(1); }
endef

# $(call install,DIR,LOCK): what pip says, made short; its exit status goes through the pipe.
define install
	@echo 'Installing into $(1) what $(2) lists; the first time this downloads for a minute or more'
	@{ $(1)/bin/python -m pip install --progress-bar off --require-hashes -r $(2) 2>&1; echo "status $$?"; } | tee $(1)/install.log | awk ' \
	  /^(Collecting|Processing|Requirement already satisfied:) / { \
	    name = $$1 == "Requirement" ? $$4 : $$2; sub(/.*\//, "", name); sub(/(==|-[0-9]).*/, "", name); \
	    printf "  %d of at most %d: %s\n", ++n, total, name; fflush() } \
	  /^Installing collected packages/ { print "  putting them in place"; fflush() } \
	  /ERROR|error:/ { print > "/dev/stderr" } \
	  /^status / { status = $$2 } \
	  END { if (status) print "Installing failed; all that was said is in $(1)/install.log" > "/dev/stderr"; exit status } \
	  ' total=$$(grep -c '==.*\\$$' $(2))
endef

define install_project
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
endef

.venv/run-ready: requirements.lock pyproject.toml
	$(call make_venv,.venv,$(PYTHON) python3 python3.13 python3.12 python3.11,sys.version_info >= (3$(comma) 11),Python 3.11 or newer,PYTHON)
	$(call install,.venv,requirements.lock)
	$(install_project)
	@touch $@
	@echo 'Antre is set up.'

.venv/dev-ready: requirements-dev.lock pyproject.toml
	$(call make_venv,.venv,$(PYTHON) python3 python3.13 python3.12 python3.11,sys.version_info >= (3$(comma) 11),Python 3.11 or newer,PYTHON)
	$(call install,.venv,requirements-dev.lock)
	$(install_project)
	@touch .venv/run-ready $@
	@echo 'Antre is set up, with what its tests need.'

nlu/.venv/ready: nlu/requirements.lock
	$(call make_venv,nlu/.venv,$(PYTHONS310),$(IS_310),Python 3.10 (for Rasa),PYTHON310)
	$(call install,nlu/.venv,nlu/requirements.lock)
	@touch $@
	@echo 'Rasa is set up.'

benchmarks/peers/.venv/ready: benchmarks/peers/requirements.lock
	$(call make_venv,benchmarks/peers/.venv,$(PYTHON) python3 python3.13 python3.12 python3.11,sys.version_info >= (3$(comma) 11),Python 3.11 or newer,PYTHON)
	$(call install,benchmarks/peers/.venv,benchmarks/peers/requirements.lock)
	@touch $@

comma = ,

# ---------------------------------------------------------------- locks

COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --annotation-style line \
	--custom-compile-command 'make lock' $(UPGRADE)

lock: .venv/run-ready
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) --python-version 3.11 --group build -o requirements.lock pyproject.toml
	$(COMPILE) --python-version 3.11 --group build --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	$(COMPILE) --python-version 3.10 -o nlu/requirements.lock nlu/requirements.in
	$(COMPILE) --python-version 3.11 -o benchmarks/peers/requirements.lock benchmarks/peers/requirements.in
