# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Templates in documents, rendered with the variables of the host that they describe."""

from __future__ import annotations

import re
import typing as t

from ansible.errors import AnsibleError, AnsibleUndefinedVariable

from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import is_secret_name
from ansible_collections.mailfleet.email.plugins.plugin_utils._described import Literal
from ansible_collections.mailfleet.email.plugins.plugin_utils._plain_data import plain
from ansible_collections.mailfleet.email.plugins.plugin_utils._without_templates import MARKS_OF_TEMPLATES

try:
    from ansible.template import trust_as_template
except ImportError:
    # Before ansible-core 2.19, every text was trusted, and those that were not had a mark.
    from ansible.utils.unsafe_proxy import wrap_var as _as_no_template

    def trust_as_template(value: str) -> str:
        """The text itself."""
        return value
else:

    def _as_no_template(value: t.Any) -> t.Any:
        """The value itself."""
        return value


_REFERENCE = re.compile(r"\{\{\s*(?P<name>[A-Za-z_]\w*)(?P<or_omit>\s+or\s+omit)?\s*\}\}")
_OMITTED: t.Final = object()
Path = tuple[t.Union[str, int], ...]


class RenderingError(Exception):
    """A template that cannot be rendered. `path` leads to it; the text of the error shows nothing of the document."""

    def __init__(self, path: Path, message: str) -> None:
        self.path = path
        super().__init__(message)


def reference_to(name: str) -> str:
    """The template that stands for a variable."""
    return t.cast(str, trust_as_template(f"{{{{ {name} }}}}"))


class Renderer:
    """Renders data of a document. What is left out by `omit` is not there afterwards.

    With `without_secrets` a secret whose variable is not defined is left out too.
    """

    def __init__(
        self,
        templar: t.Any,
        variables: t.Mapping[str, t.Any],
        literals: t.Mapping[str, t.Any] | None = None,
        *,
        without_secrets: bool = False,
    ) -> None:
        self._variables = variables
        self._without_secrets = without_secrets
        self._literals = literals or {}
        self.problems: list[RenderingError] = []
        marked = {name: _as_no_template(value) for name, value in self._literals.items()}
        self._templar = templar.copy_with_new_env(available_variables={**variables, **marked})

    def knowing(self, more: t.Mapping[str, t.Any]) -> Renderer:
        """The same with more variables, which are no templates.

        One without a value does not hide what is there already.
        """
        seen = {name: value for name, value in more.items() if value is not None or name not in self._variables}
        return Renderer(self._templar, self._variables, seen, without_secrets=self._without_secrets)

    def rendered(self, data: t.Any, path: Path = ()) -> t.Any:
        """The data with its templates rendered, as plain JSON data. Raises `RenderingError`."""
        value = self._value(data, path)
        if self.problems:
            raise self.problems[0]
        return None if value is _OMITTED else value

    def rendered_items(self, data: t.Any) -> t.Iterator[tuple[int, t.Any]]:
        """The items of a list, each with its index in the list as it is written; none where there is no list.

        What cannot be rendered is left out, and noted in `problems`: all of it is to be reported at once. Raises
        `RenderingError` where that is the list itself, and `TypeError` where the data is something else than a list.
        """
        if isinstance(data, list):
            for index, item in enumerate(data):
                value = self._value(item, (index,))
                if value is not _OMITTED:
                    yield index, value
            return
        held = self.rendered(data)
        if held is not None and not isinstance(held, list):
            raise TypeError
        yield from enumerate(held or [])

    def taken_problems(self) -> list[RenderingError]:
        """What could not be rendered since this was asked last."""
        taken, self.problems = self.problems, []
        return taken

    def reasons(self, key: str) -> str:
        """What could not be rendered of what stands under a key, in words."""
        return "; ".join(f"{dotted(key, exc.path)}: {exc}" for exc in self.taken_problems())

    def _value(self, data: t.Any, path: Path) -> t.Any:
        if isinstance(data, dict):
            pairs = ((name, self._value(value, (*path, str(name)))) for name, value in data.items())
            return {name: value for name, value in pairs if value is not _OMITTED}
        if isinstance(data, list):
            items = (self._value(item, (*path, index)) for index, item in enumerate(data))
            return [item for item in items if item is not _OMITTED]
        if isinstance(data, Literal):
            return str(data)
        if isinstance(data, str) and any(mark in data for mark in MARKS_OF_TEMPLATES):
            try:
                return self._template(data, path)
            except RenderingError as exc:
                self.problems.append(exc)
                return _OMITTED
        return _OMITTED if self._without_secrets and _is_closed(data) else data

    def _template(self, text: str, path: Path) -> t.Any:
        reference = _REFERENCE.fullmatch(text)
        if reference and reference["name"] in self._literals:
            # What most templates of a large document are. Ansible takes a millisecond for each.
            value = self._literals[reference["name"]]
            return _OMITTED if reference["or_omit"] and not value else value
        try:
            # A mapping, since leaving out has no meaning for a text alone.
            held = self._templar.template({"value": trust_as_template(text)})
        except AnsibleUndefinedVariable:
            if self._without_secrets and any(is_secret_name(str(step)) for step in path[-1:]):
                return _OMITTED
            what = f"the variable {reference['name']} is" if reference else "a variable is"
            raise RenderingError(path, f"{what} not defined") from None
        except Exception as exc:  # noqa: BLE001  Whatever a filter raises; ansible-core 2.19 and newer wraps it.
            # The error repeats parts of the template, which is a password where somebody forgot !unsafe.
            reason = f"is no template that can be rendered ({type(exc).__name__}); mark a text as it is with !unsafe"
            raise RenderingError(path, reason) from None
        if "value" not in held or _is_omit_token(held["value"], self._variables.get("omit")):
            return _OMITTED
        return plain(held)["value"]


def dotted(key: str, path: Path) -> str:
    """A path below a key, as it stands in messages."""
    return key + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def _is_closed(value: t.Any) -> bool:
    """Whether a value is encrypted, and its password not there."""
    try:
        str(value)
    except AnsibleError:
        return True
    return False


def _is_omit_token(value: t.Any, token: t.Any) -> bool:
    """Whether a value is the text that stands for leaving out before ansible-core 2.19."""
    return isinstance(token, str) and isinstance(value, str) and value == token
