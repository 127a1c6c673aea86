import asyncio, json, contextlib, socket, threading, pathlib
from tests.mail.nodemailer_process import *
from tests.sandbox.webitel_transport import mail_server
from tests.sandbox.smtp_send import send_test_message, SendError
from tests.mail.daemon import free_ports

def sandbox(m, certs):
    try:
        d = asyncio.run(send_test_message(mail_server(m.options), m.sender, m.to_email, certs.authority))
        return Outcome(info=d.as_nodemailer_info())
    except SendError as e:
        return Outcome(error=e.text)
    except Exception as e:
        return Outcome(error="CRASH "+repr(e))

@contextlib.contextmanager
def scripted(*lines, hang=True):
    """each element: text to send upon connect / after each received line"""
    s = socket.create_server(("127.0.0.1",0)); stop=[]
    def run():
        while True:
            try: c,_ = s.accept()
            except OSError: return
            threading.Thread(target=serve,args=(c,),daemon=True).start()
    def serve(c):
        f=c.makefile("rb")
        try:
            for i,l in enumerate(lines):
                if i: 
                    if not f.readline(): return
                c.sendall(l.replace("\n","\r\n").encode())
            if hang:
                while f.readline(): pass
            c.close()
        except OSError: pass
    threading.Thread(target=run,daemon=True).start()
    try: yield s.getsockname()[1]
    finally: s.close()

