# Everything starts from here; each target works on a bare machine. Without make: python3 scripts/bootstrap.py TARGET
PYTHON ?= $(shell command -v python3.11 || command -v python3)
TARGETS := setup run dev test check fix bench reset schema doctor

.PHONY: help $(TARGETS)
help:
	@echo "make run     the product with a demo market, on this machine"
	@echo "make test    every check, as CI runs them"
	@echo "make check   the quick checks (under a minute)   make fix    format and repair what can be"
	@echo "make setup   only install and build              make dev    run with reload"
	@echo "make bench   measurements                        make schema OpenAPI file and TypeScript types"
	@echo "make doctor  what is wrong on this machine       make reset  delete all data (asks)"

# ARGS="..." is handed on: make bench ARGS="analyze --json"
$(TARGETS):
	@exec $(PYTHON) scripts/bootstrap.py $@ $(ARGS)
