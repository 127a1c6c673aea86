import smtplib, ssl, imaplib, time


def test_it(postfix, dovecot, sender, inbox, certificates):
    ctx = ssl.create_default_context(cafile=str(certificates.authority))
    from tests.mail.postfix import LISTENERS

    def submit(port, enc, frm, to, login=True):
        c = (
            smtplib.SMTP_SSL("localhost", port, context=ctx, timeout=3)
            if enc == "tls"
            else smtplib.SMTP("localhost", port, timeout=3)
        )
        with c:
            if enc == "starttls":
                c.starttls(context=ctx)
            if login:
                c.login(sender.address, sender.password)
            c.sendmail(frm, to, f"From: {frm}\r\nTo: {to}\r\nSubject: x {enc}\r\n\r\nhello\r\n")

    for enc in ("none", "starttls", "tls"):
        try:
            submit(postfix.port(enc), enc, sender.address, inbox.address)
        except Exception:
            print(postfix.log)
            raise
    submit(postfix.receiving, "starttls", "a@elsewhere.example", "inbox@example.com", login=False)
    submit(postfix.receiving, "starttls", "a@elsewhere.example", "inbox+Junk@example.com", login=False)
    submit(postfix.receiving, "starttls", "a@elsewhere.example", "inbox+token@example.com", login=False)
    submit(postfix.port("none"), "none", "spammer@example.com", "other@example.com", login=False)
    submit(postfix.port("tls", variant="relaying"), "tls", sender.address, inbox.address)
    submit(postfix.port("tls", variant="relaying"), "tls", "forger@example.com", inbox.address, login=False)
    for kw in (
        {"to": "unknown@example.com"},
        {"frm": "owner@example.com"},
        {"to": "later@example.com"},
        {"to": "odd@example.com"},
    ):
        try:
            submit(postfix.port("tls"), "tls", **{"frm": sender.address, "to": inbox.address, **kw})
        except Exception as e:
            print(repr(e))
    try:
        submit(postfix.port("tls", variant="tiny"), "tls", sender.address, inbox.address)
    except Exception as e:
        print(repr(e))
    try:
        submit(postfix.port("tls", variant="login_required"), "tls", sender.address, inbox.address, login=False)
    except Exception as e:
        print(repr(e))
    time.sleep(1)
    with imaplib.IMAP4("localhost", dovecot.imap) as m:
        print(m.starttls(ctx))
        m.login(inbox.address, inbox.password)
        print(m.list())
        for b in ("INBOX", "Junk"):
            print(b, m.select(b, True))
            t, d = m.search(None, "ALL")
            for i in d[0].split():
                print(m.fetch(i, "(BODY.PEEK[HEADER])")[1][0][1].decode())
    m = imaplib.IMAP4("127.0.0.2", dovecot.imap)
    print(m.capabilities)
    m.shutdown()
    print(postfix.log[-3000:])
    print(dovecot.log[-1500:])
    import subprocess

    print(
        subprocess.run(
            "ps axo pid,ppid,pgid,sid,user,args | grep -E 'postfix|dovecot|smtpd'",
            shell=True,
            capture_output=True,
            text=True,
        ).stdout
    )
