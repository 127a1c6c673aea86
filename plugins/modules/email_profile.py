#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_profile: the module's documentation; what it does stands in module_utils."""

from __future__ import annotations

DOCUMENTATION = r"""
module: email_profile
short_description: Manage an email profile of a Webitel server
version_added: 1.0.0
description:
  - Creates, updates or deletes one of the profiles that today's Webitel sends and fetches mail with.
  - The profile is found by O(id), or where that is not given by its exact O(name).
  - What a task does not mention stays as it is, and only what differs is sent.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes
  - mailfleet.email.attributes.in_process
  - mailfleet.email.webitel_cloud.attributes
  - mailfleet.email.connection
  - mailfleet.email.shown_fields
  - mailfleet.email.webitel_cloud
options:
  id:
    description:
      - The number that the server gave the profile.
      - One of O(id) and O(name) is required.
    type: int
  name:
    description:
      - The name of the profile, which the server does not keep unique. Where several live profiles have exactly
        this name, none is touched, and the task lists them.
      - Needed to create a profile. Together with O(id) it renames the profile.
    type: str
  former_names:
    description:
      - Names that the record had before. Where no live record has O(name), one that has a former name is taken for it
        and renamed.
      - Where both are live, the task fails. With O(id) the record is found by that alone.
    type: list
    elements: str
  description:
    description:
      - What the profile is for.
    type: str
  schema:
    description:
      - The flow that handles the mail. Needed to create a profile.
      - It is looked up on the server. Where it is not there, or a name means several, the task lists what there is.
    type: dict
    suboptions:
      id:
        description:
          - The number of the flow.
          - One of O(schema.id) and O(schema.name) is required.
        type: int
      name:
        description:
          - The exact name of the flow.
        type: str
  enabled:
    description:
      - Whether mail is fetched and the licence counts the profile. A profile that is not enabled can still send.
      - A new profile is not enabled unless this says so.
    type: bool
  listen:
    description:
      - Whether the server waits for new mail. With O(enabled) it fetches the whole unread mailbox.
      - A new profile does not listen unless this says so.
    type: bool
  imap_host:
    description:
      - The name or address of the IMAP server. The connection is TLS from the first byte.
    type: str
  imap_port:
    description:
      - The port of the IMAP server, V(993) for a new profile that is given none.
    type: int
  smtp_host:
    description:
      - The name or address of the SMTP server.
    type: str
  smtp_port:
    description:
      - The port of the SMTP server. A new profile that is given none has V(587).
    type: int
  login:
    description:
      - The user name at both mail servers.
    type: str
  password:
    description:
      - The password at both mail servers. The server never shows it.
    type: str
  mailbox:
    description:
      - The folder that mail is fetched from, V(INBOX) for a new profile that is given none.
    type: str
  fetch_interval:
    description:
      - How many seconds pass between two looks into the mailbox, V(60) for a new profile that is given none.
    type: int
  auth_type:
    description:
      - How the login is done, V(Plain) for a new profile that is given none.
      - V(OAuth2) needs a login in a browser afterwards, which only a person can do.
    type: str
    choices: [Plain, OAuth2]
  params:
    description:
      - Further parameters of the profile.
    type: dict
    suboptions:
      oauth2:
        description:
          - The OAuth client, for a login in a browser.
        type: dict
        suboptions:
          client_id:
            description:
              - The identifier of the client.
            type: str
          client_secret:
            description:
              - The secret of the client.
            type: str
          redirect_url:
            description:
              - Where the login in a browser leads back to.
            type: str
  state:
    description:
      - Whether the profile exists.
    type: str
    choices: [present, absent]
    default: present
  update_password:
    description:
      - V(always) writes O(password) on every run, since the server gives nothing to compare it with.
      - V(on_create) writes it only when the profile is created.
    type: str
    choices: [always, on_create]
    default: always
  fetch_existing_mail:
    description:
      - Whether the profile may begin to fetch mail, which it does when it is enabled and listens, or gets another
        mailbox while it does. It then fetches all unread mail that is there, and runs its flow on each message.
      - Without it such a change is refused.
    type: bool
    default: false
  erase_stored_mail:
    description:
      - Whether all mail that is stored with the profile may go when the profile is deleted. The server does not
        tell how much that is. Without it a deletion is refused.
    type: bool
    default: false
notes:
  - Supported are servers of 24.04 and newer. Older ones show passwords and lose them with an update; they are
    recognised by that, and refused.
  - No live server was available to those who wrote this; it was made from the vendor's public sources.
  - An update of O(auth_type) or O(params) replaces the whole profile, as read a moment before. What another run
    writes in this moment is lost, and so is C(params.insecure), which the server does not show.
seealso:
  - module: mailfleet.email.email_profiles_sync
  - module: mailfleet.email.email_profile_info
"""

