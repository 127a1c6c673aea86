#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_settings_check: the module's documentation; what it does stands in module_utils."""

from __future__ import annotations

DOCUMENTATION = r"""
module: email_settings_check
short_description: Check the SMTP settings of a Webitel domain before they are used
version_added: 1.0.0
description:
  - Looks at the SMTP server that a domain is to send through, and says what does not fit together.
  - The Webitel server is not asked. The host that runs the module looks up the names, connects, lists what the SMTP
    server offers, verifies its certificate, and tries the login. It never sends a message.
  - The options are those of M(mailfleet.email.email_settings), and mean what they mean to the Node library Nodemailer,
    which Webitel uses.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes.info
  - mailfleet.email.attributes.in_process
  - mailfleet.email.attributes.mail
  - mailfleet.email.smtp_check
options:
  domain:
    description:
      - The Webitel domain whose settings these are, for the messages of this task.
    type: str
  from:
    description:
      - The sender of the domain's mail, an address or C(Name <address>).
      - A name with a comma, a colon or another sign of that kind belongs in double quotes,
        C("Doe, John" <address>), since Nodemailer takes it apart otherwise. What stands before the @ is ASCII.
      - Without it, no sender's domain is looked up.
    type: str
  options:
    description:
      - How the SMTP server is reached.
    type: dict
    required: true
    suboptions:
      host:
        description:
          - The name or address of the SMTP server. It is needed.
        type: str
      port:
        description:
          - The port of the SMTP server.
        type: int
      secure:
        description:
          - Whether the connection is TLS from its first byte, as on port 465. If not, STARTTLS is used where the SMTP
            server offers it.
        type: bool
      debug:
        description:
          - Plays no part in a check.
        type: bool
      tls:
        description:
          - Details of TLS.
        type: dict
        suboptions:
          reject_unauthorized:
            description:
              - Whether a certificate that cannot be verified ends the connection. With V(false), what is wrong with the
                certificate is a warning, and the login is tried all the same.
              - Left out, it depends on the server's environment, and the vendor's own image verifies nothing. The check
                then looks as with V(true), and warns.
            type: bool
            aliases: [rejectUnauthorized]
      auth:
        description:
          - How to log in at the SMTP server.
        type: dict
        suboptions:
          user:
            description:
              - The user name.
            type: str
          pass:
            description:
              - The password.
            type: str
            aliases: [password]
      extra:
        description:
          - Other transport options, in the server's own spelling. The check heeds C(requireTLS), C(ignoreTLS),
            C(authMethod), C(name) and C(tls.servername).
          - With C(requireTLS) it asks for STARTTLS as Webitel does, also where the SMTP server does not offer it.
          - Where neither C(requireTLS) nor C(ignoreTLS) is set and the SMTP server offers no STARTTLS, Webitel would
            log in over a connection in clear. The check does not.
        type: dict

seealso:
  - module: mailfleet.email.email_settings
  - module: mailfleet.email.email_settings_test
"""

EXAMPLES = r"""
- name: Check the settings before the domain gets them
  mailfleet.email.email_settings_check:
    domain: my.example.com
    from: pbx@my.example.com
    options:
      host: smtp.example.com
      port: 465
      secure: true
      tls:
        reject_unauthorized: true
      auth:
        user: pbx@my.example.com
        pass: "{{ pbx_smtp_password }}"

- name: Let warnings fail the task too
  mailfleet.email.email_settings_check:
    options:
      host: smtp.example.com
      port: 587
      secure: false
      tls:
        reject_unauthorized: true
      extra:
        requireTLS: true
    fail_on: warning
"""

