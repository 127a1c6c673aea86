# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything below is a nox session; `.venv/bin/nox --list` shows them, ARGS="..." is handed to the session.

PYTHON ?= python3
export UV_PYTHON_DOWNLOADS = never
NOX = .venv/bin/nox $(if $(CI),--error-on-missing-interpreters)
SESSION_ARGS = $(if $(ARGS),-- $(ARGS))
# The first keep two cores busy, the others wait for much of their time: they run beside one another.
TESTS = unit integration coverage
TESTS_THAT_WAIT = conformance mail fault_tests browser
CHECKS = lint docs molecule sanity artifact galaxy_importer execution_environment

.DEFAULT_GOAL := help
.PHONY: help test before-tests system-packages check matrix demo sandbox bench picture lint unit integration coverage \
        conformance mail browser faults grid mutation soak molecule sanity docs artifact execution_environment \
        quality release record lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z_-]+:.*## / {printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: before-tests .venv/ready ## Run everything that has to hold before a change is taken over
	@.venv/bin/python -m tools.run_beside "$(NOX) --session $(TESTS)" "$(NOX) --session $(CHECKS) $(TESTS_THAT_WAIT)"; status=$$?; \
	$(NOX) --session not_run; exit $$status

before-tests:
	@$(PYTHON) tools/system_packages.py --before-tests

system-packages: ## Install what the tests start and this machine lacks: Chromium, Postfix, Dovecot, Node.js
	$(PYTHON) tools/system_packages.py

check: .venv/ready ## Run the ecosystem's own tools alone: linters, docs, molecule, sanity, artifact and what Galaxy makes of it
	$(NOX) --session $(CHECKS)

matrix: .venv/ready ## Run ansible-test and the integration tests on every ansible-core, or CORE=2.18; takes an hour
	$(NOX) --session $(if $(CORE),"matrix(core-$(CORE))",matrix) matrix_table $(SESSION_ARGS)

demo: ## Watch a playbook provision both products in the sandbox
sandbox: ## Run the sandbox in the foreground
bench: ## Measure how fast it is, beside its peers; takes half an hour
picture: ## Draw docs/demo.svg, a picture of what the demo prints
lint: ## Run the linters and the type checker
unit: ## Run the unit tests on the oldest and the newest ansible-core
integration: ## Run real playbooks against the sandbox, on both
coverage: ## Report which branches of the plugins these two did not take
conformance: ## Hold the sandbox to what a real server was seen to answer, and to the vendor's own client
mail: ## Send through a real Postfix and read in a real Dovecot
browser: ## Read the report as its readers do: in Chromium, with forges' parsers, with schemas
faults: ## Play 10,000 random cases under faults; can be left and goes on
grid: ## Put every fault at every place of every task; takes half an hour
mutation: ## Change the guards one operator at a time; each must be noticed by a test, or explained; takes up to an hour
soak: ## Run random playbooks under faults for half an hour
molecule: ## Run the molecule scenarios of the roles
sanity: ## Run ansible-test sanity, on both
docs: ## Build the documentation's site in .cache/site
artifact: ## Build what Galaxy hands out, and run the demo from it, on both
execution_environment: ## Let ansible-builder read what an execution environment needs
quality: ## Write docs/quality.md of what the measurements noted
release: ## Make galaxy.yml's version, or ARGS=1.2.3, of the changelog's fragments; publishes nothing
record: ## Make the schema of documents, the record of the public interface and the page of SMTP errors again
lock: ## Resolve requirements/*.in again

demo sandbox bench picture lint unit integration coverage conformance mail browser faults grid mutation soak molecule \
sanity docs artifact execution_environment quality release record lock: .venv/ready
	$(NOX) --session $@ $(SESSION_ARGS)

clean: ## Remove everything that the targets above made
	rm -rf .venv .nox .cache .ansible

.venv/ready: requirements/nox.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements/nox.txt
	touch $@