EXAMPLES = r"""
- name: Let the support desk send and read its mail
  mailfleet.email.email_profile:
    api_url: https://webitel.example.com/api
    access_token: "{{ webitel_cloud_access_token }}"
    name: Support
    schema:
      name: Tickets
    smtp_host: smtp.example.com
    imap_host: imap.example.com
    login: support@example.com
    password: "{{ support_mail_password }}"

- name: Begin to fetch mail, with all that is unread
  mailfleet.email.email_profile:
    api_url: https://webitel.example.com/api
    access_token: "{{ webitel_cloud_access_token }}"
    name: Support
    enabled: true
    listen: true
    fetch_existing_mail: true

- name: Remove the profile with all mail that is stored with it
  mailfleet.email.email_profile:
    api_url: https://webitel.example.com/api
    access_token: "{{ webitel_cloud_access_token }}"
    name: Support
    state: absent
    erase_stored_mail: true
"""

RETURN = r"""
changed:
  description: Whether the profile changed, or would change in check mode.
  returned: success
  type: bool
action:
  description:
    - What was done, or would be done in check mode.
    - V(unknown), nothing but RV(unknown_fields) was written.
  returned: success
  type: str
  choices: [created, updated, unknown, deleted, none]
  sample: updated
changed_fields:
  description:
    - The dotted paths of all fields that change, sorted.
    - A field that a creation sets or a deletion removes counts.
  returned: success
  type: list
  elements: str
  sample: [enabled, smtp_port]
unknown_fields:
  description:
    - Those of RV(changed_fields) of which nobody knows whether they differ, since the server does not show them.
  returned: when there are any
  type: list
  elements: str
  sample: [password]
diff:
  description:
    - The profile before and after, as C(--diff) prints it, the same in check mode and for real.
    - A secret stands as a marker that tells whether it changes, never as its value.
  returned: success
  type: dict
  contains:
    before:
      description: The profile as it was; empty where there was none.
      type: dict
    after:
      description: The profile as it is now, or would be; empty where there is none.
      type: dict
    before_header:
      description: What RV(diff.before) is about.
      type: str
    after_header:
      description: What RV(diff.after) is about.
      type: str
password_check:
  description:
    - What was done about the password.
    - V(compared), it was compared with the live one, and written if it differs.
    - V(written), the server does not show the live one, so it is written on every run.
    - V(set), there was none before.
    - V(skipped), the profile existed already and O(update_password=on_create).
    - V(not_given), the task does not give one.
  returned: success and O(state=present)
  type: str
  choices: [compared, written, set, skipped, not_given]
  sample: compared
email_profile:
  description: The profile as the server stores it now, or would, without secrets.
  returned: success and O(state=present)
  type: dict
  sample: {id: 7, name: Support, schema: {id: "3", name: Tickets}, enabled: true, listen: false,
    smtp_host: smtp.example.com, smtp_port: 587, login: support@example.com}
retried:
  description:
    - Which requests were retried, and why. Shown with C(-v).
    - Every request that did not succeed at once is in it, also where the task fails in the end.
  returned: when a request was retried
  type: list
  elements: dict
  contains:
    method:
      description: The method of the request.
      type: str
    url:
      description: The address of the request.
      type: str
    reason:
      description: What went wrong before.
      type: str
    times:
      description: How many times it was retried for this reason.
      type: int
  sample:
    - method: GET
      url: https://server.example.com/api/email/profile
      reason: the server answers 503
      times: 2
failure:
  description: Why the task failed, as data. RV(ignore:msg) says the same in words.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - What kind of failure this is.
        - V(input), what the task asks for cannot be done.
        - V(credentials), the credentials are refused, or belong to another record.
        - V(connection), there was no answer.
        - V(redirect), the server leads to another address, which is never followed.
        - V(refused), the server says no.
        - V(not_found), the server says that the record is not there.
        - V(answer), the answer is not one of this API.
        - V(defect), a fault of this collection.
      returned: always
      type: str
      choices: [input, credentials, connection, redirect, refused, not_found, answer, defect]
    problems:
      description: Everything that is wrong with the input.
      returned: with RV(failure.kind=input)
      type: list
      elements: dict
      contains:
        field:
          description: The option that it is about, with its place in a list; empty where it is about several.
          type: str
        message:
          description: What is wrong.
          type: str
    request:
      description: The request that failed.
      returned: when a request failed
      type: dict
      contains:
        method:
          description: The method of the request.
          type: str
        url:
          description: The address of the request.
          type: str
    status:
      description: The HTTP status of the server's answer.
      returned: when the server refused the request
      type: int
    outcome:
      description: V(unknown) where nobody found out whether the server did what it was asked to write.
      returned: when that is so
      type: str
    errors:
      description: The server's own list of reasons.
      returned: when the server refused the request
      type: list
      elements: dict
"""

from ansible_collections.mailfleet.email.plugins.module_utils._entry import run_module
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE


def main() -> None:
    """Run the module."""
    run_module(EMAIL_PROFILE)


if __name__ == "__main__":
    main()
