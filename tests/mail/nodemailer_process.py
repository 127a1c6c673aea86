# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends through Nodemailer itself, in the versions that Webitel's public server asks for."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.mail.certificates import Certificates

_HERE = Path(__file__).resolve().parent / "nodemailer"
_CACHE = _HERE.parents[2] / ".cache" / "nodemailer"
_PINNED = ("package.json", "package-lock.json")
_LONGEST_RUN_SECONDS = 300
# The server's days knew neither: it asked for IPv4 first, and tried one address alone.
_AS_OLDER_NODES = ["--dns-result-order=ipv4first", "--no-network-family-autoselection", "--no-deprecation"]


@dataclass(frozen=True)
class Message:
    """One message to send: the transport options as they are stored, and the addresses."""

    options: dict[str, Any]
    sender: str = "certs@example.com"
    to_email: str = "inbox@example.com"


@dataclass(frozen=True)
class Outcome:
    """How it ended: ``info`` where the message was taken, else ``error``, the text that Webitel passes on."""

    info: dict[str, Any] | None = None
    error: str | None = None


def install() -> Path:
    """Install the pinned versions if they are not there yet; return their directory.

    Raises ``RuntimeError`` where Node is missing, ``subprocess.CalledProcessError`` where npm fails.
    """
    if not (shutil.which("node") and shutil.which("npm")):
        raise RuntimeError("node and npm are missing: install the Debian packages nodejs and npm, or Node 20 or newer.")
    texts = [(_HERE / name).read_bytes() for name in _PINNED]
    directory = _CACHE / hashlib.sha256(b"".join(texts)).hexdigest()[:16]
    if not (directory / "node_modules").exists():
        # Another test process may do the same at this moment: each works for itself, and one of them wins.
        own = _CACHE / str(os.getpid())
        own.mkdir(parents=True)
        for name, text in zip(_PINNED, texts, strict=True):
            (own / name).write_bytes(text)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=own, check=True, capture_output=True, timeout=_LONGEST_RUN_SECONDS)
        try:
            own.rename(directory)
        except OSError:
            shutil.rmtree(own)
    return directory


def send_all(messages: Sequence[Message], certificates: Certificates) -> list[Outcome]:
    """Send the messages one after the other, trusting the tests' authority."""
    wanted = [{"options": one.options, "from": one.sender, "to": one.to_email} for one in messages]
    finished = subprocess.run(
        ["node", *_AS_OLDER_NODES, str(_HERE / "send.js")],
        input=json.dumps(wanted),
        # Node looks for libraries beside the program, which has none, and then here.
        env={
            **os.environ,
            "NODE_PATH": str(install() / "node_modules"),
            "NODE_EXTRA_CA_CERTS": str(certificates.authority),
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=_LONGEST_RUN_SECONDS,
    )
    return [Outcome(**outcome) for outcome in json.loads(finished.stdout)]
