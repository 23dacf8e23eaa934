# Every target says what it is for: run `make`.
.DEFAULT_GOAL := help

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  := $(shell git rev-parse --short HEAD 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)
# Go's own stamp asks git, which refuses folders that belong to somebody else; LDFLAGS carry the version.
export GOFLAGS := $(GOFLAGS) -buildvcs=false

N    ?= 2000
SEED ?= 1
DAYS ?= 30
VOUCHERS ?= 2000
ARGS ?=
QUICK ?=
FULL ?=

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# demo and run build and then become the program: "go run" stays in between, dies of SIGTERM and leaves it running.
.PHONY: demo
demo: ## the shop with a simulated gateway and simulated routers: make demo ARGS='--addr :9000'
	@echo "Building the demo (the first build takes a minute or two) ..."
	@go build -o bin/ ./cmd/gerai-demo
	@exec bin/gerai-demo $(ARGS)

.PHONY: run
run: ## the real shop, configured by the environment and by .env if there is one (docs/config.md)
	@go build -o bin/ ./cmd/gerai
	@if [ -f .env ]; then set -a; . ./.env; set +a; fi; exec bin/gerai serve

.PHONY: test
test: ## gofmt, vet, lint and every test, on servers it installs and starts by itself
	@scripts/test

.PHONY: bench
bench: ## measure the budgets with their controls and write docs/performance.md (over an hour); QUICK=1 shows the essential ones (minutes, writes nothing), FULL=1 adds 10 million orders
	@GERAI_BENCH=1 GERAI_BENCH_QUICK=$(QUICK) GERAI_BENCH_FULL=$(FULL) scripts/test -vet=off -count=1 -timeout $(if $(FULL),6h,110m) -v -run 'TestBench$$' ./test/bench/

.PHONY: campaign
campaign: ## N orders through random faults and kills: make campaign N=100000 SEED=7
	@GERAI_CAMPAIGN_N=$(N) GERAI_CAMPAIGN_SEED=$(SEED) scripts/test -count=1 -timeout 0 -v ./test/campaign/

.PHONY: month
month: ## a simulated month: DAYS=30 days, VOUCHERS=2000 on five routers, with outages, old backups and manual changes
	@GERAI_CAMPAIGN_DAYS=$(DAYS) GERAI_CAMPAIGN_VOUCHERS=$(VOUCHERS) GERAI_CAMPAIGN_SEED=$(SEED) scripts/test -count=1 -timeout 0 -v -run TestMonth ./test/campaign/

.PHONY: lint
lint: ## golangci-lint at the pinned version
	@scripts/lint

.PHONY: check
check: export RACE_LIBRARIES = 1
check: export GERAI_TEST_FULL = 1
check: test cross campaign month ## all that has to hold before a release

.PHONY: build
build: ## bin/gerai and bin/gerai-demo
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/gerai ./cmd/gerai-demo

.PHONY: cross
cross: ## static binaries for amd64, arm64 and armv7, with their sizes
	@VERSION='$(VERSION)' COMMIT='$(COMMIT)' scripts/cross

.PHONY: clean
clean: ## remove what was built
	rm -rf bin
