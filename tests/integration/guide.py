# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does what a guide of docs/ says, step by step, as its reader does, with the sandbox in the place of every server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.ansible_start import write_programs
from tests.integration.playbook import LONGEST_RUN_SECONDS, NAMED_DOMAIN, clean_environment
from tests.markdown import blocks

if TYPE_CHECKING:
    from tests.markdown import Block
    from tests.sandbox.client import Sandbox

# What fetches or installs something, and what starts the sandbox, which runs already.
STAND_INS = {
    "git": 'mkdir -p "$(basename "$2" .git)"',
    "make": 'case "$*" in *--ready-file*) cp "$READY_FILE" "${2##*--ready-file }";; esac',
    "pip": "true",
    "ansible-galaxy": "true",
    # An editor in which each variable of a vault gets a password: first the old one, later the one that is good now.
    "vi": r"""sed -i -E -e "s/^(vault_\w+): .+/\1: $SMTP_PASSWORD/; s/^(vault_\w+): *$/\1: of-before/" "$1" """,
}
SECRETS = {
    "ITFLEX": ("itflex", "refresh_token"),
    "WEBITEL_CLOUD": ("webitel_cloud", "access_token"),
    "WEBITEL_KEY": ("webitel", "key"),
    "WEBITEL": ("webitel", "access_token"),
}


class Guide:
    """A reader of one guide: a home directory, and a shell that keeps its folder and its variables."""

    def __init__(self, document: Path, home: Path, sandbox: Sandbox) -> None:
        """Prepare the home directory; variables that playbooks take for granted are those of all hosts."""
        self.sandbox = sandbox
        self._document = document
        self._home = home
        self._state = home / ".state"
        self._state.write_text(f"cd {home}\n", encoding="utf-8")
        self._printed = ""
        ready = sandbox.ready
        self._addresses = {
            "https://pbx.example.com/engine": ready["webitel"]["api_url"],
            "https://webitel.example.com/api": ready["webitel_cloud"]["api_url"],
            "http://127.0.0.1:8080": sandbox.url,
            "smtp.example.com": ready["smtp"]["host"],
        }
        self._write("ready.json", json.dumps(ready))
        password = ready["smtp"]["password"]
        names = ("certs", "pbx", "invoices", "one", "two", "support", "sales")
        token = {"itflex": ready["itflex"]["refresh_token"], "webitel": ready["webitel"]["access_token"]}
        variables: dict[str, Any] = {
            **{f"{name}_{kind}_password": password for name in names for kind in ("smtp", "mail")},
            **{f"{vault}itflex_refresh_token": token["itflex"] for vault in ("", "vault_")},
            **{f"{vault}webitel_access_token": token["webitel"] for vault in ("", "vault_")},
            **{f"{vault}webitel_key": ready["webitel"]["key"] for vault in ("", "vault_")},
            "vault_itflex_refresh_tokens": dict.fromkeys(("berlin", "porto-alegre"), token["itflex"]),
            "vault_certificates_password": password,
            "itflex_url": ready["itflex"]["api_url"],
            "itflex_key": token["itflex"],
            "webitel_url": ready["webitel"]["api_url"],
            "webitel_token": token["webitel"],
        }
        self._write("group_vars/all.yml", yaml.safe_dump(variables))
        sandbox.add_domains(*NAMED_DOMAIN.findall(document.read_text(encoding="utf-8")))
        for name, script in STAND_INS.items():
            self._write(f"programs/{name}", f"#!/bin/sh\n{script}\n").chmod(0o755)
        write_programs(home / "programs")

    def follow(self) -> None:
        """Take every step of the guide; fails where a command does, or prints something else than the guide shows."""
        before: Block | None = None
        for block in blocks(self._document):
            if block.language == "yaml":
                self._take_down(block)
            elif block.language == "console":
                self._printed = "".join(self.run(command, block.where) for command in block.commands)
            elif block.language in ("text", "diff") and before and before.language == "console":
                self._compare(block)
            # Output in several blocks is of the same commands.
            before = before if block.language in ("text", "diff") else block

    def run(self, command: str, where: str = "") -> str:
        """Run a command as it stands, with the sandbox's addresses; return what it prints."""
        keep = '(export -p; echo cd "$PWD") > "$STATE"'
        script = f'. "$STATE"\n{self._in_sandbox(command)}\nstatus=$?\n{keep}\nexit $status\n'
        secret = next((self.sandbox.ready[part][key] for name, (part, key) in SECRETS.items() if name in command), "")
        finished = subprocess.run(
            ["bash", "-c", script],
            env=self._environment(),
            input=f"{secret}\n",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST_RUN_SECONDS,
            check=False,
        )
        assert finished.returncode == 0, f"{where}: {command}\n{finished.stdout}"
        return finished.stdout

    def _environment(self) -> dict[str, str]:
        programs = [str(self._home / "programs"), str(Path(sys.executable).parent), os.environ["PATH"]]
        return {
            **clean_environment(self._home),
            "PATH": os.pathsep.join(programs),
            "READY_FILE": str(self._home / "ready.json"),
            "STATE": str(self._state),
            "SMTP_PASSWORD": self.sandbox.ready["smtp"]["password"],
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "SSL_CERT_FILE": self.sandbox.ready["smtp"]["ca_file"],
        }

    def _take_down(self, block: Block) -> None:
        """Write a file that the guide shows. A playbook without a name is run at once."""
        text = self._in_sandbox(block.text)
        data = yaml.safe_load(text)
        is_playbook = isinstance(data, list) and "hosts" in data[0]
        folder = Path(self.run("pwd").strip())
        if name := block.file_name:
            self._write(str(folder / name), text)
        elif is_playbook:
            self._write(str(folder / "playbook.yml"), text)
            self.run("ansible-playbook playbook.yml", block.where)

    def _compare(self, block: Block) -> None:
        printed = {line.rstrip() for line in self._printed.splitlines()}
        shown = {line.rstrip() for line in block.text.splitlines() if line.strip() not in ("", "...")}
        assert shown <= printed, f"{block.where}: {shown - printed} is not in\n{self._printed}"

    def _in_sandbox(self, text: str) -> str:
        """The text with every address and port of it replaced by the sandbox's."""
        smtp = self.sandbox.ready["smtp"]
        for address, here in self._addresses.items():
            text = text.replace(address, here)
        text = re.sub(
            r"https://(appliance|mail-gw)[\w.-]*\.example\.com", self.sandbox.ready["itflex"]["api_url"], text
        )
        text = re.sub(r"(port: )465\b", rf"\g<1>{smtp['ssl_tls']}", text)
        return re.sub(r"(port: )587\b", rf"\g<1>{smtp['starttls']}", text)

    def _write(self, name: str, text: str) -> Path:
        path = self._home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path
