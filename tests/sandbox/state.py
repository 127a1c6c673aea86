# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that the parts of one running sandbox share."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .itflex_store import ItflexStore
from .mailbox import Mailbox
from .store import Database
from .traps import Traps
from .webitel_cloud_store import WebitelCloudStore
from .webitel_store import WebitelStore

if TYPE_CHECKING:
    from pathlib import Path

    from .faults import Fault

_LOGGED_REQUESTS = 100_000


@dataclass
class State:
    """The stores, the switches, and what is kept in memory only: the request log and scripted faults."""

    database: Database
    webitel: WebitelStore
    itflex: ItflexStore
    webitel_cloud: WebitelCloudStore
    mailbox: Mailbox
    ca_file: Path
    traps: Traps
    requests: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_LOGGED_REQUESTS))
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def open(cls, database_file: Path, ca_file: Path, traps: Traps) -> State:
        """Open the database and everything that lives in it."""
        database = Database(database_file)
        return cls(
            database=database,
            webitel=WebitelStore(database),
            itflex=ItflexStore(database),
            webitel_cloud=WebitelCloudStore(database),
            mailbox=Mailbox(database),
            ca_file=ca_file,
            traps=traps,
        )

    def reset(self) -> None:
        """Go back to the first start: no records, default traps; the credentials stay."""
        with self.database.transaction():
            self.webitel.reset()
            self.itflex.reset()
            self.webitel_cloud.reset()
            self.mailbox.clear()
        # What hangs since before is noted where nobody looks any more.
        self.requests = deque(maxlen=_LOGGED_REQUESTS)
        self.faults.clear()
        self.traps = Traps()
