#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_delivery_info: the module's documentation; what it does stands in module_utils."""

from __future__ import annotations

DOCUMENTATION = r"""
module: email_delivery_info
short_description: Look over IMAP whether messages have arrived in a mailbox
version_added: 1.0.0
description:
  - Looks into a mailbox until the messages are there or the time is over, and tells for each of them whether it is in
    a usual folder, in a spam folder, or nowhere.
  - Of a message that is there it tells how long it took, by which servers it came and with which encryption, and what
    the receiving server says about SPF, DKIM and DMARC.
  - Only headers are read. The module changes nothing unless O(afterwards) says so; then it marks or deletes the
    messages that were found, and no others.
  - A message that is not there is a result and no failure. The task fails where it could not look.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes.look
  - mailfleet.email.attributes.in_process
  - mailfleet.email.attributes.mail
options:
  host:
    description:
      - The name or address of the IMAP server.
      - If not given, the value of the environment variable E(IMAP_HOST) is used.
    type: str
  port:
    description:
      - The port of the IMAP server. If not given, it is 993 with O(encryption=tls), and 143 otherwise.
    type: int
  encryption:
    description:
      - How the connection is encrypted. V(tls) is TLS from the first byte.
      - V(starttls) begins in clear, and goes on in TLS before anybody logs in. Where the server does not offer it, the
        task fails and nobody logs in.
      - With V(none) the password goes over the net for everyone to read.
    type: str
    choices: [tls, starttls, none]
    default: tls
  username:
    description:
      - Whose mailbox it is.
      - If not given, the value of the environment variable E(IMAP_USERNAME) is used.
    type: str
  password:
    description:
      - The password for the mailbox. Services that log people in over a web page often want one made for programs.
      - If not given, the value of the environment variable E(IMAP_PASSWORD) is used.
    type: str
  validate_certs:
    description:
      - Whether the server's TLS certificate is checked. Switch this off only for a server on your own desk.
      - To trust an authority of your own, give O(ca_path) instead.
    type: bool
    default: true
  ca_path:
    description:
      - A file with the certificates of the authorities to trust, or a directory of them, on the host that runs the
        module. Without it, the authorities count that the system trusts.
    type: path
  timeout:
    description:
      - How many seconds each step with the server may take, for example to connect, to log in or to search.
    type: float
    default: 30
  wait:
    description:
      - How many seconds to wait for messages that are not there yet, from the login on. With V(0) it looks once.
      - In check mode it looks once, too, and a warning names the messages that are not there, since no task before this
        one has sent them.
      - The last look begins by then, and takes no longer than O(timeout).
    type: float
    default: 60
  interval:
    description:
      - How many seconds lie between two looks.
    type: float
    default: 2
  folders:
    description:
      - The folders in which messages belong.
    type: list
    elements: str
    default: [INBOX]
  spam_folders:
    description:
      - The folders in which a spam filter puts messages; an empty list for none.
      - If not given, these are the folders that the server itself marks as such, and those with a usual name at any
        level, for example C(Junk), C(INBOX.Spam), C(Junk-E-Mail) or C([Gmail]/Spam), also in other languages. Case,
        accents, and what stands between the words do not count.
    type: list
    elements: str
  since:
    description:
      - Only messages count that came into the mailbox at this time or later, as ISO 8601 writes it
        (V(2026-11-21T09:30:00+01:00)) or in seconds since 1970. Without an offset it is Universal Time.
      - It is compared with the clock of the IMAP server, which knows whole seconds. O(after) needs no clock.
    type: str
  after:
    description:
      - Only messages count that came into the mailbox after an earlier task with this module, whose RV(position) this
        is. So what is already there cannot be taken for what is sent next, however alike they are.
    type: list
    elements: dict
    default: []
    suboptions:
      folder:
        description:
          - The name of a folder.
        type: str
        required: true
      uidvalidity:
        description:
          - By which the server tells whether the numbers of messages are still the same.
        type: int
        required: true
      next_uid:
        description:
          - The number that the next message was going to get.
        type: int
        required: true
  messages:
    description:
      - The messages to look for, in the order in which they were sent. All that is given of one must be right, but of
        O(messages[].message_id) and O(messages[].queue_id) one is enough.
      - Each message in the mailbox is taken for one of them at most. Where one of them fits several, it is the newest
        one, and one outside the spam folders before all others.
      - Without O(since) and O(after), each needs O(messages[].from) or O(messages[].message_id), by which the server
        can find it.
      - With an empty list, the task logs in and returns the RV(position) for O(after).
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - What the result calls this message.
          - Where it is the name that shows as a message's sender, that message is taken for no other one. That tells
            senders apart that share an address.
        type: str
      from:
        description:
          - The address in the header C(From). A domain with letters that are not ASCII may be written in either way
            (C(bücher.example) or C(xn--bcher-kva.example)), and is found in either way.
        type: str
      to:
        description:
          - The address that the message went to, as it stands in C(To), C(Cc), or where servers note it
            (C(Delivered-To), C(X-Original-To), C(Envelope-To)).
        type: str
      subject:
        description:
          - A part of the subject, in any case of letters. Spam filters like to put a word in front of it.
        type: str
      message_id:
        description:
          - The C(Message-ID), with or without angle brackets. Webitel tells it as
            RV(mailfleet.email.email_settings_test#module:answer.messageId).
        type: str
      queue_id:
        description:
          - The number that a server on the way gave the message, as it stands in an answer such as C(250 2.0.0 Ok,
            queued as 4XyZ0a1b2c).
        type: str
  authserv_id:
    description:
      - The name under which the receiving server writes the header C(Authentication-Results).
      - If not given, only headers count that stand where no sender can put one, which is above the C(Received) header
        of the server that took the message from outside, under the name of this server or of a domain that it is in.
      - Give it where the result lists the name in RV(email_deliveries[].authserv_ids_ignored), for example since the
        server writes the header further down, or a content filter is in between. RFC 8601 obliges the server to
        remove headers with its name that come from elsewhere; if yours does not, a sender can forge the verdicts.
    type: str
  afterwards:
    description:
      - What to do with the messages that were found. V(keep) leaves everything as it is.
      - V(delete) removes these messages alone. With a server that cannot do that they are marked as deleted, and the
        task warns. A message that is marked as deleted already is left as it is.
    type: str
    choices: [keep, mark_seen, delete]
    default: keep
requirements:
  - requests >= 2.28
  - voluptuous >= 0.13
  - IMAPClient >= 3.0
notes:
  - The result holds no secret. Neither does what is printed of the task.
  - Headers from before the receiving server are the word of others, and a sender can put any C(Received) header into a
    message.
seealso:
  - module: mailfleet.email.email_account_test
  - module: mailfleet.email.email_settings_test
  - ref: ansible_collections.mailfleet.email.test_send_role
    description: Many test sends, with a look whether they arrive.
"""

