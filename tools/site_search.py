# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An extension of Sphinx that lets the search of the site find numbers: here, people look for ports and SMTP codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class SearchWithNumbers(SearchEnglish):
    """Sphinx's own search in English, with numbers in its index. `tools/docs_site.py` lets its page ask for them."""

    def word_filter(self, word: str) -> bool:
        """Whether a word belongs into the index."""
        return word not in self.stopwords


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the place of Sphinx's own; it keeps nothing, so files can be read in parallel."""
    app.add_search_language(SearchWithNumbers)
    return {"parallel_read_safe": True}
