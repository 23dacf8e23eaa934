.DEFAULT_GOAL := help
N ?= 2000
SEED ?= 1
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: demo
demo: ## the shop with a simulated gateway and three simulated routers
	@echo "Building (the first time takes about a minute) ..."
	@go run ./cmd/gerai-demo $(ARGS)

.PHONY: run
run: ## the real shop; configuration comes from the environment (docs/config.md)
	@go run ./cmd/gerai serve

.PHONY: test
test: ## every test, on servers it installs and starts by itself
	@scripts/test

.PHONY: campaign
campaign: ## N orders through random faults and kills: make campaign N=100000 SEED=7
	@GERAI_CAMPAIGN_N=$(N) GERAI_CAMPAIGN_SEED=$(SEED) scripts/test -count=1 -timeout 0 -v ./test/campaign/

.PHONY: bench
bench: ## measure the budgets, each against a control, and write docs/performance.md
	@GERAI_BENCH=1 scripts/test -count=1 -timeout 60m -v -run TestBench ./test/bench/

.PHONY: lint
lint: ## golangci-lint at the pinned version
	@scripts/lint

.PHONY: check
check: lint test ## lint and test, before a commit

.PHONY: build
build: ## bin/gerai and bin/gerai-demo
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/ ./cmd/gerai ./cmd/gerai-demo

.PHONY: cross
cross: ## static binaries for amd64, arm64 and armv7
	@scripts/cross

.PHONY: clean
clean: ## remove what was built
	rm -rf bin
