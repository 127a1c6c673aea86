# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lets ansible-core find what it made of the very same texts in another run: packed modules, compiled code, metadata.

ansible-core keeps no compiled code of collections, and reads the metadata of its own plugins in each run. Together they
are a fifth of what a short playbook costs. What is kept is found by what it was made of, so a changed file is another
one.
"""

from __future__ import annotations

import importlib
import marshal
import os
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any


def keep(directory: Path) -> None:
    """Keep it in a directory, which may be that of other runs, too. ansible-core has read its settings by then."""
    constants = importlib.import_module("ansible.constants")
    # ansible-core looks there by itself for what it packed, each module without what it is given to do, but only for
    # that of the same run.
    Path(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache").symlink_to(directory)
    finder: Any = importlib.import_module("ansible.utils.collection_loader._collection_finder")
    metadata = importlib.import_module("ansible.utils.collection_loader._collection_meta")
    # Of the builtin function, this module has no name of its own yet.
    finder.compile = kept(compile, directory)
    finder._meta_yml_to_dict = kept(metadata._meta_yml_to_dict, directory)


def kept(make: Callable[..., Any], directory: Path) -> Callable[..., Any]:
    """A function that makes the same as ``make``, where that takes and returns what `marshal` can write."""

    def find_or_make(*arguments: Any, **named: Any) -> Any:
        of = sha256(marshal.dumps([make.__name__, arguments, named]))
        file = directory / f"{of.hexdigest()}.kept"
        if file.exists():
            return marshal.loads(file.read_bytes())  # noqa: S302  This file is ours.
        made = make(*arguments, **named)
        number, path = tempfile.mkstemp(dir=directory)
        with os.fdopen(number, "wb") as new:
            marshal.dump(made, new)
        # Other runs may be at the same.
        Path(path).rename(file)
        return made

    return find_or_make
