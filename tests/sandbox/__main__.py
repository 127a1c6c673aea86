# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command: ``python -m tests.sandbox``."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from .server import serve
from .traps import parse_traps

# The one that the guides write about.
_DOMAIN = "my.example.com"


def _loopback(host: str) -> str:
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{host!r} is no IP address") from None
    if not address.is_loopback:
        raise argparse.ArgumentTypeError(f"{host!r} is no loopback address; the sandbox serves this machine only")
    return str(address)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox", description=sys.modules["tests.sandbox"].__doc__)
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="a loopback address (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (%(default)s)")
    parser.add_argument("--tls", action="store_true", help="serve the products' APIs over HTTPS, by an own authority")
    parser.add_argument("--data", type=Path, help="directory that keeps everything between starts; none keeps nothing")
    parser.add_argument("--ready-file", type=Path, help="written as JSON when everything listens, removed at the end")
    parser.add_argument(
        "--domain", action="append", metavar="NAME", help=f"a domain that Webitel has; may be repeated ({_DOMAIN})"
    )
    parser.add_argument("--trap", action="append", default=[], metavar="NAME=VALUE", help="a switch; may be repeated")
    parser.add_argument("--max-seconds", type=float, default=3600, help="ends by itself after that (%(default)s)")
    arguments = parser.parse_args()
    try:
        arguments.traps = parse_traps(arguments.trap)
    except ValueError as error:
        parser.error(f"--trap: {error}")
    return arguments


def main() -> None:
    """Serve until SIGTERM, SIGINT, or the end of the allowed time."""
    arguments = _arguments()
    with TemporaryDirectory(prefix="sandbox-") as temporary:
        data = arguments.data or Path(temporary)
        data.mkdir(parents=True, exist_ok=True)
        asyncio.run(
            serve(
                host=arguments.host,
                port=arguments.port,
                tls=arguments.tls,
                data=data,
                traps=arguments.traps,
                domains=arguments.domain or [_DOMAIN],
                ready_file=arguments.ready_file,
                max_seconds=arguments.max_seconds,
            )
        )


if __name__ == "__main__":
    main()
