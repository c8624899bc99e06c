# The commands of this project; what each does stands in scripts/.
# A KUBECONFIG that stands in the environment is not taken: only one given to make is.

.DEFAULT_GOAL := help
.PHONY: help run test check bench assets

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

ifeq ($(origin KUBECONFIG),command line)
  what := --kubeconfig '$(KUBECONFIG)' $(if $(CONTEXT),--context '$(CONTEXT)')
else
  what := --demo
endif

run: ## serve the demo cluster; KUBECONFIG=file [CONTEXT=name]: yours; [PORT=8000]
	@scripts/setup run
	@exec .venv/bin/python manage.py up $(what) $(if $(PORT),--port '$(PORT)')

test: ## run all tests
	@scripts/test

check: ## run linters, types and the checks of settings and migrations
	@scripts/check

bench: ## measure, beside the floors
	@scripts/bench

assets: ## make static/vendor anew; needs Node and npm
	@scripts/assets
