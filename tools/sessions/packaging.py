# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions about what users download: the artifact, execution environments and releases."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nox

from tools.sessions.common import CACHE, NEWEST, ROOT, Core, on_both_cores


def build(session: nox.Session, folder: Path) -> Path:
    """Build the artifact in `folder`, which is emptied before."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    session.env["ANSIBLE_HOME"] = str(CACHE / "ansible")
    session.run("ansible-galaxy", "collection", "build", str(ROOT), f"--output-path={folder}", silent=True)
    (artifact,) = folder.glob("*.tar.gz")
    return artifact


def install(session: nox.Session, artifact: Path) -> Path:
    """Install the artifact in an empty folder beside it, and let Ansible find no other collection."""
    folder = artifact.parent / "installed"
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(folder)
    session.env["ANSIBLE_COLLECTIONS_SCAN_SYS_PATH"] = "False"
    options = (f"--collections-path={folder}", "--offline", "--no-cache")
    session.run("ansible-galaxy", "collection", "install", str(artifact), *options, silent=True)
    return folder


@nox.session
@on_both_cores
def artifact(session: nox.Session, core: Core) -> None:
    """Build the artifact, look into it, install it in an empty folder, and run the demo from there."""
    session.install("-r", core.lock)
    built = build(session, CACHE / "artifact" / core.version)
    session.run("python", "-m", "tools.check_artifact", str(built))
    installed = install(session, built) / "ansible_collections"
    listed = session.run("ansible-galaxy", "collection", "list", "--format=json", silent=True)
    if list(json.loads(str(listed))) != [str(installed)]:
        session.error(f"Ansible finds collections elsewhere than in {installed}: {listed}")
    # Distributions leave out what Ansible does not read; the collection has to work without it.
    for path in (installed / "mailfleet" / "email").iterdir():
        if path.name not in ("meta", "playbooks", "plugins", "roles"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    # The demo's playbooks are those of the repository, which the artifact has been compared with.
    session.run("python", "-m", "tests.demo")


@nox.session(python=NEWEST.python)
def galaxy_importer(session: nox.Session) -> None:
    """Let Galaxy's own importer look at the artifact; a warning is a failure."""
    session.install("-r", "requirements/packaging.txt")
    built = build(session, CACHE / "artifact" / "importer")
    session.run("python", "tools/import_artifact.py", str(built))


@nox.session(python=NEWEST.python)
def execution_environment(session: nox.Session) -> None:
    """Let ansible-builder read the artifact's requirements, and make the build context of an execution environment."""
    session.install("-r", "requirements/packaging.txt")
    installed = install(session, build(session, CACHE / "artifact" / "execution_environment"))
    session.run("python", "tools/check_execution_environment.py", str(installed))


@nox.session(python=NEWEST.python)
def release(session: nox.Session) -> None:
    """Make a version of the fragments, by default that of galaxy.yml: in the changelog, and as an artifact.

    It changes files, and neither commits nor publishes them.
    """
    session.install("-r", "requirements/packaging.txt")
    if session.posargs:
        session.run("python", "tools/set_version.py", *session.posargs)
    session.run("antsibull-changelog", "release")
    # By this, tests tell what is new in the next version.
    shutil.copy(ROOT / "tests" / "public_interface.yml", ROOT / "tests" / "released_interface.yml")
    built = build(session, CACHE / "release")
    session.run("python", "-m", "tools.check_artifact", str(built))
    session.log(f"{built} is made. Look at what changed with `git diff`, then commit and tag it.")
    session.log("After the tag, raise the version with `python tools/set_version.py X.Y.Z`, and commit that too.")