def test_probe(postfix, dovecot, sender, inbox, certificates):
    auth={"user":sender.address,"pass":sender.password}
    bad={"user":sender.address,"pass":"wr0ng"}
    P=postfix.port
    ms={}
    def add(title, sender_="certs@example.com", to="inbox@example.com", **o):
        o.setdefault("host","localhost")
        ms[title]=Message({k:v for k,v in o.items() if v!="DEL"}, sender_, to)
    T={"none":{"ignoreTLS":True},"starttls":{"requireTLS":True},"tls":{"secure":True}}
    for e in T:
        for m in (None,"PLAIN","LOGIN","CRAM-MD5"):
            x={"authMethod":m} if m else {}
            add(f"{e} {m} good", port=P(e), auth=auth, **T[e], **x)
            add(f"{e} {m} bad", port=P(e), auth=bad, **T[e], **x)
        for v in ("plain_only","cram_md5_only"):
            for m in (None,"PLAIN","LOGIN","CRAM-MD5"):
                x={"authMethod":m} if m else {}
                add(f"{e} {m} at {v}", port=P(e,variant=v), auth=auth, **T[e], **x)
        add(f"{e} no_login offered", port=P(e,variant="no_login"), auth=auth, **T[e])
        add(f"{e} login_required", port=P(e,variant="login_required"), **T[e])
        add(f"{e} tiny", port=P(e,variant="tiny"), auth=auth, **T[e])
        for c in ("expired","other_name","self_signed"):
            if e!="none":
                add(f"{e} {c}", port=P(e,c), auth=auth, **T[e])
                for v in (False,"false",0,None):
                    add(f"{e} {c} ru={v!r}", port=P(e,c), auth=auth, tls={"rejectUnauthorized":v}, **T[e])
        add(f"{e} ip", port=P(e), auth=auth, **{**T[e],"host":"127.0.0.1"})
    for a in (" plain ","cram-md5","NTLM","XOAUTH2",""):
        add(f"authMethod {a!r}", port=P("starttls"), auth=auth, authMethod=a)
    for p in ("none","starttls","tls"):
        for o in ({}, {"ignoreTLS":True},{"requireTLS":True},{"ignoreTLS":True,"requireTLS":True},{"secure":True},{"secure":"false"},{"secure":0},{"secure":1},{"secure":""},{"secure":True,"ignoreTLS":True},{"ignoreTLS":"no"},{"requireTLS":"no"}):
            add(f"{o} on {p}", "free@example.com", port=P(p), greetingTimeout=400, connectionTimeout=3000, **o)
    for a in ({}, {"user":"certs@example.com"}, {"pass":"x"}, {"user":"","pass":""}, None, "", {"user":"stranger@example.com","pass":"x"}, {"user":"certs@example.com","pass":None}, {"user":"certs@example.com","pass":12345}):
        for m in (None, "LOGIN","CRAM-MD5"):
            x={"authMethod":m} if m else {}
            add(f"auth {a!r} {m}", port=P("starttls"), auth=a, **x)
    add("name", port=P("starttls"), auth=auth, name="client.example.net")
    for port in (str(P("tls")), " %d"%P("tls"), "abc", 0, "0", -1, 70000, None, "DEL", P("tls")+0.0, "%d.5"%P("tls"), True, "", [P("tls")]):
        add(f"port {port!r} secure", "free@example.com", port=port, secure=True)
    for port in (str(P("none")), None, "DEL", 0, ""):
        add(f"port {port!r}", "free@example.com", port=port)
    for h in ("DEL", None, "", "mail.invalid", "LOCALHOST", 12):
        add(f"host {h!r}", "free@example.com", port=P("tls"), secure=True, host=h)
    add("down", port=1)
    for s in ("free@example.com","Free <free@example.com>","owner@example.com","", "nobody", "ü@example.com", "free@exämple.com","a b@example.com","<free@example.com>", "Free, Person <free@example.com>", '"Free, P" <free@example.com>'):
        add(f"from {s!r}", s, port=P("none"))
    for t in ("unknown@example.com","later@example.com","full@example.com","ü@example.com","inbox@exämple.com","a@b@example.com","inbox@example.com\r\nRCPT TO:<x@example.com>","in box@example.com","nobody","", "Inbox <inbox@example.com>", "inbox@example.com, certs@example.com", "x@elsewhere.example"):
        add(f"to {t!r}", "free@example.com", t, port=P("none"))
    add("url-ish unknown keys", port=P("tls"), secure=True, auth=auth, debug=True, whatever=1)
    add("not object"); ms["options string"]=Message("smtp://localhost:1"); del ms["not object"]
    with contextlib.ExitStack() as st:
        def script(title, *lines, hang=True, **o):
            port=st.enter_context(scripted(*lines, hang=hang)); add(title, "free@example.com", port=port, **o)
        silent=("",)
        for v in (300,"300"):
            script(f"silent greetingTimeout {v!r}", *silent, greetingTimeout=v)
            script(f"silent secure connectionTimeout {v!r}", *silent, connectionTimeout=v, secure=True)
            script(f"greets then silent socketTimeout {v!r}", "220 x\n", socketTimeout=v)
            script(f"after RCPT silent socketTimeout {v!r}", "220 x\n","250 x\n","250 ok\n", socketTimeout=v)
            script(f"starttls ok then silent {v!r}", "220 x\n","250-x\n250 STARTTLS\n","220 go\n", socketTimeout=v)
        script("greeting 554", "554 5.7.1 go away\n")
        script("greeting 421", "421 4.3.2 later\n")
        script("greeting garbage", "hello\n")
        script("greeting multi", "220-a\n220 b\n","250 x\n","250 ok\n","250 ok\n","354 go\n", hang=True, socketTimeout=600)
        script("ehlo 421", "220 x\n","421 busy\n")
        script("ehlo 502 helo ok", "220 x\n","502 no\n","250 x\n","250 ok\n","250 ok\n","451 4.3.0 no\n")
        script("ehlo 502 helo 502", "220 x\n","502 no\n","502 no\n")
        script("ehlo 502 requireTLS", "220 x\n","502 no\n","502 no\n", requireTLS=True)
        script("starttls 454", "220 x\n","250-x\n250 STARTTLS\n","454 4.7.0 TLS not available\n","250 x\n")
        script("data 451", "220 x\n","250 x\n","250 ok\n","250 ok\n","451 4.3.0 no\n")
        script("mail 452 multi", "220 x\n","250 x\n","452-4.3.1 a\n452 4.3.1 b\n")
        script("closes after ehlo", "220 x\n","250 x\n",hang=False)
        script("closes after mail", "220 x\n","250 x\n","250 ok\n",hang=False)
        script("mail 250 lower auth", "220 x\n","250-x\n250 AUTH=LOGIN\n","334 dXNlcm5hbWU6\n", auth=auth)
        script("auth login", "220 x\n","250-x\n250-AUTH LOGIN\n250 AUTH=LOGIN\n","334 VXNlcm5hbWU6\n","334 UGFzc3dvcmQ6\n","235 ok\n","250\n","550\n", auth=auth)
        script("cram bad challenge", "220 x\n","250-x\n250 AUTH CRAM-MD5\n","334 %%%\n","535 no\n", auth=auth)
        script("plain 334", "220 x\n","250-x\n250 AUTH PLAIN\n","334 \n","535 5.7.8 no\n", auth=auth)
        import time; t0=time.time(); real=send_all(list(ms.values()), certificates)
        print("real took", time.time()-t0, len(ms)); t0=time.time(); sb=[sandbox(m,certificates) for m in ms.values()]
    print("sandbox took", time.time()-t0)
    for (n,m),r,s in zip(ms.items(),real,sb):
        def show(o): 
            return ("SENT "+json.dumps({k:v for k,v in o.info.items() if k not in("response","messageId")})) if o.info else "ERR  "+repr(o.error)
        import re
        a,b=show(r),show(s)
        print("OK  " if a==b else "DIFF", n, "\n      real   ", a, *([] if a==b else ["\n      sandbox", b]))