RETURN = r"""
findings:
  description:
    - What does not fit, errors first.
    - An error keeps mail from being sent like this. With a warning mail can be sent, but something is not as it should
      be. The rest is for information.
  returned: always, unless the input is wrong
  type: list
  elements: dict
  contains:
    code:
      description:
        - A stable name of what was found.
        - "On the way to the server: V(host_unknown), V(unreachable), V(address_unreachable), V(no_smtp),
          V(another_protocol), V(no_greeting), V(turned_away), V(broken_off), V(tls_from_first_byte), V(clear_at_first),
          V(starttls_not_offered), V(starttls_masked), V(starttls_refused), V(tls_failed), V(tls_too_old),
          V(not_encrypted), V(tls_not_required), V(unusual_port)."
        - "About the certificate: V(certificate_expired), V(certificate_not_yet_valid), V(certificate_expires_soon),
          V(certificate_other_name), V(certificate_self_signed), V(certificate_unknown_authority),
          V(certificate_too_weak), V(certificate_refused), V(verification_off)."
        - "About the login: V(login_not_offered), V(mechanism_not_offered), V(login_switched_off),
          V(login_prompt_unknown), V(login_refused), V(login_broken_off), V(digest_unavailable), V(login_not_tried)."
        - "About the sender's domain: V(sender_domain_unknown), V(mx_missing), V(mx_null), V(spf_missing),
          V(spf_several), V(spf_invalid), V(spf_dead_end), V(spf_too_many_lookups), V(spf_void_lookups), V(spf_for_all),
          V(spf_ignored_term), V(spf_open_end), V(spf_macro), V(spf_unanswered), V(dns_unanswered)."
        - "About the settings themselves: V(assumed), V(contradiction), V(read_otherwise),
          V(not_read_by_all)."
      type: str
    severity:
      description: How much it matters.
      type: str
      choices: [error, warning, info]
    evidence:
      description:
        - How the check knows it.
        - V(proved), it tried it with this server, and saw it happen.
        - V(read), somebody says so, such as the settings, the DNS, or what the server offers.
      type: str
      choices: [proved, read]
    field:
      description: The option that it is about.
      type: str
    message:
      description: What was found.
      type: str
    advice:
      description: What to do about it; may be empty.
      type: str
    cause:
      description: >-
        What the server's reply says of the cause, as in
        RV(mailfleet.email.email_settings_test#module:failure.smtp.cause). V(null) where the finding is not about a
        reply, or the reply is not recognised.
      type: str
    decided_by:
      description: What tells the cause. V(null) where the finding is not about a reply.
      type: str
      choices: [codes, words, nothing]
  sample:
    - code: tls_from_first_byte
      severity: error
      evidence: proved
      field: options.secure
      message: port 465 speaks TLS from the first byte, but options.secure is not true
      advice: set options.secure to true
      cause:
      decided_by:
report:
  description: What was seen, and the findings, in lines for people.
  returned: always, unless the input is wrong
  type: list
  elements: str
  sample:
    - smtp.example.com is 192.0.2.25
    - "port 465 says: 220 smtp.example.com ESMTP"
    - >-
      error (proved): port 465 speaks TLS from the first byte, but options.secure is not true:
      set options.secure to true
server:
  description: All that is known of the SMTP server. What could not be found out is V(null).
  returned: always, unless the input is wrong
  type: dict
  contains:
    host:
      description: The server that was looked at.
      type: str
    port:
      description: Its port.
      type: int
    addresses:
      description: Its addresses.
      type: list
      elements: str
    banner:
      description: Its first words.
      type: str
    before_tls:
      description: What it offers in clear.
      type: dict
      contains: &offer
        extensions:
          description: The lines of its answer to EHLO.
          type: list
          elements: str
        mechanisms:
          description: The mechanisms for a login.
          type: list
          elements: str
        size:
          description: How many bytes a message may have, where it says so.
          type: int
    after_tls:
      description: What it offers over TLS.
      type: dict
      contains: *offer
    tls:
      description: How the connection is encrypted.
      type: dict
      contains:
        from_first_byte:
          description: Whether it is so from the first byte, and not after STARTTLS.
          type: bool
        version:
          description: The version of TLS.
          type: str
        cipher:
          description: The cipher.
          type: str
    certificate:
      description: The certificate that it shows.
      type: dict
      contains:
        subject:
          description: Whom it is for, as RFC 4514 writes it.
          type: str
        issuer:
          description: Who signed it.
          type: str
        names:
          description: The names and addresses that it may be used for.
          type: list
          elements: str
        not_before:
          description: When it begins to be valid, as ISO 8601.
          type: str
        not_after:
          description: When it ends to be valid, as ISO 8601.
          type: str
        days_left:
          description: How many whole days that is from now; negative where it has expired.
          type: int
        self_signed:
          description: Whether it is its own authority.
          type: bool
        verified:
          description: Whether it is good, for this server and with the authorities of this host.
          type: bool
        problems:
          description: Why OpenSSL does not accept it, in its own words.
          type: list
          elements: str
        chain:
          description: The certificates that the server sends, its own first. With Python 3.9 its own alone.
          type: list
          elements: dict
          contains:
            subject:
              description: Whom it is for, as RFC 4514 writes it.
              type: str
            issuer:
              description: Who signed it.
              type: str
            not_before:
              description: When it begins to be valid, as ISO 8601.
              type: str
            not_after:
              description: When it ends to be valid, as ISO 8601.
              type: str
    login:
      description: How the login ended.
      type: dict
      contains:
        tried:
          description: Whether it was tried.
          type: bool
        accepted:
          description: Whether the server took it; V(null) where it was not tried.
          type: bool
        mechanism:
          description: The mechanism that was used.
          type: str
        code:
          description: The server's reply code.
          type: int
        enhanced_code:
          description: The enhanced status code (RFC 3463), empty where the server gives none.
          type: str
        reply:
          description: The rest of the server's reply.
          type: str
sender_domain:
  description: What the DNS says about the domain of O(from); V(null) where there is none.
  returned: always, unless the input is wrong
  type: dict
  contains:
    name:
      description: The domain.
      type: str
    exists:
      description: Whether the DNS knows it.
      type: bool
    mx:
      description: Its mail servers, the preferred one first; V(null) where the DNS did not tell.
      type: list
      elements: str
    spf:
      description: Its SPF records; V(null) where the DNS did not tell.
      type: list
      elements: str
failure:
  description: Why the task failed, as data. RV(ignore:msg) says the same in words.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - What kind of failure this is.
        - V(check), something was found that O(fail_on) names.
        - V(input), what the task asks for cannot be done.
        - V(defect), a fault of this collection.
      returned: always
      type: str
      choices: [check, input, defect]
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
"""

from ansible_collections.mailfleet.email.plugins.module_utils._entry import run_module
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.check_spec import EMAIL_SETTINGS_CHECK


def main() -> None:
    """Run the module."""
    run_module(EMAIL_SETTINGS_CHECK)


if __name__ == "__main__":
    main()
