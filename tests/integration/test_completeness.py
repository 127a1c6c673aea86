# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No module without tests of its own, a ritual where it changes records, a run of its examples, a look for leaks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.integration.documented import ALL_MODULES
from tests.integration.test_examples import EXPECTED
from tests.integration.test_leaks import TASKS

HERE = Path(__file__).parent
# What asks for mail that has arrived is tested where real mail servers are, its examples and leaks too.
WITH_MAIL_SERVERS = [module for module in ALL_MODULES if (HERE.with_name("mail") / f"test_{module}.py").exists()]
WITH_SANDBOX = sorted(set(ALL_MODULES) - set(WITH_MAIL_SERVERS))


def _syntax_of_test(module: str) -> ast.Module:
    folder = HERE.with_name("mail") if module in WITH_MAIL_SERVERS else HERE
    file = folder / f"test_{module}.py"
    assert file.exists(), f"{module} has no {file.name}"
    return ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", ALL_MODULES)
def test_every_module_is_tested(module: str) -> None:
    nodes = list(ast.walk(_syntax_of_test(module)))
    assert module in {node.value for node in nodes if isinstance(node, ast.Constant)}
    tests = {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    assert tests
    if module in WITH_MAIL_SERVERS:
        assert {"test_examples", "test_leaks"} <= tests
    if not module.endswith(("_info", "_test", "_check")):
        assert "test_ritual" in tests


def test_all_examples_are_run() -> None:
    assert sorted(EXPECTED) == WITH_SANDBOX


def test_leaks_of_every_module_are_looked_for() -> None:
    assert sorted({task.module for task in TASKS}) == WITH_SANDBOX
