# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the documentation's site: the guides of docs/ and the reference that antsibull-docs makes of the plugins.

``python tools/docs_site.py DIRECTORY`` writes it to DIRECTORY. ANSIBLE_COLLECTIONS_PATH names the folder above
ansible_collections, so that the collection is found by its full name. Nothing is fetched from the network.

The guides are Markdown that reads well where the repository is shown, too: docs/README.md is the first page, and its
headings and links are the site's table of contents. What a site needs besides is added on the way.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
GALAXY: dict[str, str] = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
COLLECTION = f"{GALAXY['namespace']}.{GALAXY['name']}"
FIRST_PAGE = "README.md"
SETTINGS = {
    "project": COLLECTION,
    "html_title": COLLECTION,
    "extensions": "myst_parser,sphinx_antsibull_ext,sphinx_copybutton,tools.site_search",
    "html_theme": "furo",
    "html_static_path": "_static",
    "html_css_files": "site.css",
    "html_favicon": "_static/icon.svg",
    # Anchors of headings are those that forges give them.
    "myst_heading_anchors": "4",
    # The prompt of a command is not part of it.
    "copybutton_prompt_text": "$ ",
    "copybutton_only_copy_prompt_lines": "1",
    "copybutton_here_doc_delimiter": "EOF",
    "html_copy_source": "0",
    "html_show_copyright": "0",
    "html_show_sphinx": "0",
    "html_use_index": "0",
}

# What antsibull-docs takes for granted of the documentation of Ansible, of which this site is no part.
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest"
ANSIBLE_PAGES = {
    "playbooks_reuse": f"{ANSIBLE}/playbook_guide/playbooks_reuse.html",
    "action_plugins": f"{ANSIBLE}/plugins/action.html",
    "ansible_configuration_settings": f"{ANSIBLE}/reference_appendices/config.html",
    "callback_plugins": f"{ANSIBLE}/plugins/callback.html",
    "common_return_values": f"{ANSIBLE}/reference_appendices/common_return_values.html",
}

# What theme and extensions leave out for those who do not read with their eyes, or without a mouse.
REPAIRS = {
    ' role="heading"': ' role="heading" aria-level="2"',
    ' aria-role="button"': "",
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
}

# Where the page of the search leaves out numbers, which `tools/site_search.py` puts into its index.
SEARCH = Path("_static", "searchtools.js")
NUMBERS_LEFT_OUT = r" || queryTerm.match(/^\d+$/)"

_LINK = re.compile(r"\]\((?P<target>[^)\s#]*)(?P<anchor>#[^)\s]*)?\)")
_PAGE_OF_CONTENTS = re.compile(r"\]\((?P<page>[\w-]+)\.md\)")
_ROLE = re.compile(r"\.\./roles/(?P<name>\w+)/README\.md")
_HEADING = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
_MODULE = re.compile(rf"(?<!\[)`{re.escape(COLLECTION)}\.(?P<name>\w+)`")
_REFERENCE = re.compile(r":ref:`(?:(?P<text>[^`<]+) <(?P<named>\w+)>|(?P<bare>[\w.]+))`")
_OWN_CONTENTS = re.compile(r"^\.\. contents::\n(?: +.*\n)+", re.MULTILINE)
_ENTRY = re.compile(r"^    (?P<name>\w+)_(?P<kind>module|role|lookup|callback)$", re.MULTILINE)
_FENCE = re.compile(r"^( *```.*?^ *```)$", re.MULTILINE | re.DOTALL)


def modules() -> set[str]:
    """The modules that ask a server; the others share their names with playbooks."""
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    return {module for members in runtime["action_groups"].values() for module in members}


def site_link(match: re.Match[str]) -> str:
    """A link of a guide as the site has it: to a page of the site, or to the repository for all else."""
    target, anchor = match["target"], match["anchor"] or ""
    if (role := _ROLE.fullmatch(target)) and not anchor:
        target = f"reference/{role['name']}_role.rst"
    elif target == FIRST_PAGE:
        target = "index.md"
    elif target and "://" not in target and (DOCS / target).resolve().parent != DOCS:
        path = (DOCS / target).resolve()
        kind = "tree" if path.is_dir() else "blob"
        target = f"{GALAXY['repository']}/{kind}/main/{path.relative_to(ROOT)}"
    return f"]({target}{anchor})"


