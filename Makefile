# SPDX-License-Identifier: Apache-2.0
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

.PHONY: help demo test release build check fmt protos bench clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

demo: ## Run two trust domains on this machine that federate and rotate their keys
	@Scripts/prerequisites build
	@Scripts/build comity
	@.build/debug/comity demo

test: ## Run every test, the ones with curl, openssl and Python clients too
	@Scripts/prerequisites build test
	@Scripts/build comityPackageTests
	@Scripts/test

release: ## Build an optimised comity that carries its tag and commit
	@Scripts/prerequisites build
	@Scripts/build release

build: ## Build everything in debug
	@Scripts/prerequisites build
	@Scripts/build comityPackageTests

check: ## Verify formatting, import directions and conformance coverage
	@Scripts/prerequisites check
	@Scripts/check-format
	@Scripts/check-imports
	@Scripts/check-conformance

fmt: ## Format the sources
	@Scripts/format

protos: ## Regenerate Sources/Generated from Protos
	@Scripts/generate-protos

bench: ## Measure what Comity costs, in a release build; flags of Scripts/bench in ARGS
	@Scripts/prerequisites build
	@Scripts/bench $(ARGS)

clean: ## Remove what was built
	rm -rf .build Benchmarks/.build Examples/*/.build
