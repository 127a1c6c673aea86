# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts everything, says where it listens, and ends it cleanly."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from .app import create_app
from .certificates import authority_file, server_context, web_file
from .itflex_store import USERNAME as ITFLEX_USERNAME
from .mailbox import FIXED_USERNAME
from .smtp_server import MailListeners
from .state import State
from .webitel_store import ROOT_USERNAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .traps import Traps


class _HttpServer(uvicorn.Server):
    """Leaves signals to ``serve``: uvicorn would raise them again at its end, before the rest is cleaned up."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def serve(
    *,
    host: str,
    port: int,
    tls: bool,
    data: Path,
    traps: Traps,
    domains: list[str],
    ready_file: Path | None,
    max_seconds: float,
) -> None:
    """Run the sandbox on its data directory until a signal comes or ``max_seconds`` are over.

    Webitel has ``domains`` from the beginning.
    """
    mail_tls = server_context(data)
    state = State.open(data / "sandbox.sqlite", authority_file(data), traps)
    for domain in domains:
        state.webitel.add_domain(domain)
    listeners = MailListeners(state.mailbox, mail_tls)
    listening = listening_socket(host, port)
    http = _http_server(state, web_file(data) if tls else None)
    _end_on_signal_or_time(http, max_seconds)
    smtp_ports = await listeners.start()
    serving = asyncio.create_task(http.serve(sockets=[listening]))
    while not http.started and not serving.done():
        await asyncio.sleep(0.005)
    ready = _ready_document(state, _url("https" if tls else "http", listening), smtp_ports)
    if ready_file is not None:
        _write_whole(ready_file, json.dumps(ready, indent=2))
    print(_banner(ready), flush=True)
    try:
        await serving
    finally:
        await listeners.stop()
        state.database.close()
        if ready_file is not None:
            ready_file.unlink(missing_ok=True)


def _http_server(state: State, certificate: Path | None) -> _HttpServer:
    """The server of the products' APIs, with TLS where it has a certificate."""
    return _HttpServer(
        uvicorn.Config(
            create_app(state),
            lifespan="off",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
            ssl_certfile=certificate,
        )
    )


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises `SystemExit` with the reason and, where the port is taken, one that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Naming the protocol matters: asyncio switches Nagle's algorithm off only where it is named, and without that
    # every answer takes 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # Not left to the web server, which begins later: until one listens, another one may have the same port.
        listening.listen()
    except OSError as error:
        listening.close()
        reason = f"Cannot listen on {host} port {port}: {error.strerror}"
        if error.errno == errno.EADDRINUSE:
            reason += f". Port {_free_port(family, host)} is free: give it with --port"
        raise SystemExit(reason) from error
    return listening


def _free_port(family: int, host: str) -> int:
    with socket.socket(family, socket.SOCK_STREAM) as trying:
        trying.bind((host, 0))
        port: int = trying.getsockname()[1]
    return port


def _url(scheme: str, listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _end_on_signal_or_time(http: uvicorn.Server, max_seconds: float) -> None:
    def end() -> None:
        http.should_exit = True

    loop = asyncio.get_running_loop()
    loop.call_later(max_seconds, end)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)


def _ready_document(state: State, url: str, smtp_ports: dict[str, int]) -> dict[str, Any]:
    return {
        "pid": os.getpid(),
        "url": url,
        "ca_file": str(state.ca_file.resolve()),
        "webitel": {
            "api_url": f"{url}/engine",
            "access_token": state.webitel.root_token,
            "key": state.webitel.root_key,
            "username": ROOT_USERNAME,
            "password": state.webitel.root_password,
            "login_code": state.webitel.login_code,
        },
        "itflex": {
            "api_url": url,
            "access_token": state.itflex.access_token,
            "refresh_token": state.itflex.refresh_token,
            "username": ITFLEX_USERNAME,
            "password": state.itflex.password,
        },
        "webitel_cloud": {
            "api_url": f"{url}/api",
            "access_token": state.webitel_cloud.directory.access_token,
        },
        "smtp": {
            "host": "localhost",
            **smtp_ports,
            "username": FIXED_USERNAME,
            "password": state.mailbox.password,
            "ca_file": str(state.ca_file.resolve()),
        },
    }


def _write_whole(path: Path, text: str) -> None:
    """Write a file that no reader ever sees half of, nor anyone but its owner at all."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _banner(ready: dict[str, Any]) -> str:
    webitel, itflex, smtp = ready["webitel"], ready["itflex"], ready["smtp"]
    cloud = ready["webitel_cloud"]
    return f"""The sandbox is up (Ctrl-C ends it). All credentials are made up and good for this sandbox only.

  API page  {ready["url"]}/docs
  Authority {ready["ca_file"]}, which signs all certificates here
  Messages  {ready["url"]}/_sandbox/messages?format=text

  Webitel   {webitel["api_url"]}
            access token {webitel["access_token"]}
            key {webitel["key"]}
            or log in as {webitel["username"]}, password {webitel["password"]}
  Webitel of today, email profiles
            {cloud["api_url"]}
            access token {cloud["access_token"]}
  iTFLEX    {itflex["api_url"]}
            access token {itflex["access_token"]}
            refresh token {itflex["refresh_token"]}
            or username {itflex["username"]}, password {itflex["password"]}
  SMTP      {smtp["host"]}, ports {smtp["none"]} (no TLS), {smtp["starttls"]} (STARTTLS), {smtp["ssl_tls"]} (SSL/TLS)
            log in as {smtp["username"]}, password {smtp["password"]}
            certificate authority {smtp["ca_file"]}
"""
