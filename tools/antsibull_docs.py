# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""antsibull-docs, in folders whose names are words: ``python -m tools.antsibull_docs ARGUMENTS...``.

The pages that it looks at name its temporary folder. Where that happens to end with an underscore, reStructuredText
takes its name for a reference to nowhere, and every page is found wrong, once in 37 runs.
"""

from __future__ import annotations

import string
import sys
import tempfile

from antsibull_docs.cli.antsibull_docs import run

if __name__ == "__main__":
    names = tempfile._RandomNameSequence  # type: ignore[attr-defined]
    names.characters = string.ascii_lowercase + string.digits
    sys.exit(run(["antsibull-docs", *sys.argv[1:]]))
