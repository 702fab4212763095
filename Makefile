# `make demo` and `make test` do all set-up themselves; a second run starts at once.

PYTEST = .venv/bin/python -m pytest
# Three processes for the two cores of the smallest machine we care for: one of them mostly waits, for a browser or a
# process it has started. Who is done first helps the others.
THREE = -n 3 --dist worksteal
# Compiled once: the tests start two hundred processes, and each would compile everything it imports again.
unexport PYTHONDONTWRITEBYTECODE
# `make test ARGS="-k merge -x"` passes more on.
ARGS ?=

.PHONY: help install demo test check lint judge bench bench-web bench-load peer soak mutants words lock clean

help:
	@echo 'make install  what the service needs, into .venv'
	@echo 'make demo     everything on this machine, with a Workspace of our own to play in'
	@echo 'make test     the tests'
	@echo 'make check    ruff, mypy, import-linter, the tests with branch coverage: what a change must pass'
	@echo 'make judge    what others judge of the REST API: Spectral, a generated client, schemathesis; some minutes'
	@echo 'make bench    calls, quota units and seconds of the main jobs; beside vdirsyncer after make peer'
	@echo 'make bench-web  milliseconds and statements of every page, and of what programs read, in a company as large as promised'
	@echo 'make bench-load  of these the last alone: 200 reads of the API a second, kept in var/bench/load/programs.json'
	@echo 'make soak     simulated histories for an hour (MINUTES=…), then property tests with a hundred times the examples'
	@echo 'make mutants  breaks the decisions on purpose, one line at a time, and counts what no test notices'
	@echo 'make words    brings the catalogues of translations up to date, and compiles them'
	@echo 'make lock     writes the lock files anew, within the bounds of pyproject.toml'
	@echo 'make clean    removes what the above made'

install: .venv/runtime-installed

demo: install
	.venv/bin/sharesync demo

test: .venv/dev-installed
	@.ci/system-packages
	$(PYTEST) $(THREE) -m "not long" $(ARGS)

lint: .venv/dev-installed
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

check: lint
	@.ci/system-packages
	$(PYTEST) $(THREE) --cov --cov-report=term $(ARGS)
	SHARESYNC_TESTS_ON=postgresql $(PYTEST) $(THREE) -m "not browser" tests/scenarios tests/rights tests/log tests/web $(ARGS)

# In an environment of its own: nothing else needs what it brings.
judge: .venv/dev-installed var/judge/installed var/spectral
	.venv/bin/python -m tests.api.judge

var/judge/installed: .ci/judge.lock
	.venv/bin/python -m venv --clear var/judge
	var/judge/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .ci/judge.lock
	@touch $@

SPECTRAL = @stoplight/spectral-cli@6.16.3

# Without npm it is left out, and the judge says so. No lock: npm's names the index it came from.
var/spectral: Makefile
	@mkdir -p $@
	@if command -v npm >/dev/null; then npm install --silent --no-audit --no-fund --no-package-lock --prefix $@ $(SPECTRAL); fi
	@touch $@

bench: .venv/dev-installed
	.venv/bin/python -m tests.bench $(ARGS)

# Measured beside ours where it is there (`make bench`); in an environment of its own, which nothing else needs.
peer: var/peer/installed

var/peer/installed: Makefile | .venv/dev-installed
	.venv/bin/python -m venv --clear var/peer
	var/peer/bin/python -m pip install --quiet --disable-pip-version-check vdirsyncer==0.21.0 radicale==3.9.0
	@touch $@

bench-web: .venv/dev-installed
	rm -rf var/bench/pages
	.venv/bin/python -m tests.bench.pages var/bench/pages

bench-load: .venv/dev-installed
	rm -rf var/bench/load
	.venv/bin/python -m tests.bench.programs var/bench/load

# Histories of the simulator, one after the other from a new seed each time; a failure prints how to play it again.
MINUTES ?= 60

soak: .venv/dev-installed
	.venv/bin/python -m tests.simulation --minutes $(MINUTES)
	$(PYTEST) -n 2 --hypothesis-profile=soak --timeout=3600 $(ARGS)

mutants: .venv/dev-installed
	.venv/bin/mutmut run $(ARGS)
	.venv/bin/mutmut results

.venv/runtime-installed: requirements.lock .ci/pip.lock pyproject.toml .ci/virtualenv
	.ci/virtualenv requirements.lock
	@touch $@

.venv/dev-installed: requirements-dev.lock .ci/pip.lock pyproject.toml .ci/virtualenv
	.ci/virtualenv requirements-dev.lock
	@touch $@ .venv/runtime-installed

# No index addresses in the files: whoever installs has their own.
PIP_LOCK = .venv/bin/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
PIP_COMPILE = $(PIP_LOCK) --build-deps-for=editable

# What is marked for translation goes into the catalogues; what they hold is compiled. Between the two, somebody translates.
CATALOGUES = web/translations
# What carries a sentence out of sharesync/ takes its template first.
SENTENCES = -k Sentence -k Refused -k InvalidInput -k InvalidCard:1 -k UnfitValue -k InvalidFilter:1 -k _wrong:2 -k NotAllowed -k SignInFailed \
	-k GoogleError -k Attention -k MailboxPaused -k MailboxFull -k Exhausted:1 -k RequestRefused -k Judged -k PersonStale -k PersonMissing -k EntryMissing \
	-k Unreachable -k RetryLater:1 -k Unauthenticated:1 -k OutcomeUnknown:1 -k NoLongerWanted:1 -k MalformedReply:1 -k EmptyListing:1 \
	-k BudgetSpent:1 -k StrangeListing:1 -k Broken:1 -k SyncTokenExpired -k PageTokenExpired -k LabelNameTaken -k LabelStale -k LabelMissing

words: .venv/dev-installed
	.venv/bin/pybabel -q extract -F pyproject.toml -k N_ -k _ -k plural:1,2 -k nouns:1,2 -k lazy $(SENTENCES) --no-location --omit-header --no-wrap -o $(CATALOGUES)/messages.pot .
	.venv/bin/pybabel -q update -i $(CATALOGUES)/messages.pot -d $(CATALOGUES) --no-fuzzy-matching --no-wrap --ignore-obsolete --ignore-pot-creation-date
	.venv/bin/pybabel -q compile -d $(CATALOGUES)

lock: .venv/dev-installed
	$(PIP_COMPILE) --output-file requirements.lock pyproject.toml
	$(PIP_COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	printf 'schemathesis\nopenapi-python-client\n' | $(PIP_LOCK) --output-file .ci/judge.lock -
	echo pip | $(PIP_LOCK) --constraint requirements-dev.lock --output-file .ci/pip.lock -

clean:
	rm -rf .venv var build dist .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache mutants
	find sharesync web migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +
