# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions about what users download: the artifact, execution environments and releases."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nox

from tools.check_artifact import known_files
from tools.sessions.common import CACHE, NEWEST, ROOT, Core, on_both_cores

COLLECTION = Path("ansible_collections", "mailfleet", "email")
# Later than any that there will be.
NEXT_VERSION = "999.0.0"


def build(session: nox.Session, folder: Path, source: Path = ROOT) -> Path:
    """Build the artifact of `source` in `folder`, which is emptied before."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    session.env["ANSIBLE_HOME"] = str(CACHE / "ansible")
    session.run("ansible-galaxy", "collection", "build", str(source), f"--output-path={folder}", silent=True)
    (artifact,) = folder.glob("*.tar.gz")
    return artifact


def install(session: nox.Session, artifact: Path, folder: Path) -> None:
    """Install the artifact in a folder, over what is there, and let Ansible find no other collection."""
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(folder)
    session.env["ANSIBLE_COLLECTIONS_SCAN_SYS_PATH"] = "False"
    options = (f"--collections-path={folder}", "--upgrade", "--offline", "--no-cache")
    session.run("ansible-galaxy", "collection", "install", str(artifact), *options, silent=True)


def try_upgrade(session: nox.Session, artifact: Path) -> None:
    """Install the artifact, and over it a made-up next version that has a module of another name."""
    source, folder = artifact.parent / "next", artifact.parent / "upgraded"
    for name, content in known_files().items():
        file = source / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    session.run("python", str(source / "tools" / "set_version.py"), NEXT_VERSION)
    modules = Path("plugins", "modules")
    (source / modules / "drift.py").rename(source / modules / "drift_of_next.py")
    install(session, artifact, folder)
    before = version_in(session, folder)
    install(session, build(session, source / "built", source), folder)
    after = version_in(session, folder)
    left = sorted(path.name for path in (folder / COLLECTION / modules).glob("drift*"))
    if after != NEXT_VERSION or left != ["drift_of_next.py"]:
        session.error(f"an upgrade from {before} to {NEXT_VERSION} made {after}, with {left}")


def version_in(session: nox.Session, folder: Path) -> str:
    """The version of the collection in the folder, the only one that Ansible may find."""
    listed = json.loads(str(session.run("ansible-galaxy", "collection", "list", "--format=json", silent=True)))
    if list(listed) != [str(folder / "ansible_collections")]:
        session.error(f"Ansible finds collections elsewhere than in {folder}: {listed}")
    (found,) = listed[str(folder / "ansible_collections")].values()
    return str(found["version"])


@nox.session
@on_both_cores
def artifact(session: nox.Session, core: Core) -> None:
    """Build the artifact, look into it, install it in an empty folder, run the demo from there, and upgrade it."""
    session.install("-r", core.lock)
    built = build(session, CACHE / "artifact" / core.version)
    session.run("python", "-m", "tools.check_artifact", str(built))
    installed = built.parent / "installed"
    install(session, built, installed)
    version_in(session, installed)
    # Distributions leave out what Ansible does not read; the collection has to work without it.
    for path in (installed / COLLECTION).iterdir():
        if path.name not in ("meta", "playbooks", "plugins", "roles"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    # The demo's playbooks are those of the repository, which the artifact has been compared with.
    session.run("python", "-m", "tests.demo")
    try_upgrade(session, built)


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
    built = build(session, CACHE / "artifact" / "execution_environment")
    installed = built.parent / "installed"
    install(session, built, installed)
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
