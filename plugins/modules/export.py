#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""export: the documentation; the action plugin of the same name does the work on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: export
short_description: Write what is live as the documents that describe it
version_added: 1.0.0
description:
  - Writes what M(mailfleet.email.host_info) read, or M(mailfleet.email.email_settings_info) and
    M(mailfleet.email.email_account_info), as a document, such as M(mailfleet.email.email_settings_sync) and
    M(mailfleet.email.email_accounts_sync) take with the option
    O(mailfleet.email.email_settings_sync#module:document). Bringing the host to the state of this document changes
    nothing.
  - Secrets are references to variables. A file C(vault.yml) lists them, to be filled in and then encrypted with
    ansible-vault. What is left empty in it counts as not given. A file of secrets that is there already is not touched;
    variables that are not in it go to another one, such as C(vault-2.yml).
  - The name of a variable says the host, the kind of record and the record, and holds a mark of the record's identity.
    It stays with its record, whatever the record is called later. The export fails where such a name is a variable
    elsewhere, too, since its value would be sent to the server.
  - Where the server does not show a password, the document says C(update_password=on_create), since otherwise it would
    be written on every run.
  - The order of records, fields and files is always the same. Files of an earlier export that are not needed any more
    are removed.
  - Only files that an export wrote and that nobody changed since are overwritten or removed. Where others are in the
    way, the export fails, names them and writes nothing, unless O(force) is given. No link below O(path) is followed.
  - A record that no document can describe is left out, with a warning, and the others are written.
  - Beside the folders of the hosts stands C(document.schema.json), with which editors check the documents.
  - The playbook C(mailfleet.email.export) uses it.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes.controller
attributes:
  check_mode:
    description: Can run in check mode and say what it would do without doing it.
    support: full
  diff_mode:
    description: Returns what is changed, or would be in check mode.
    support: full
options:
  path:
    description:
      - The directory on the controller in which each host has its own.
    type: path
    required: true
  name:
    description:
      - The name of the host's directory.
    type: str
    required: true
  email_settings:
    description:
      - The result of M(mailfleet.email.email_settings_info). Nothing is written about this kind of record without it.
      - One of the kinds of record, or O(kinds), is required.
    type: dict
  email_accounts:
    description:
      - The result of M(mailfleet.email.email_account_info). Nothing is written about this kind of record without it.
      - One of the kinds of record, or O(kinds), is required.
    type: dict
  email_profiles:
    description:
      - The result of M(mailfleet.email.email_profile_info). Nothing is written about this kind of record without it.
      - One of the kinds of record, or O(kinds), is required.
    type: dict
  kinds:
    description:
      - What M(mailfleet.email.host_info) read, by kinds of record. An option of a kind's own counts more.
      - One of the kinds of record, or O(kinds), is required.
    type: dict
  one_file_each:
    description:
      - Whether each record has a file of its own. If not, there is one for each kind of record.
    type: bool
    default: false
  force:
    description:
      - Whether files are overwritten or removed that no export wrote, or that somebody changed since.
    type: bool
    default: false
seealso:
  - module: mailfleet.email.host_info
  - module: mailfleet.email.email_account_info
  - module: mailfleet.email.email_settings_info
  - module: mailfleet.email.email_accounts_sync
  - module: mailfleet.email.email_settings_sync
"""

EXAMPLES = r"""
- name: Read all accounts
  mailfleet.email.email_account_info:
    api_url: "{{ itflex_api_url }}"
    refresh_token: "{{ itflex_refresh_token }}"
  register: live_accounts

- name: Write them down
  mailfleet.email.export:
    path: mail
    name: "{{ inventory_hostname }}"
    email_accounts: "{{ live_accounts }}"
"""

RETURN = r"""
changed:
  description: Whether a file changed, or would change in check mode.
  returned: always
  type: bool
path:
  description: The host's directory.
  returned: success
  type: str
files:
  description: The documents in it.
  returned: success
  type: list
  elements: str
to_fill_in:
  description: The variables that are referred to and have no value yet.
  returned: success
  type: list
  elements: str
diff:
  description: The files that change, as C(--diff) prints them.
  returned: in diff mode
  type: list
  elements: dict
failure:
  description: Why the task failed, as data. RV(ignore:msg) says the same in words.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - What kind of failure this is.
        - V(input), an option is wrong.
        - V(export), the documents could not be made or written.
      returned: always
      type: str
      choices: [input, export]
    files:
      description: The files that no export wrote, or that somebody changed since.
      returned: where they are the reason
      type: list
      elements: str
    problems:
      description: Everything that is wrong with the options.
      returned: with RV(failure.kind=input)
      type: list
      elements: dict
      contains:
        field:
          description: The option that it is about; empty where the message names it.
          type: str
        message:
          description: What is wrong.
          type: str
"""
