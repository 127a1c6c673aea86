# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What folders for spam are called, by products and in languages, where the server does not mark one (RFC 6154).

Sources, named behind a line: E what Exchange and Outlook call it (`exchangelib`'s table, Microsoft's pages in that
language), G Gmail's label, R the translations of Roundcube and WildDuck, B the list of browserbox, imapflow and Gaia,
M those of Mailspring and FairEmail. Case, accents, spaces and signs do not count, so each name stands here once.
"""

from __future__ import annotations

import typing as t

NAMES: t.Final[dict[str, str]] = {
    "products": """
        Spam|Junk|Junk Mail|Junk Mails  # Dovecot, Zimbra, iCloud, cPanel, Plesk, Fastmail, Zoho, Yandex, QQ, GroupWise
        Junk Email|Junk Messages|Junk Folder|Junkbox|Spambox  # E, Kerio, MDaemon, SmarterMail, MailEnable, Apple
        Bulk|Bulk Mail|Bulk Email  # Yahoo, AOL
        Junk Emails|Spam Mails|Spam Emails
        Spam Mail|Spam Email|Spam Messages|Spam Folder|Spam Post|Spam Box|Unwanted|Unwanted Mail
        Probably Spam|Caught Spam|Suspected Spam|Possible Spam|Spams|Junk Mail Folder|Spam Quarantine
        Quarantine  # Amavis, MailScanner
    """,
    "ar": """
        البريد الإلكتروني غير الهام|بريد إلكتروني غير هام|البريد غير الهام  # E
        الرسائل غير المرغوب فيها|بريد غير مرغوب فيه|البريد غير المرغوب فيه|غير المرغوب  # G R
        البريد المزعج|بريد مزعج|رسائل مزعجة
        الرسائل العشوائية|البريد العشوائي|رسائل غير مرغوبة  # B
    """,
    "ast": "Puxarra|Correu puxarra  # R",
    "be": "Непажаданая пошта  # E",
    "bg": "Нежелана поща  # E",
    "bn": "আজেবাজে মেইল|স্প্যাম|জাঙ্ক ইমেল  # R E",
    "br": "Stroboù  # R",
    "bs": "Neželjena pošta|Bezvrijedna e-pošta  # E",
    "ca": "Correu brossa|Correu no desitjat  # G R E",
    "cs": "Nevyžádaná pošta|Nevyžádané|Nevyžádaná|Nechtěná pošta|Nežádoucí pošta  # E B",
    "cy": "Sothach|E-bost sothach  # R",
    "da": "Spam-mappe|Uønsket e-mail|Uønskede e-mails|Uønsket mail|Uønsket post|Uønsket  # E",
    "de": """
        Junk-E-Mail|Unerwünscht|Unerwünschte E-Mails|Unerwünschte Werbung  # E
        Unerwünschte Post|Junk-Mail-Ordner|Unerwuenscht|Unerwünschte Mails|Unerwünschte Nachrichten|Spamordner
        Spamverdacht  # GMX, WEB.DE, Freenet
        Quarantäne
    """,
    "el": """
        Ανεπιθύμητη αλληλογραφία|Ανεπιθύμητη Ηλεκτρονική Αλληλογραφία|Ανεπιθύμητα  # E G R
        Ανεπιθύμητα μηνύματα|Ανεπιθύμητο ταχυδρομείο
    """,
    "eo": "Spamujo|Trudmesaĝoj  # R",
    "es": """
        Correo no deseado|Correo electrónico no deseado|No deseado|Correos no deseados  # E B
        Correo basura|Basura electrónica|Cuarentena|Correo spam|No deseados|Mensajes no deseados|Mensaje no deseado
        Correo electrónico basura|Correos basura|Mensajes spam
    """,
    "et": "Rämpspost|Rämpskirjad|Spämm  # E R G",
    "eu": "Zabor-posta|Mezu baztergarriak|Posta-zaborra  # R",
    "fa": "هرزنامه|نامه های ناخواسته|بنجل|ایمیل ناخواسته  # B R E",
    "fi": "Roskaposti|Roskapostit|Roskapostikansio  # E G R",
    "fo": "Møsn  # R",
    "fr": """
        Courrier indésirable|Courriers indésirables|Courrier indésirables|Indésirables|Messages indésirables  # E
        Pourriel|Pourriels|Courrier électronique indésirable|Courriel indésirable|Polluriel  # B R; Gmail in Canada
        Quarantaine|Spams et indésirables  # Laposte, Orange (M)
        Indésirable|Message indésirable|Mail indésirable|Mails indésirables|E-mail indésirable|E-mails indésirables
        Courriels indésirables
    """,
    "ga": "Dramhaíl|Ríomhphost dramhaíola  # R",
    "gl": "Correo lixo|Correo non desexado|Correo electrónico non desexado  # R E",
    "gu": "જંક ઇમેઇલ|સ્પામ  # E G",
    "he": "דואר זבל|זבל|ספאם|דואר לא רצוי  # E G R",
    "hi": "स्पैम|जंक ईमेल|जंक ई-मेल  # G R E",
    "hr": "Neželjena pošta|Neželjena e-pošta|Neželjene poruke|Neželjeno|Bezvrijedna e-pošta|Bezvrijedna pošta  # E G",
    "hu": "Levélszemét|Kéretlen|Kéretlen levelek|Kéretlen levél  # E B R",
    "hy": "Թափոն|Սպամ  # R G",
    "ia": "Posta indesirate  # R",
    "id": "Email Sampah|Surat Sampah|Sampah  # E R",
    "is": "Ruslpóstur|Amapóstur  # R E G",
    "it": "Posta indesiderata|Indesiderata|Indesiderati|Messaggi indesiderati|Posta spazzatura|Quarantena  # E B M",
    "ja": """
        ジャンクメール|迷惑メール|迷惑メールフォルダ|迷惑メールフォルダー  # E G R
        スパム|スパムメール|スパムメールフォルダ
    """,
    "ka": "სპამი|უსარგებლო ფოსტა  # R G",
    "kk": "Қажетсіз пошта|Керексіз пошта  # E",
    "km": "សំបុត្រមិនល្អ|សារឥតបានការ  # R E",
    "kn": "ಜಂಕ್ ಇಮೇಲ್|ಸ್ಪ್ಯಾಮ್  # E G",
    "ko": """
        정크 메일|정크 이메일|스팸|스팸함  # E G R; Naver, Daum
        스팸 편지함|스팸 메일함|스팸메일|불필요한 메일
    """,
    "ku": "Biikêrnehatî  # R",
    "lt": """
        Šlamštas|El. pašto šlamštas|Brukalas  # E G R
        Nepageidaujami|Nepageidaujami laiškai|Nepageidaujamas el. paštas
    """,
    "lv": "Surogātpasts|Mēstules|Nevēlamais e-pasts|Nevēlams e-pasts|Nevēlamā pasta  # E G R",
    "mk": "Непожелана пошта|Ѓубре|Несакана пошта|Непосакувана пошта|Ѓубре-пошта  # R E",
    "ml": "ആവശ്യമില്ലാത്തവ|ജങ്ക് ഇമെയിൽ|സ്പാം  # R E",
    "mn": "Хог захидал  # E",
    "mr": "नको असलेले कचरा संदेश|जंक ईमेल|स्पॅम  # R E",
    "ms": "E-mel Remeh|Mel Remeh|E-mel Sarap|Mel Sarap  # E",
    "ne": "स्पाम  # R",
    "nl": """
        Ongewenste e-mail|Ongewenste mail|Ongewenst|Ongewenste berichten|Ongewenste reclame|Ongewenste post  # E
        Ongewenste e-mails|Ongewenste e-mailberichten
    """,
    "no": "Søppelpost|Useriøs e-post|Søppel-e-post|Søppel|Uønsket e-post|Uønsket søppelpost  # E G B R",
    "pl": """
        Wiadomości-śmieci|Wiadomości śmieci|Niechciane|Niechciane wiadomości  # E B M
        Niechciana poczta|Spamowanie|Kwarantanna
    """,
    "ps": "جنک  # R",
    "pt": """
        Lixo Eletrônico|Lixo Eletrónico|Lixo Electrónico|E-mail de Lixo|Correio Eletrônico Não Solicitado  # E
        Correio de Lixo|Correio Electrónico Não Solicitado|E-mail Não Solicitado|Indesejados|Indesejado
        E-mail de Lixo Eletrônico|Correio não solicitado
        Correio Indesejado|Mensagens de Spam|Caixa de Spam|Pasta de Spam  # UOL, BOL, Terra
        Mensagens Indesejadas|E-mails Indesejados|Quarentena
    """,
    "ro": """
        E-mail nedorit|Mesaje nedorite|Poștă nedorită|Poşta electronică nedorită|Nedorite  # E
        E-mailuri nedorite|Mesaje nesolicitate|Nesolicitate|Mesaje spam
    """,
    "ru": """
        Спам|Нежелательная почта|Нежелательные  # E G; Mail.ru, Yandex
        Нежелательные сообщения|Нежелательная корреспонденция
    """,
    "si": "සුන්බුන්|නිසරු තැපෑල  # R",
    "sk": "Nevyžiadaná pošta|Nevyžiadaný e-mail|Nevyžiadané e-maily|Nevyžiadané  # E B R",
    "sl": "Neželena e-pošta|Neželena pošta|Neželena sporočila|Vsiljena pošta|Neželeno  # E G R",
    "sq": "Të pavlerë|Postë e padëshiruar|Posta e padëshiruar|E-mail i padëshiruar  # R E",
    "sr": "Непожељно|Непожељна пошта|Нежељена пошта|Нежељена е-пошта|Отпад|Bezvredna e-pošta|Nepoželjno  # G E R",
    "sv": "Skräppost|Skräp|Skräpmeddelanden|Skräp-e-post|Oönskad e-post  # E G R",
    "ta": "எரிதம்|ஸ்பேம்|குப்பை மின்னஞ்சல்  # R G E",
    "te": "జంక్ ఇమెయిల్|స్పామ్  # E G",
    "th": "อีเมลขยะ|จดหมายขยะ|กล่องจดหมายขยะ|เมลขยะ|สแปม  # E G R B",
    "tr": """
        Gereksiz E-posta|Gereksiz|Önemsiz E-posta|Önemsiz|Gereksiz Posta  # E
        Önemsiz E-postalar|Spam Kutusu|Spam Klasörü|İstenmeyenler
        İstenmeyen|İstenmeyen e-posta|İstenmeyen postalar|İstenmeyen Posta  # B R
    """,
    "uk": "Спам|Спам-пошта|Небажана пошта|Небажані листи|Небажані  # E G",
    "ur": "جنک ای میل|سپام|ردی میل  # E G",
    "uz": "Keraksiz xat|Keraksiz pochta  # E",
    "vi": "Thư rác|Thư spam|Email rác|Thư điện tử rác|Hộp thư rác  # E G R",
    "zh": """
        垃圾邮件|垃圾郵件|垃圾電郵|垃圾邮件箱|垃圾信件|垃圾信件匣|垃圾郵件匣|广告邮件  # E G R B; 163, Sina
        垃圾电子邮件|垃圾電子郵件|垃圾邮件文件夹|垃圾邮件夹|廣告信|廣告信件|廣告信匣|廣告信件匣
    """,
}
"""For each language its names, with a bar between two of them; a remark stands behind two spaces and a #."""


def all_names() -> t.Iterator[str]:
    """All names, each as its product or its language writes it."""
    for lines in NAMES.values():
        for line in lines.splitlines():
            yield from filter(None, (name.strip() for name in line.partition("  #")[0].split("|")))
