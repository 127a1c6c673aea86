# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything below is a nox session; `.venv/bin/nox --list` shows them, ARGS="..." is handed to the session.

PYTHON ?= python3
NOX = UV_PYTHON_DOWNLOADS=never .venv/bin/nox $(if $(CI),--error-on-missing-interpreters)
SESSION_ARGS = $(if $(ARGS),-- $(ARGS))

.DEFAULT_GOAL := help
.PHONY: help test demo sandbox bench lint unit integration browser faults mutation soak molecule sanity lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: .venv/ready ## Run everything: lint, unit, integration, browser, faults, molecule, sanity
	$(NOX) --session lint unit integration browser fault_tests molecule sanity not_run

demo: ## Watch a playbook provision both products in the sandbox
sandbox: ## Run the sandbox in the foreground
bench: ## Measure how fast it is, beside its peers; takes half an hour
lint: ## Run the linters and the type checker
unit: ## Run the unit tests on the oldest and the newest ansible-core
integration: ## Run real playbooks against the sandbox, on both
browser: ## Read the report as its readers do: in Chromium, with forges' parsers, with schemas
faults: ## Play 10,000 random cases under faults; can be left and goes on
mutation: ## Change the guards one operator at a time; each must be noticed by a test, or explained; takes up to an hour
soak: ## Run random playbooks under faults for half an hour
molecule: ## Run the molecule scenarios of the roles
sanity: ## Run ansible-test sanity, on both
lock: ## Resolve requirements/*.in again

demo sandbox bench lint unit integration browser faults mutation soak molecule sanity lock: .venv/ready
	$(NOX) --session $@ $(SESSION_ARGS)

clean: ## Remove everything that the targets above made
	rm -rf .venv .nox .cache .ansible

.venv/ready: requirements/nox.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements/nox.txt
	touch $@
