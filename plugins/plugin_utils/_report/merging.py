# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports of the slices of a job become one report of all. Pure: no Ansible, no files."""

from __future__ import annotations

import json
import typing as t
from datetime import datetime

from .document import SCHEMA_VERSION, Document, digest_of, make_document


class ReportError(Exception):
    """A report that cannot be merged, and why."""


def document_in(content: bytes) -> Document:
    """The report in the content of its JSON file. Raises `ReportError` where it is not what was written."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise ReportError("is no JSON: it is no report, or a part of one") from None
    if not isinstance(document, dict) or "digest" not in document or not isinstance(document.get("hosts"), list):
        raise ReportError("is no report of this collection")
    if document.get("schema_version") != SCHEMA_VERSION:
        raise ReportError("was made by another version of the collection")
    try:
        is_whole = document["digest"] == digest_of(document)
    except RecursionError:
        is_whole = False
    if not is_whole:
        raise ReportError("was changed since it was written")
    return t.cast(Document, document)


def merged(documents: t.Sequence[Document]) -> Document:
    """One report of all hosts, which lasted from the first one's beginning to the last one's end.

    Raises `ReportError` where one has another shape than this collection writes.
    """
    try:
        started, ended = min(each["started"] for each in documents), max(each["ended"] for each in documents)
        duration = round((_moment(ended) - _moment(started)).total_seconds(), 3)
        hosts = [host for each in documents for host in each["hosts"]]
        return make_document(hosts, started=started, ended=ended, duration=duration)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ReportError("have another shape than this collection writes") from None


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp.replace("Z", "+00:00"))
