# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo: a playbook brings both products in the sandbox to a described state, and test messages arrive.

``python -m tests.demo`` shows each command and what it prints, checks what it claims, and fails where a claim is wrong.
Ansible must find the collection; ``make demo`` sees to that.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.ansible_start import ansible_command
from tests.sandbox.client import Document, Sandbox

PLAYBOOKS = Path(__file__).resolve().parent.parent / "playbooks"
DESIRED = Path("playbooks/demo/desired.yml")
COMMAND = ["ansible-playbook", "-i", "playbooks/demo/inventory.yml", "playbooks/demo.yml", "-e", "@sandbox.json"]
SENDERS = ["certs@example.com", "invoices@example.com", "monitoring@example.com", "pbx@example.com"]
RECIPIENT = "postmaster@example.net"
OLD_LINE, NEW_LINE = "smtp_auth_mechanism: login", "smtp_auth_mechanism: cram-md5"

_CHANGED = re.compile(r"\bchanged=(\d+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class ClaimFailed(Exception):
    """Something that the demo says did not come true."""


class Demo:
    """The steps, in a working directory that holds a copy of the playbooks."""

    def __init__(self, sandbox: Sandbox, workspace: Path) -> None:
        """Prepare the working directory for ``sandbox``."""
        self._sandbox = sandbox
        self._workspace = workspace
        self._steps = 0
        shutil.copytree(PLAYBOOKS, workspace / "playbooks")
        addresses = {name: sandbox.ready[name] for name in ("webitel", "itflex", "smtp")}
        (workspace / "sandbox.json").write_text(json.dumps(addresses), encoding="utf-8")
        sandbox.add_domains("pbx.example.com")
        for sender in SENDERS:
            sandbox.add_mail_user(sender, sandbox.ready["smtp"]["password"])

    def run(self) -> None:
        """Take every step; raise ``ClaimFailed`` where one does not do what it says."""
        self.show_description()
        self.apply()
        self.apply_again()
        self.edit_and_preview()
        self.apply_edit()
        self.send_test_messages()
        self.show_messages()

    def show_description(self) -> None:
        """Print the desired state."""
        self._head("This file describes what should be there: one Webitel domain, three iTFLEX accounts")
        print(f"{DESIRED}:\n")
        lines = (self._workspace / DESIRED).read_text(encoding="utf-8").splitlines()
        print("\n".join(line for line in lines if not line.startswith("#")).strip())

    def apply(self) -> None:
        """Apply the description to a sandbox that holds nothing."""
        self._head("Both products hold nothing yet. Applying the description creates all of it")
        changed = self._play()
        self._claim(changed > 0, "the first run changed nothing")
        self._claim(len(self._sandbox.accounts()) == 3, "there are not three accounts after the first run")
        self._claim(list(self._sandbox.settings()) == ["pbx.example.com"], "the domain has no settings")

    def apply_again(self) -> None:
        """Apply the same description once more."""
        self._head("Applying it again changes nothing: the products are only read, nothing is written")
        self._sandbox.clear_requests()
        self._claim(self._play() == 0, "the second run changed something")
        writes = [
            request
            for request in self._sandbox.requests()
            if request["method"] != "GET" and not request["path"].endswith("/oauth2/token")
        ]
        self._claim(not writes, f"the second run wrote: {writes}")

    def edit_and_preview(self) -> None:
        """Edit one value and ask what applying it would do."""
        self._head("One value is edited. --check shows what that would change, and does not do it")
        path = self._workspace / DESIRED
        text = path.read_text(encoding="utf-8")
        self._claim(text.count(OLD_LINE) == 1, f"{DESIRED} does not hold the line to edit exactly once")
        path.write_text(text.replace(OLD_LINE, NEW_LINE), encoding="utf-8")
        print(f"{DESIRED}:\n  - {OLD_LINE}\n  + {NEW_LINE}\n")
        before = self._sandbox.accounts()
        self._claim(self._play("--check") > 0, "the preview shows no change")
        self._claim(self._sandbox.accounts() == before, "the preview changed an account")

    def apply_edit(self) -> None:
        """Apply the edited description."""
        self._head("The same without --check does it")
        self._claim(self._play() > 0, "the edit was not applied")
        mechanisms = [account["smtp_auth_mechanism"] for account in self._sandbox.accounts()]
        self._claim(mechanisms.count("cram-md5") == 2, "the account does not have the edited value")

    def send_test_messages(self) -> None:
        """Let both products send a test message through each record."""
        self._head("Do they work? Each product sends a test message through a real SMTP connection")
        self._claim(self._play("-e", f"provision_test_send_to={RECIPIENT}") == 0, "sending changed something")

    def show_messages(self) -> None:
        """Print what arrived at the mail server."""
        self._head("This arrived at the mail server")
        messages = self._sandbox.messages()
        for message in messages:
            print(_in_words(message))
        arrived = sorted(message["from"] for message in messages)
        self._claim(arrived == SENDERS, f"messages of {SENDERS} were expected, those of {arrived} arrived")
        self._claim(all(message["to"] == [RECIPIENT] for message in messages), f"not all went to {RECIPIENT}")

    def _head(self, text: str) -> None:
        self._steps += 1
        print(f"\n=== {self._steps}. {text}\n", flush=True)

    def _play(self, *options: str) -> int:
        """Run the playbook, passing on what it prints; return how many tasks say that they changed something."""
        command = [*COMMAND, *options]
        print(f"$ {shlex.join(command)}", flush=True)
        environment = {
            **os.environ,
            "ANSIBLE_STDOUT_CALLBACK": "default",
            "ANSIBLE_NOCOWS": "1",
            # The report shows each run as a plan; a task that is skipped tells nobody anything.
            "ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report",
            "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
        }
        if sys.stdout.isatty():
            environment["ANSIBLE_FORCE_COLOR"] = "1"
        lines = []
        with subprocess.Popen(
            ansible_command(*command),
            cwd=self._workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                lines.append(_COLOUR.sub("", line))
        self._claim(process.returncode == 0, f"the playbook failed with exit code {process.returncode}")
        recap = _CHANGED.findall("".join(lines))
        self._claim(len(recap) == 1, "the playbook printed no recap for its one host")
        return int(recap[0])

    def _claim(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise ClaimFailed(f"step {self._steps}: {otherwise}")


def _in_words(message: Document) -> str:
    """Tell in two lines who sent what, and how it came in."""
    encryption = "encrypted" if message["tls"] else "not encrypted"
    sender, recipients = message["from"], ", ".join(message["to"])
    return (
        f"  from {sender} to {recipients}: {message['subject']}\n"
        f"    by the {message['listener']} listener, {encryption}, logged in as {message['auth_user']}"
    )


def main() -> int:
    """Run the demo in a sandbox of its own; return the exit code."""
    with TemporaryDirectory(prefix="demo-") as folder:
        workspace = Path(folder)
        print("Starting a sandbox that plays Webitel, iTFLEX and a mail server on this machine.")
        try:
            with Sandbox.start(workspace / "sandbox") as sandbox:
                Demo(sandbox, workspace).run()
        except ClaimFailed as failure:
            print(f"\nThe demo FAILED in {failure}.", file=sys.stderr)
            return 1
    print("\nAll of it came true. The sandbox is down again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
