# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the collection holds, found in its folders."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec

COLLECTION = Path(__file__).parents[2]
PLUGINS = COLLECTION / "plugins"
NAME = "ansible_collections.mailfleet.email"
# The modules that ask a server. The others are the documentation of action plugins that work on the controller alone.
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py") if "run_module" in path.read_text("utf-8"))


def module(name: str) -> ModuleType:
    """A module of the collection, imported."""
    return importlib.import_module(f"{NAME}.plugins.modules.{name}")


def spec(name: str) -> ModuleSpec:
    """The spec of a module: its name in capitals."""
    found: ModuleSpec = getattr(module(name), name.upper())
    return found


def documentation(name: str) -> dict[str, Any]:
    """A module's DOCUMENTATION with its fragments merged in, as `ansible-doc` shows it."""
    documented: dict[str, Any] = yaml.safe_load(module(name).DOCUMENTATION)
    for fragment in documented.pop("extends_documentation_fragment"):
        assert fragment.startswith("mailfleet.email."), fragment
        file, _, section = fragment.removeprefix("mailfleet.email.").partition(".")
        classes = importlib.import_module(f"{NAME}.plugins.doc_fragments.{file}").ModuleDocFragment
        part = yaml.safe_load(getattr(classes, section.upper() or "DOCUMENTATION"))
        for kind in ("options", "attributes"):
            added = part.get(kind, {})
            twice = set(documented.get(kind, {})) & set(added)
            assert not twice, f"{name}: {fragment} describes {twice} again"
            documented[kind] = {**documented.get(kind, {}), **added}
    return documented


def action_groups() -> dict[str, list[str]]:
    """The action groups of `meta/runtime.yml`."""
    runtime = yaml.safe_load((COLLECTION / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    groups: dict[str, list[str]] = runtime["action_groups"]
    return groups