EXAMPLES = r"""
- name: Note what is in the mailbox already
  mailfleet.email.email_delivery_info:
    host: imap.example.com
    username: postmaster@example.com
    password: "{{ imap_password }}"
    wait: 0
  register: before

- name: Wait up to two minutes for a message that was sent since then, and delete it
  mailfleet.email.email_delivery_info:
    host: imap.example.com
    port: 143
    encryption: starttls
    username: postmaster@example.com
    password: "{{ imap_password }}"
    wait: 120
    after: "{{ before.position }}"
    messages:
      - name: Certificates
        from: certs@example.com
        to: postmaster@example.com
    afterwards: delete
  register: look
  failed_when: >-
    look is failed or (not ansible_check_mode
    and look.email_deliveries | rejectattr('status', 'equalto', 'found') | length > 0)

- name: See what the receiving server thinks of a message
  mailfleet.email.email_delivery_info:
    host: imap.example.com
    username: postmaster@example.com
    password: "{{ imap_password }}"
    wait: 0
    authserv_id: mx.example.com
    messages:
      - message_id: 4f1d9c@pbx.example.com
"""

RETURN = r"""
changed:
  description:
    - Whether O(afterwards) marked or deleted a message, or would in check mode. A message that is marked as seen
      already does not count.
    - Always V(false) with O(afterwards=keep).
  returned: success
  type: bool
email_deliveries:
  description:
    - What became of each of the O(messages), in their order. What is not known is null.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The O(messages[].name).
      type: str
    status:
      description: Whether it is in one of the usual folders, in a spam folder, or in none of them.
      type: str
      choices: [found, found_in_spam, not_found]
    folder:
      description: The folder that it is in.
      type: str
    uid:
      description: Its number in the folder.
      type: int
    message_id:
      description: Its C(Message-ID), without angle brackets.
      type: str
    subject:
      description: Its subject, decoded.
      type: str
    arrived:
      description: When it came into the mailbox, by the clock of the IMAP server.
      type: str
    seconds:
      description: >-
        How many seconds it took from the first server that notes a time in a C(Received) header into the mailbox. The
        clocks of both count.
      type: int
    path:
      description: The servers that took it, the first one first, as their C(Received) headers tell it.
      type: list
      elements: dict
      contains:
        from:
          description: Who handed it over.
          type: str
        by:
          description: Who took it.
          type: str
        with:
          description: The protocol.
          type: str
        encrypted:
          description: Whether TLS was used; null where it did not come over the net, or this is not reported.
          type: bool
        tls_version:
          description: The version of TLS.
          type: str
        cipher:
          description: The cipher.
          type: str
        time:
          description: When that was.
          type: str
        delay:
          description: How many seconds later than at the server before. Less than 0 where clocks differ.
          type: int
    tls:
      description: Whether every server on the way took it over TLS, as far as they tell.
      type: bool
    authserv_id:
      description: The server whose verdicts follow; null where there are none to be believed.
      type: str
    authserv_ids_ignored:
      description: The names in C(Authentication-Results) headers that were not believed, see O(authserv_id).
      type: list
      elements: str
    spf:
      description: The receiving server's verdict on the server that it came from.
      type: dict
      contains: &verdict
        result:
          description: The verdict, for example V(pass), V(fail) or V(none).
          type: str
        reason:
          description: What the server says about it, empty where it says nothing.
          type: str
        domain:
          description: The domain that was judged.
          type: str
    dkim:
      description: The verdict on its signatures; one that is good counts before all others.
      type: dict
      contains: *verdict
    dmarc:
      description: The verdict on its sender.
      type: dict
      contains: *verdict
  sample:
    - name: Certificates
      status: found
      folder: INBOX
      uid: 4711
      message_id: 4f1d9c@appliance.example.com
      subject: Test message
      arrived: "2026-11-21T09:30:05+00:00"
      seconds: 3
      path:
        - from: appliance.example.com
          by: mx.example.com
          with: ESMTPS
          encrypted: true
          tls_version: TLSv1.3
          cipher: TLS_AES_256_GCM_SHA384
          time: "2026-11-21T09:30:02+00:00"
          delay: null
        - from: mx.example.com
          by: mailboxes.example.com
          with: LMTP
          encrypted: null
          tls_version: null
          cipher: null
          time: "2026-11-21T09:30:05+00:00"
          delay: 3
      tls: true
      authserv_id: mx.example.com
      authserv_ids_ignored: []
      spf: {result: pass, reason: "", domain: example.com}
      dkim: {result: pass, reason: "", domain: example.com}
      dmarc: {result: pass, reason: "", domain: example.com}
position:
  description: How far each folder has come, for O(after) of a later task.
  returned: success
  type: list
  elements: dict
  contains:
    folder:
      description: The name of the folder.
      type: str
    uidvalidity:
      description: By which the server tells whether the numbers of messages are still the same.
      type: int
    next_uid:
      description: The number that the next message is going to get.
      type: int
  sample:
    - {folder: INBOX, uidvalidity: 1763715600, next_uid: 4712}
failure:
  description: Why the task failed, as data. RV(ignore:msg) says the same in words.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - What kind of failure this is, by the server's codes (RFC 5530) and the words of known servers. RV(ignore:msg)
          has what to do about it.
        - V(input), what the task asks for cannot be done.
        - V(connection), there was no answer, or no connection on which to log in.
        - V(another_protocol), something else than IMAP speaks there, for example POP3 or SMTP.
        - V(closed_by_server), the server ended the connection for a reason that is not known.
        - V(encryption_required), the server takes a password over an encrypted connection only.
        - V(credentials), the server says that the name or the password is wrong or has expired.
        - V(application_password_wanted), the server wants a password that is made for programs.
        - V(browser_wanted), the service wants somebody to log in with a browser first.
        - V(login_switched_off), no password helps, since IMAP or logins with a password are switched off, or the server
          takes tokens alone (OAuth).
        - V(login_not_offered), the server offers no login, although the connection is encrypted.
        - V(mechanism_not_offered), the server offers no mechanism that this name or password can be sent with.
        - V(login_refused), the server refuses the login and does not say why.
        - V(account_blocked), the account is locked, or its administrator has to be asked.
        - V(client_refused), the server refuses this host or this program.
        - V(too_many_logins), V(too_many_connections), V(too_many_commands), V(limit), there were too many of these, or
          another limit of the server was met.
        - V(unavailable), the server cannot do it now.
        - V(in_use), another program has the mailbox open and lets nobody else in.
        - V(mailbox_missing), the login is right, and there is no mailbox for it.
        - V(read_only), O(afterwards) cannot be done, since the folder can only be read.
        - V(permission), the user has no right to do this.
        - V(over_quota), the mailbox is full.
        - V(mailbox), the server refuses anything else.
        - V(defect), a fault of this collection.
      returned: always
      type: str
      choices:
        - input
        - connection
        - another_protocol
        - closed_by_server
        - encryption_required
        - credentials
        - application_password_wanted
        - browser_wanted
        - login_switched_off
        - login_not_offered
        - mechanism_not_offered
        - login_refused
        - account_blocked
        - client_refused
        - too_many_logins
        - too_many_connections
        - too_many_commands
        - limit
        - unavailable
        - in_use
        - mailbox_missing
        - read_only
        - permission
        - over_quota
        - mailbox
        - defect
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
    server:
      description: The server with its port and encryption.
      returned: when the server was asked
      type: str
    step:
      description: What could not be done, for example V(log in).
      returned: when the server was asked
      type: str
"""

from ansible_collections.mailfleet.email.plugins.module_utils._delivery.spec import EMAIL_DELIVERY_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._entry import run_module


def main() -> None:
    """Run the module."""
    run_module(EMAIL_DELIVERY_INFO)


if __name__ == "__main__":
    main()
