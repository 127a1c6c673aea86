# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make plugins/plugin_utils/document.schema.json from the argument specs and the documentation of the modules.

The schema of the report gets the kinds of record and the products that there are.
The example repository of the guides has it too, as an export writes it: so the next export takes it for its own.

Run it with ANSIBLE_COLLECTIONS_PATH naming the folder above ansible_collections, so that the collection is found by its
full name: ``python tools/document_schema.py``.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import yaml

Schema = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "plugins" / "plugin_utils" / "document.schema.json"
REPORT = ROOT / "docs" / "schemas" / "report.schema.json"
EXAMPLE = ROOT / "docs" / "gitops" / "repository" / "mail" / "document.schema.json"
_COLLECTION = "ansible_collections.mailfleet.email.plugins"
_TEMPLATE: Schema = {"type": "string", "pattern": r"\{\{|\{%"}
# What Ansible takes for a number or a truth value besides those; editors do not know YAML's older words.
_DIGITS: Schema = {"type": "string", "pattern": r"^\s*\d+\s*$"}
_TRUTH: Schema = {"type": "string", "pattern": "^(yes|Yes|no|No|on|On|off|Off|true|True|false|False)$"}


def _lists() -> dict[str, str]:
    """The lists of a document, each with the module that reads it."""
    registry = importlib.import_module(f"{_COLLECTION}.plugin_utils._registry")
    return {key: f"{key}_sync" for key in registry.DOCUMENT_KEYS}


def document_schema() -> Schema:
    """The schema of a document, as JSON data."""
    lists = _lists()
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Mail-sending configuration of a host",
        "description": f"What the option document of {', '.join(lists.values())} reads.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            **{kind: _list_schema(module) for kind, module in lists.items()},
            "defaults": {
                "description": "What counts for each record of a kind that does not say otherwise.",
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": {kind: _defaults_schema(module) for kind, module in lists.items()},
            },
        },
    }


def _defaults_schema(module: str) -> Schema:
    imported = importlib.import_module(f"{_COLLECTION}.modules.{module}")
    spec = getattr(imported, module.upper()).argument_spec["defaults"]
    return _mapping(spec["options"], yaml.safe_load(imported.DOCUMENTATION)["options"]["defaults"]["suboptions"])


def _list_schema(module: str) -> Schema:
    imported = importlib.import_module(f"{_COLLECTION}.modules.{module}")
    spec = getattr(imported, module.upper())
    documented = yaml.safe_load(imported.DOCUMENTATION)["options"][spec.records]
    options = spec.argument_spec[spec.records]
    record = {**_mapping(options["options"], documented["suboptions"]), **_identity(spec.called_by)}
    items = {"anyOf": [record, _TEMPLATE]}
    return {
        "description": _text(documented["description"][:1]),
        "anyOf": [{"type": "array", "items": items}, {"type": "null"}, _TEMPLATE],
    }


def _identity(called_by: tuple[str, ...]) -> Schema:
    """That a record has one of the fields which name it."""
    each = [{"required": [name]} for name in called_by]
    return {"anyOf": each} if len(each) > 1 else {**each[0]}


def _mapping(spec: dict[str, Any], documented: dict[str, Any]) -> Schema:
    properties: Schema = {}
    for name, option in spec.items():
        schema = _option(option, documented[name])
        properties[name] = schema
        for alias in option.get("aliases", ()):
            properties[alias] = {**schema, "description": f"The same as {name}."}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _option(option: dict[str, Any], documented: dict[str, Any]) -> Schema:
    description = {"description": _text(documented["description"])}
    if "choices" in option:
        return {**description, "anyOf": [{"enum": [*option["choices"], None]}, _TEMPLATE]}
    forms: dict[str, list[Schema]] = {
        "str": [{"type": ["string", "null"]}],
        "int": [{"type": ["integer", "null"]}, _DIGITS, _TEMPLATE],
        "bool": [{"type": ["boolean", "null"]}, _TRUTH, _TEMPLATE],
        "dict": [{"type": ["object", "null"]}, _TEMPLATE],
        "list": [{"type": ["array", "null"], "items": {"type": "string"}}, _TEMPLATE],
    }
    if "options" in option:
        return {
            **description,
            "anyOf": [_mapping(option["options"], documented["suboptions"]), {"type": "null"}, _TEMPLATE],
        }
    accepted = forms[option["type"]]
    return {**description, **accepted[0]} if len(accepted) == 1 else {**description, "anyOf": accepted}


def _text(sentences: list[str]) -> str:
    """Documentation without its markup."""
    text = " ".join(sentence.strip() for sentence in sentences)
    return re.sub(r"\b[A-Z]\((?P<inner>[^)]*)\)", r"\g<inner>", text)


def schema_text() -> str:
    """The content of the schema's file."""
    return json.dumps(document_schema(), indent=2) + "\n"


def sealed_schema() -> str:
    """The schema as an export writes it beside the documents."""
    text: str = importlib.import_module(f"{_COLLECTION}.plugin_utils._export_folder").sealed_schema()
    return text


def report_schema_text(text: str) -> str:
    """The content of the report's schema, with the kinds of record and the products of the registry."""
    kinds = importlib.import_module(f"{_COLLECTION}.plugin_utils._registry").KINDS
    known = {
        "kind": sorted(kind.name for kind in kinds),
        "product": [*sorted({kind.product for kind in kinds}), None],
    }
    for name, values in known.items():
        text = re.sub(rf'("{name}": {{.*"enum": )\[.*?\]', rf"\g<1>{json.dumps(values)}", text)
    return text


if __name__ == "__main__":
    sys.path.insert(0, os.environ["ANSIBLE_COLLECTIONS_PATH"])
    REPORT.write_text(report_schema_text(REPORT.read_text(encoding="utf-8")), encoding="utf-8")
    FILE.write_text(schema_text(), encoding="utf-8")
    EXAMPLE.write_text(sealed_schema(), encoding="utf-8")
