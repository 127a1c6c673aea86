# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words of mail servers in other languages than English; `phrases` says how to read them."""

from __future__ import annotations

import typing as t

ENCRYPTION_REQUIRED: t.Final = r"""
    verschlüsselte? (?:verbindung|übertragung)
    connexion (?:chiffrée|sécurisée)
    conex(?:ão|ión) (?:segura|cifrada|criptografada)
    защищ[её]нн\w+ соединени
    (?:us(?:e|ar|ando|are)|utili(?:[sz]e[rz]?|zar|zzare))(?: \w+){0,3} (?:START)?TLS\b
    (?:emit[ae]|ejecute|verwenden|benutzen)(?: \w+){0,3} (?:START)?TLS\b
    (?:START)?TLS\b(?: \w+)? (?:requ[ei]|obr?ligat|necess|erforderlich|требуется|必)|STARTTLS\S{0,6}必
    加密连接|加密連線
"""
APPLICATION_PASSWORD: t.Final = r"""
    授权码|授權碼|ÊÚÈ¨Âë
    senha (?:de|para|específica (?:de|para)) ?(?:o )?(?:app|aplicativo|aplicaç)
    mot de passe d.application
    passwort… (?:für|fuer) (?:\S{1,20})?programme|e-?mail-passw[oö]rt  # T-Online
    app-?passwort|anwendungs(?:spezifisch|passwort)
    contraseña (?:de|para|específica de) (?:la )?aplicaci
    password (?:specifica )?per (?:le |l.)?app
    пароль (?:для )?(?:внешн\w+ )?приложени
    アプリ(?:用)?パスワード|专用密码
"""
LOGIN_SWITCHED_OFF: t.Final = r"""
    SMTP… (?:desa[bt]|desha|desac|deakt|désac|disab|disat|отключ)
    soddisf\w+ i criteri|paramètres de sécurité par défaut  # Microsoft 365
    (?:atende\w*|cumpl\w*)(?: \w+){0,2} (?:a?os|los) crit[ée]rios  # Microsoft 365, as the next two
    (?:critères|Kriterien|criteri)… (?:auth|aut[eê]n)
    (?:autentica|auth)\w+(?: de)? (?:b[áa]si\w+|base)… (?:desa|desh|désa|deak|disa)
    basisauth\w+… deaktiviert
    无权登|無權登
    未开启|未開啟|未开通
"""
TOO_MANY_LOGINS: t.Final = r"""
    muitas tentativas|zu viele (?:\w+ ){0,2}(?:anmelde|login)|trop de tentatives|demasiados intentos
    登录(?:次数|失败次数)过
"""
ACCOUNT_BLOCKED_AT_LOGIN: t.Final = r"""
    conta… (?:bloquead|suspens|desativad|inativ)
    (?:konto|account|postfach)… gesperrt
    compte… (?:bloqué|suspendu|désactivé)
    cuenta… (?:bloquead|suspendid|desactivad)
    (?:аккаунт|ящик|уч[её]тная запись)\w*…блокир
    (?:帐号|账号|帳號|账户|用户)\S{0,4}(?:锁定|冻结|封|停用|鎖定)
"""
LOGIN_REQUIRED: t.Final = r"""
    autentica\w+…(?:necess|requ?eri?d|obrigat|obligat|richiest|exigid)
    (?:necess[aá]ri[ao]|requer|requiere|exige|necesita|richiede|faça) (?:uma |a )?(?:autentica|login)
    authenti?fication (?:requise|néces)
    (?:vous|veuillez) (?:devez )?(?:vous )?authentifier|(?:debe|tiene que|necesita) (?:autenticarse|iniciar sesi)
    (?:deve|devi|precisa|è necessario) (?:se )?autenticar\w*
    (?:authentifizieren|melden) sie sich|aktivieren sie…auth
    (?:authentifizierung|authentisierung|anmeldung) (?:ist )?(?:erforderlich|notwendig|nötig|benötigt)
    (?:требуется|необходим\w?) (?:авториз|аутентиф)
    wymagan\w+ (?:jest )?(?:autoryz|uwierzyt|logow)|authenticatie (?:is )?(?:vereist|verplicht|nodig)
    kimlik doğrulama\w{0,3} gerek|인증이 필요
    需要\S{0,6}(?:验证|认证|認證|登录)|请先|請先|認証が必要
"""
SENDING_LIMIT: t.Final = r"""
    límite de (?:mensaj|corre)\w*… (?:exced|super|alcanz)|limite d[ei'] ?(?:mensage|message|messaggi|e-?mail)\w*
    limite (?:de envio|diári|horári|d.envoi|de env[ií]o)|cota de envio|excedeu o limite
    (?:sende|versand|mail)limit|límite de (?:env|correo|mensaje)|лимит|превышен
    superat\w (?:il |la )?(?:\w+ ){0,2}(?:limite|quota)|limite (?:massimo )?(?:di|degli) invi
    (?:制限|上限)(?:数|値)?(?:を超|に達)
    频率|超过\S{0,8}(?:限|次数)|发信(?:数量|次数)
"""
TOO_MANY_CONNECTIONS: t.Final = r"""
    trop de connexions|zu viele verbindungen|demasiadas conexiones|muitas conexões
"""
CLIENT: t.Final = r"""
    gesperrte (?:\w+ ){0,3}IP|sperrliste|lista nera|liste noire
    (?:IP-?adresse|adresse IP|indirizzo IP)… (?:gesperr|blo[ckq]|rifiut|refus)
    (?:direcci[oó]n IP|endereço IP|IP-адрес)… (?:bloq|rech|заблок)
    IP[^\n]{0,20}(?:黑名单|被拒|封|禁止)
"""
RELAYING: t.Final = r"""
    retransmiss(?:ão|ao)|reencaminhamento (?:negado|não)|relayage|relais (?:refusé|interdit|non)|retransmisión
    \brelay[^\n]{0,40}? (?:negad|verweigert|abgelehnt|nicht (?:erlaubt|gestattet)|refus|interdit|denegad|negat|rifiutat)
    \brelay[^\n]{0,40}? (?:não|no|non) (?:é |está |est )?(?:permi|consenti|autori)|acesso ao relay
    ретрансляци|пересылка запрещена|中继|中繼|转发被拒|中継
"""
MAILBOX_FULL: t.Final = r"""
    caixa… cheia|cota exced|bo[iî]te… pleine|postfach… voll|buzón… lleno
    casella… piena|переполнен|(?:邮箱|信箱)\S{0,6}满
"""
MAILBOX_DISABLED: t.Final = r"""
    compte… bloqu|conta… (?:desativad|bloquead|suspens)|(?:postfach|konto)… (?:gesperrt|deakt)
"""
RECIPIENT_UNKNOWN: t.Final = r"""
    <romance>… (?:inexistente|desconhecid|desconocid|não (?:existe|encontrad)|no existe|inconnu|sconosciut|inv[aá]lid)
    (?:empfänger|benutzer|postfach|adresse)… (?:unbekannt|nicht (?:gefunden|vorhanden|bekannt)|existiert nicht)
    нет такого (?:пользоват|адрес|ящик)|не зарегистрирован
    (?:пользовател|получател|ящик|адрес)\S{0,20}… не (?:найден|существует)|destin\. sconosciuto
    (?:用户|收件人|邮箱|用戶)\S{0,6}不存在|存在しません
"""
MESSAGE_TOO_LARGE: t.Final = r"""
    taille (?:limite )?du message
    mensagem (?:muito grande|excede)|nachricht… zu gro|trop volumineux|mensaje (?:demasiado|excede)
"""
SENDER_LOOSE: t.Final = r"""
    remetente|exp[ée]diteur|[ée]metteur|absender|remitente|mittente|отправител|发件人|发信人|寄件|差出人|送信者|nadawc
"""
RECIPIENT_LOOSE: t.Final = r"""
    destinatári|destinataire|empfänger|destinatario|получател|收件人|受信者|odbiorc
"""
