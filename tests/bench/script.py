# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bare script that brings accounts or settings to the state in a file: as fast as a client in Python gets.

``python script.py READY_FILE RECORDS_FILE accounts|settings [THREADS]``. It reads, compares and writes what differs,
and does nothing else: no check of its input, no report, no care for failures beyond ending with one.
"""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Callable

Record = dict[str, Any]


class Client:
    """A connection for each thread, kept open."""

    def __init__(self, base_url: str, headers: dict[str, str], authority: str | None) -> None:
        """Send ``headers`` with each request to ``base_url``; ``authority`` is trusted where that is HTTPS."""
        self._base_url = base_url
        self._authority = authority
        self._headers = headers
        self._local = threading.local()

    def send(self, method: str, path: str, body: Record | None = None) -> requests.Response:
        """Send one request; the caller judges the answer."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.headers.update(self._headers)
        response: requests.Response = self._local.session.request(
            method, f"{self._base_url}{path}", json=body, timeout=60, verify=self._authority
        )
        return response


def differs(live: Record, wanted: Record) -> bool:
    """Whether a wanted field is not as it should be, at any level."""
    return any(
        differs(live.get(name) or {}, value) if isinstance(value, dict) else live.get(name) != value
        for name, value in wanted.items()
    )


def account_work(client: Client, records: list[Record]) -> tuple[Callable[[Record], None], list[Record]]:
    """Read all accounts. Return what writes one, and those to write."""
    path = "/api/email/accounts"
    answer = client.send("GET", path)
    answer.raise_for_status()
    live = {account["name"]: account for account in answer.json()}

    def write(wanted: Record) -> None:
        current = live.get(wanted["name"])
        if current is None:
            client.send("POST", path, wanted).raise_for_status()
        else:
            client.send("PUT", f"{path}/{current['id']}", {**current, **wanted}).raise_for_status()

    return write, [wanted for wanted in records if differs(live.get(wanted["name"], {}), wanted)]


def settings_work(client: Client, records: list[Record]) -> tuple[Callable[[Record], None], list[Record]]:
    """Return what reads one domain's settings and writes them where they differ, and all domains."""

    def bring(wanted: Record) -> None:
        path = f"/api/v2/email/settings?domain={wanted['domain']}"
        answer = client.send("GET", path)
        live = {} if answer.status_code == 404 else answer.json()
        if differs(live, wanted):
            body = {name: value for name, value in {**live, **wanted}.items() if name != "_id"}
            client.send("PUT" if live else "POST", path, body).raise_for_status()

    return bring, records


def main(ready_file: str, records_file: str, kind: str, threads: str = "1") -> None:
    """Do what the command line says."""
    ready = json.loads(Path(ready_file).read_bytes())
    records = next(iter(json.loads(Path(records_file).read_bytes()).values()))
    if kind == "accounts":
        itflex = ready["itflex"]
        client = Client(itflex["api_url"], {"Authorization": f"Bearer {itflex['access_token']}"}, ready["ca_file"])
        work, todo = account_work(client, records)
    else:
        webitel = ready["webitel"]
        headers = {"X-Access-Token": webitel["access_token"], "X-Key": webitel["key"]}
        client = Client(webitel["api_url"], headers, ready["ca_file"])
        work, todo = settings_work(client, records)
    if threads == "1":
        for record in todo:
            work(record)
    else:
        with ThreadPoolExecutor(int(threads)) as pool:
            list(pool.map(work, todo))


if __name__ == "__main__":
    main(*sys.argv[1:])
