# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Before the tests: a machine that lacks a browser or mail servers says so, and gets them where nobody would ask."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.markdown import ROOT
from tools import system_packages
from tools.system_packages import FOR_MAIL, PROGRAMS, Program

# Stands in the place of apt-get: writes down what it is asked for, and whether services may start meanwhile.
APT = """#!/bin/sh
echo "$@ policy:$(cat "$FOLDER/policy" 2>/dev/null | tail -n 1)" >> "$FOLDER/asked"
if [ -e "$FOLDER/locked" ]; then
    rm "$FOLDER/locked"
    echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1 (apt-get)" >&2
    exit 100
fi
if [ -e "$FOLDER/broken" ]; then echo "E: Unable to locate package" >&2; exit 100; fi
for name; do case $name in
    nodejs) touch "$FOLDER/bin/node"; [ -e "$FOLDER/alone" ] || touch "$FOLDER/bin/npm" ;;
    chromium | npm) touch "$FOLDER/bin/$name" ;;
esac; done
chmod +x "$FOLDER"/bin/*
"""


class Machine:
    """A machine with an apt-get that writes down what it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.policy = folder / "policy"

    @property
    def asked(self) -> list[str]:
        """What apt-get was asked for, less the options that it always gets."""
        file = self.folder / "asked"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [line.partition("Timeout=600 ")[2] for line in lines]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "apt-get").write_text(APT, encoding="utf-8")
    (programs / "apt-get").chmod(0o755)
    for name in ("sh", "cat", "tail", "rm", "touch", "chmod"):
        (programs / name).symlink_to(f"/bin/{name}" if Path(f"/bin/{name}").exists() else f"/usr/bin/{name}")
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("FOLDER", str(tmp_path))
    monkeypatch.setattr(system_packages, "POLICY", tmp_path / "policy")
    wanted = ("Chromium", "Node.js", "npm")
    monkeypatch.setattr(system_packages, "PROGRAMS", [program for program in PROGRAMS if program.name in wanted])
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(system_packages, "is_container", lambda: True)
    monkeypatch.delenv("CI", raising=False)
    return Machine(tmp_path)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["system_packages.py", *arguments])
    return system_packages.main()


def test_root_in_a_container_gets_what_is_missing_and_no_service_starts(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--before-tests") == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "This machine lacks Chromium, Node.js, npm. `make system-packages` installs what is missing."
    )
    assert "Debian and Ubuntu: chromium nodejs npm. Fedora: chromium nodejs nodejs-npm." in said
    # Node.js brought npm along, which conflicts with Debian's.
    assert machine.asked == [
        "update policy:exit 101",
        "install --yes --no-install-recommends chromium nodejs policy:exit 101",
    ]
    assert not machine.policy.exists()
    assert run(monkeypatch, "--before-tests") == 0
    assert capsys.readouterr().out == "This machine has all programs that the tests start.\n"


def test_npm_follows_where_node_came_without_it(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    (machine.folder / "alone").touch()
    assert run(monkeypatch) == 0
    assert machine.asked[-1] == "install --yes --no-install-recommends npm policy:exit 101"


def test_npm_alone_is_asked_for_where_node_is_there(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("node", "chromium"):
        (machine.folder / "bin" / name).touch(mode=0o755)
    assert run(monkeypatch) == 0
    assert [line.split()[-3] for line in machine.asked] == ["update", "npm"]


def test_it_waits_while_another_program_holds_a_lock(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    (machine.folder / "locked").touch()
    assert run(monkeypatch) == 0
    assert [line.split()[0] for line in machine.asked] == ["update", "update", "install"]


def test_the_machine_s_own_rule_for_services_stays(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.policy.write_text("#!/bin/sh\nexit 104\n", encoding="utf-8")
    assert run(monkeypatch) == 0
    assert machine.asked[-1].endswith("policy:exit 104")
    assert machine.policy.exists()


@pytest.mark.parametrize(("in_ci", "status"), [("", 0), ("true", 1)])
def test_what_cannot_be_installed_fails_in_ci_alone(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    in_ci: str,
    status: int,
) -> None:
    monkeypatch.setenv("CI", in_ci)
    (machine.folder / "broken").touch()
    assert run(monkeypatch, "--before-tests") == status
    said = capsys.readouterr().err
    assert "E: Unable to locate package" in said
    assert "This machine still lacks Chromium, Node.js, npm." in said
    assert not machine.policy.exists()


@pytest.mark.parametrize(("user", "container", "in_ci"), [(0, False, ""), (1000, True, ""), (1000, False, "true")])
def test_elsewhere_it_says_what_is_left_out_and_installs_nothing(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    user: int,
    container: bool,
    in_ci: str,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(system_packages, "is_container", lambda: container)
    monkeypatch.setenv("CI", in_ci)
    assert run(monkeypatch, "--before-tests") == 0
    said = capsys.readouterr().out
    assert said.startswith("This machine lacks Chromium, Node.js, npm. `make system-packages` installs")
    assert said.endswith("The tests that need them are left out, which is said again at the end.\n")
    assert machine.asked == []


def test_only_root_installs(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert run(monkeypatch) == 1
    assert "run `make system-packages` as root" in capsys.readouterr().err
    assert machine.asked == []


def test_a_program_is_found_by_any_of_its_names(machine: Machine) -> None:
    program = Program("Dovecot's IMAP", ("imap", str(machine.folder / "libexec" / "imap")), "dovecot-imapd", "dovecot")
    assert not program.is_here
    (machine.folder / "libexec").mkdir()
    (machine.folder / "libexec" / "imap").touch(mode=0o755)
    assert program.is_here


def test_make_test_asks_first_and_ci_does_no_more() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\ntest: before-tests .venv/ready " in makefile
    assert "\nbefore-tests:\n\t@$(PYTHON) tools/system_packages.py --before-tests\n" in makefile
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "apt-get" not in ci
    assert "make test" in ci
    assert {program.debian for program in FOR_MAIL} == {"postfix", "dovecot-imapd", "dovecot-lmtpd", "nodejs", "npm"}
