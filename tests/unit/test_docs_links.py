# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the documentation links to and names has to exist, and nothing that users need is left out of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import yaml

from tests.markdown import DOCS, DOCUMENTS, GUIDES, ROOT, anchors, headings, links
from tests.sandbox.traps import Traps
from tests.unit.collection import MODULES, documentation
from tests.unit.test_docs import sandbox_options

if TYPE_CHECKING:
    from pathlib import Path

GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
# Nothing is fetched, so a new address is to be looked at by whoever adds it.
KNOWN_HOSTS = {"docs.ansible.com", "forum.ansible.com", "github.com"}
# The first release makes it; `test_changelog.py` asks for it from then on.
MADE_BY_A_RELEASE = {"CHANGELOG.rst"}
# The worked example of CONTRIBUTING.md makes this one.
TO_BE_WRITTEN = {"changelogs/fragments/reply-to.yml"}


def repository_path(link: str) -> str | None:
    """The path in this repository that an absolute link leads to, with its anchor."""
    repository = GALAXY["repository"]
    raw = repository.replace("github.com", "raw.githubusercontent.com")
    found = re.fullmatch(rf"(?:{re.escape(repository)}/(?:blob|tree)|{re.escape(raw)})/main/(.+)", link)
    return found[1] if found else None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for link in links(document):
        path = repository_path(link)
        if path is None and "://" in link:
            assert urlsplit(link).hostname in KNOWN_HOSTS, link
            continue
        target, _, anchor = (path or link).partition("#")
        if target in MADE_BY_A_RELEASE:
            continue
        file = (ROOT if path else document.parent) / target if target else document
        assert file.exists(), link
        assert not anchor or anchor in anchors(file), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_in_the_repository_exist(document: Path) -> None:
    """What stands as code and begins with a folder of this repository is a path, or a pattern that fits some."""
    text = re.sub(r"^ *```.*?^ *```$", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    folders = "changelogs|docs|extensions|plugins|requirements|roles|tests|tools"
    named = set(re.findall(rf"`((?:{folders})/[\w./*-]*)`", text)) - TO_BE_WRITTEN
    assert [path for path in named if not list(ROOT.glob(path))] == []


def test_the_first_page_lists_every_guide_once() -> None:
    listed = [link for link in links(DOCS / "README.md") if re.fullmatch(r"[\w-]+\.md", link)]
    assert sorted(listed) == sorted(path.name for path in GUIDES if path.name != "README.md")


def test_the_guide_about_architecture_names_every_package_and_every_folder_of_tests() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    patterns = ("plugins/*/", "plugins/module_utils/*/", "plugins/plugin_utils/*/", "tests/*/")
    folders = [path for pattern in patterns for path in ROOT.glob(pattern)]
    packages = [
        path for path in folders if path.is_dir() and path.name not in ("__pycache__", "module_utils", "sandbox")
    ]
    named = [f"`{path.relative_to(ROOT)}/`" for path in packages]
    named += [f"`{path.relative_to(ROOT)}`" for path in ROOT.glob("plugins/module_utils/*.py")]
    assert [name for name in named if name not in text] == []
    # And where each stands among the others.
    drawn = text.partition("Imports run down only")[2].partition("```text")[2].partition("```")[0]
    pieces = [path.stem for path in ROOT.glob("plugins/module_utils/_*") if path.name != "__pycache__"]
    assert [piece for piece in pieces if piece not in drawn] == []


def test_every_guide_has_one_title() -> None:
    for guide in GUIDES:
        assert len(headings(guide, "h1")) == 1, guide


def test_the_guide_about_secrets_names_every_environment_variable() -> None:
    environment = re.compile(r"\b(?:WEBITEL|ITFLEX|IMAP)_[A-Z_]+\b")
    options = [option for name in MODULES for option in documentation(name)["options"].values()]
    texts = " ".join(text for option in options for text in option["description"])
    guide = (DOCS / "secrets.md").read_text(encoding="utf-8")
    assert set(environment.findall(guide)) == set(environment.findall(texts))


def test_the_guide_about_secrets_names_every_marker() -> None:
    marker = re.compile(r"<secret: [^>]+>")
    code = (ROOT / "plugins/module_utils/_engine/result.py").read_text(encoding="utf-8")
    assert set(marker.findall((DOCS / "secrets.md").read_text(encoding="utf-8"))) == set(marker.findall(code))


def test_the_guide_about_the_sandbox_names_every_trap_with_its_default() -> None:
    described: dict[str, object] = {}
    for line in (DOCS / "sandbox.md").read_text(encoding="utf-8").splitlines():
        if row := re.match(r"^\| ((?:`[a-z_]+`(?:, )?)+) \| ", line):
            default = line[row.end() :].split("`")[1:2]
            described |= dict.fromkeys(re.findall(r"`([a-z_]+)`", row.group(1)), default)
    assert described == {name: [str(value)] for name, value in Traps().model_dump().items()}


def test_the_guide_about_the_sandbox_names_every_option() -> None:
    described = re.findall(r"^\| `(--[a-z-]+)", (DOCS / "sandbox.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(described) == sorted(sandbox_options())