def module_link(match: re.Match[str]) -> str:
    """The full name of a module as a link to its reference."""
    name = match["name"]
    return f"[`{COLLECTION}.{name}`](reference/{name}_module.rst)" if name in modules() else match[0]


def site_page(text: str) -> str:
    """A guide as the site has it. Its code blocks stay as they are."""
    parts = _FENCE.split(text)
    parts[::2] = [_MODULE.sub(module_link, _LINK.sub(site_link, part)) for part in parts[::2]]
    return "".join(parts)


def reference_link(match: re.Match[str]) -> str:
    """A reference of antsibull-docs as this site can resolve it: with the text that it needs, or to Ansible's pages."""
    label = match["named"] or match["bare"]
    text = match["text"] or label.removeprefix(f"ansible_collections.{COLLECTION}.").replace("_", " ")
    if url := ANSIBLE_PAGES.get(label):
        return f"`{text} <{url}>`__"
    return f":ref:`{text} <{label}>`"


def contents(text: str) -> str:
    """The tables of contents of the site: a heading of the first page, and the pages that its section links to."""
    parts = _HEADING.split(text)
    tables = []
    for title, section in zip(parts[1::2], parts[2::2], strict=True):
        if pages := [match["page"] for match in _PAGE_OF_CONTENTS.finditer(section)]:
            tables.append(table_of_contents(title, pages))
    return "\n\n".join(["", *tables, table_of_contents("Reference", ["Modules, plugins, roles <reference/index>"]), ""])


def table_of_contents(title: str, pages: list[str]) -> str:
    """One table of contents in the margin."""
    return "\n".join(["```{toctree}", f":caption: {title}", ":hidden:", "", *pages, "```"])


def write_guides(source: Path) -> None:
    """Copy the guides and their pictures to where Sphinx reads them."""
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if path.name == FIRST_PAGE:
            (source / "index.md").write_text(site_page(text) + contents(text), encoding="utf-8")
        else:
            (source / path.name).write_text(site_page(text), encoding="utf-8")
    for path in DOCS.glob("*.svg"):
        shutil.copy(path, source)


def write_reference(source: Path) -> None:
    """Let antsibull-docs write the reference of all plugins and roles."""
    folder = source / "reference"
    # antsibull-docs insists on a folder that only its user can write.
    folder.mkdir(mode=0o700)
    options = ["--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", str(folder)]
    run("antsibull-docs", "collection", *options, COLLECTION)
    for page in folder.glob("*.rst"):
        # The theme shows the contents of each page beside it, and has room for short names in the margin.
        text = _OWN_CONTENTS.sub("", page.read_text(encoding="utf-8"))
        text = _ENTRY.sub(r"    \g<name> (\g<kind>) <\g<name>_\g<kind>>", text)
        page.write_text(_REFERENCE.sub(reference_link, text), encoding="utf-8")


def run(program: str, *arguments: str) -> None:
    """Run a program that stands beside this Python and finds `tools`; raises ``CalledProcessError`` where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([Path(sys.executable).with_name(program), *arguments], check=True, env=environment)


def build(site: Path) -> None:
    """Build the site; raises ``CalledProcessError`` where a tool has a warning."""
    source = site.with_name(f"{site.name}-source")
    for folder in (source, site):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "tools" / "docs_site", source / "_static")
    write_guides(source)
    write_reference(source)
    settings = [option for name, value in SETTINGS.items() for option in ("-D", f"{name}={value}")]
    run("sphinx-build", "-C", "-W", "--keep-going", "-q", "-b", "html", *settings, str(source), str(site))
    for page in site.rglob("*.html"):
        repair(page, REPAIRS)
    repair(site / SEARCH, {NUMBERS_LEFT_OUT: ""})


def repair(file: Path, repairs: dict[str, str]) -> None:
    """Replace in a file what is found by what is better."""
    text = file.read_text(encoding="utf-8")
    for found, better in repairs.items():
        text = text.replace(found, better)
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]).resolve())
