# Everyday commands. `make test` is what CI runs.
.DEFAULT_GOAL := help
SHELL := /bin/bash
GO ?= go
TOOL = $(GO) tool -modfile=.ci/tools/go.mod
BENCH ?= .
ROWS ?= 2000000
PATIENTS ?= 1000000
DUE ?= 50000
ARGS ?= -short
SEED ?= 1
SOAK ?= 30m
FUZZ ?= 30s
OLD := $(or $(TMPDIR),/tmp)/cadans-released
COUNT ?= 200

SHOTS ?= screenshots
KEEP ?=

# The folder of a checkout is no part of what is compiled: another checkout finds in the cache what is the same.
export GOFLAGS := $(GOFLAGS) -trimpath

# Who takes longest begins first, so that no processor waits for one in the end.
LONG := ./internal/run/walker ./internal/run/testkit ./internal/run/browser ./internal/run/trouble ./api ./internal/run/cli ./internal/rules/adherence

# Some packages mostly wait for a time to pass or for a server: so more of them run at once than there are processors.
AT_ONCE := $(shell echo $$(($$(nproc) + 2)))

.PHONY: help deps generate verify contract check test test-bare race screenshots bench soak bench-pages bench-caseload bench-reminders trouble upgrade fuzz mutants lint run

# Tests make much garbage in short lives: collecting it less often takes a fifth off their time.
check test test-bare race mutants: export GOGC = 400

# Their databases are files in memory where the machine has 8 GB for that: no test is about the speed of a disk. What is
# compiled stays on the disk.
MEMORY := $(shell df --output=avail --block-size=1G /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 >= 8 { print "/dev/shm" }')
ifneq ($(MEMORY),)
check test test-bare race mutants: export GOTMPDIR := $(or $(GOTMPDIR),$(TMPDIR),/tmp)
check test test-bare race mutants: export TMPDIR := $(MEMORY)
endif

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## install what the tests need besides Go and gcc (Debian packages; as root)
	@missing=""; for pair in jq:jq curl:curl strace:strace chromium:chromium pgbouncer:pgbouncer; do command -v $${pair%%:*} >/dev/null || missing="$$missing $${pair##*:}"; done; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	if [ -n "$$missing" ]; then apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $$missing; fi

generate: ## assemble openapi.yaml from its parts, and make the server and the client from it
	$(GO) generate ./api ./pkg/client

verify: generate ## fail when generated code or go.mod is not current, or code is not formatted
	$(GO) mod tidy
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	@git diff --exit-code -- openapi.yaml api/wire/openapi.gen.go pkg/client/client.gen.go pkg/client/types.gen.go go.mod go.sum

check: ## the quick loop: vet and the tests of rules and stores
	$(GO) vet ./...
	$(GO) test -short $$($(GO) list ./... | grep -v -e /run/cli -e /run/testkit -e /run/browser)

test: ## every test; KEEP=folder keeps what was linked for test-bare (in CI `make lint` has vetted)
	$(if $(CI),,$(GO) vet ./...)
	$(GO) test -vet=off -p $(AT_ONCE) -timeout 40m $(if $(KEEP),-ldflags=-w -o $(KEEP)/) $(LONG) ./...

test-bare: ## the tests as if only Go and gcc were installed (as root; ARGS= for the long ones too)
ifeq ($(KEEP),)
	.ci/bare $(GO) test $(ARGS) -timeout 20m $(LONG) ./...
else
	set -o pipefail; $(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{.Dir}}{{end}}' $(LONG) ./... | \
		.ci/bare .ci/again $(abspath $(KEEP)) $(patsubst -%,-test.%,$(ARGS)) -test.timeout=20m
endif

race: ## every test but the ones that build the binary or start a browser, with the race detector
	$(GO) test -race -timeout 30m $$($(GO) list ./... | grep -v -e /run/cli -e /run/browser)

screenshots: ## a picture of every page of the dashboard, in SHOTS
	$(GO) test ./internal/run/browser -run TestEveryPage -count 1 -timeout 20m -args -screenshots $(abspath $(SHOTS))

bench: ## measure W1 and W2 through the real server (BENCH=W1 for one)
	$(GO) run ./internal/run/bench -run '$(BENCH)'

soak: ## watch the server's memory, goroutines and files for SOAK under a steady load (CADANS_DATABASE_URL for PostgreSQL)
	$(GO) run ./internal/run/bench -soak $(SOAK) -patients 4000

bench-pages: ## measure the dashboard's caseload of 200 patients
	$(GO) test ./internal/run/browser -run '^$$' -bench CaseloadPage -benchtime 200x -timeout 10m

bench-reminders: ## measure finding and deciding DUE of PATIENTS, and handing messages over (1000000 patients take some minutes and 2 GB)
	$(GO) test ./internal/run/bench/reminders -run '^$$' -bench . -benchtime 1x -timeout 60m -patients $(PATIENTS) -due $(DUE)

bench-caseload: ## measure W3: a caseload beside 1 M and ROWS sessions of others (20000000 takes half an hour and 20 GB)
	$(GO) test ./internal/run/bench/w3 -run '^$$' -bench Caseload -benchtime 1x -timeout 90m -rows $(ROWS)

trouble: ## overload, failover, hanging databases and 10,000 reminders, held against their times: on a machine that does nothing else
	$(GO) test ./internal/run/trouble -v -count 1 -timeout 30m -args -figures
	$(GO) test ./internal/rules/reminder -run TestEachSlotOnce -v -count 1 -timeout 30m -args -slots 10000

upgrade: ## replace two replicas of the revision FROM by this one, under load
	@test -n "$(FROM)" || { echo "FROM=revision, please"; exit 2; }
	set -e; git worktree add --detach $(OLD) $(FROM); trap 'git worktree remove --force $(OLD)' EXIT; \
	(cd $(OLD) && $(GO) build -o cadans .); \
	$(GO) test ./internal/run/trouble -run TestRollingUpgrade -v -count 1 -args -released $(OLD)/cadans

fuzz: ## let each reader of texts read what is random for FUZZ
	@set -o pipefail; \
	$(GO) list -f '{{range .TestGoFiles}}{{$$.Dir}}/{{.}} {{end}}{{range .XTestGoFiles}}{{$$.Dir}}/{{.}} {{end}}' ./... | tr ' ' '\n' | \
		xargs grep -HoE '^func Fuzz[A-Za-z]+' | sed 's|^\(.*\)/[^/]*:func \(.*\)|\1 \2|' | \
		{ found=; while read -r folder name; do found=yes; \
		(cd "$$folder" && $(GO) test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZ) .) || exit 1; done; [ -n "$$found" ]; }

mutants: ## change the program in COUNT small ways chosen by SEED, and tell which no test notices (half an hour for 200)
	$(GO) run ./internal/run/mutants -seed $(SEED) -count $(COUNT)

lint: ## golangci-lint and govulncheck, as .ci/tools/go.mod pins them
	$(TOOL) golangci-lint run --timeout 20m
	@said=$$($(TOOL) govulncheck ./... 2>&1); code=$$?; echo "$$said"; \
	if [ $$code -ne 0 ] && grep -q '^govulncheck: fetching vulnerabilities:' <<<"$$said"; then \
		echo "warning: the database of vulnerabilities cannot be reached; nothing was checked"; \
	else exit $$code; fi

contract: ## fail when openapi.yaml breaks what was released, but for what .ci/contract-ignored.txt lists
	$(TOOL) oasdiff breaking internal/run/released/testdata/openapi.yaml openapi.yaml --format singleline --fail-on ERR \
		--err-ignore .ci/contract-ignored.txt

run: ## the demo
	$(GO) run . demo
