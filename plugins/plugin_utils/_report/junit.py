# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as JUnit XML: a test suite for each host, a test case for each record. Pure: no Ansible, no files.

The order of elements and the attributes are what the strictest of the schemas in use asks for.
"""

from __future__ import annotations

import typing as t
from xml.etree import ElementTree as ET

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible

from .document import CHANGES, Document, HostEntry, RecordEntry, TaskEntry
from .words import TO_DO, place_in_words, value_in_words

_VERDICTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def as_junit(document: Document) -> bytes:
    """The report of a run. A record that check mode would change has drifted, which is a failure."""
    root = ET.Element("testsuites")
    for index, host in enumerate(document["hosts"]):
        root.append(_suite(host, index, document))
    ET.indent(root)
    return t.cast(bytes, ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _suite(host: HostEntry, index: int, document: Document) -> ET.Element:
    name = visible(host["host"])
    cases = [case for task in host["tasks"] for case in _cases(name, task)]
    suite = ET.Element(
        "testsuite",
        {
            "id": str(index),
            "package": "mailfleet.email",
            "name": name,
            "hostname": name,
            # Without fractions and zone, as the schemas have it; it is UTC.
            "timestamp": document["started"][:19],
            "tests": str(len(cases)),
            **{count: str(sum(case.find(tag) is not None for case in cases)) for count, tag in _VERDICTS.items()},
            "time": _seconds(sum(task["duration"] for task in host["tasks"])),
        },
    )
    ET.SubElement(suite, "properties")
    suite.extend(cases)
    ET.SubElement(suite, "system-out")
    ET.SubElement(suite, "system-err")
    return suite


def _cases(host: str, task: TaskEntry) -> t.Iterator[ET.Element]:
    for record in task["records"]:
        case = _case(host, record["kind"], record["key"] or task["task"], record["duration"] or 0)
        _judge(case, task, record)
        yield case
    if task["error"] is not None:
        case = _case(host, task["module"].rpartition(".")[2], task["task"], task["duration"])
        _add(case, "error", (task["failure"] or {}).get("kind", task["status"]), task["error"])
        yield case
    elif task["status"] == "skipped" or task["hidden"]:
        case = _case(host, task["module"].rpartition(".")[2], task["task"], task["duration"])
        _add(case, "skipped", task["status"], "no_log hides the result" if task["hidden"] else "the task was skipped")
        yield case


def _judge(case: ET.Element, task: TaskEntry, record: RecordEntry) -> None:
    if record["error"] is not None:
        _add(case, "error", (record["failure"] or {}).get("kind", "failed"), record["error"])
    elif record["action"] in CHANGES and task["check_mode"]:
        _add(case, "failure", "drift", f"{place_in_words(task)}: to {TO_DO[record['action']]}", _fields(record))
    elif record["action"] == "unknown" and task["check_mode"]:
        _add(case, "skipped", "unknown", "the server does not show what it stores, so nobody knows whether it differs")
    elif record["action"] == "not_sent":
        _add(case, "skipped", "check_mode", "check mode sends no message")


def _fields(record: RecordEntry) -> str:
    return "\n".join(
        f"{visible(change['field'])}: {value_in_words(change['before'])} -> {value_in_words(change['after'])}"
        for change in record["changes"]
    )


def _case(host: str, kind: str, name: str, seconds: float) -> ET.Element:
    return ET.Element("testcase", {"classname": f"{host}.{kind}", "name": visible(name), "time": _seconds(seconds)})


def _add(case: ET.Element, tag: str, kind: str, message: str, text: str = "") -> None:
    element = ET.SubElement(case, tag, {"type": visible(kind), "message": visible(message)})
    element.text = text or None


def _seconds(value: float) -> str:
    return f"{value:.3f}"
