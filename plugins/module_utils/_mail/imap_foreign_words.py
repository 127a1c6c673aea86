# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What IMAP servers say in other languages than English where they refuse something; `phrases` says how to read it."""

from __future__ import annotations

import typing as t

APPLICATION_PASSWORD: t.Final = r"""
    授权密码|独立密码|客户端专用密码
    аутентификаци\w+ с пароля\w* приложени
"""
LOGIN_SWITCHED_OFF: t.Final = r"""
    未开启\S{0,4}IMAP|IMAP\S{0,6}(?:未开启|未開啟|已关闭|未开通|被禁用|关闭)|IMAP… (?:отключ|выключ|не включ|запрещ)
    (?:acesso|protocolo|serviço) IMAP… (?:desabilitad|desativad|bloquead|não)
    (?:não|sem|sin|no tiene|senza|pas)… acc?(?:ess?o|eso|[eè]s)… IMAP|kein(?:en)? (?:IMAP|zugang… IMAP|zugriff… IMAP)
    dienst… nicht (?:freigeschaltet|aktiviert)
    IMAP… (?:deaktiviert|nicht (?:aktiviert|freigeschaltet|erlaubt)|désactivé|non activé|deshabilitad|desactivad)
    IMAP… (?:disabilitat|non abilitat|wyłączon|nieaktywn|uitgeschakeld|無効|kapalı)
"""
TOO_MANY_LOGINS: t.Final = r"""
    登录频率|登录过于频繁|слишком (?:много|часто)(?: \w+)? (?:попыт|вход)
"""
TOO_MANY_CONNECTIONS: t.Final = r"""
    слишком много (?:\w+ )?(?:подключ|соедин|сесси)
    zu viele (?:\w+ )?(?:verbindung|sitzung)|连接数(?:过多|超)|同时连接|接続数
    (?:muitas|máximo de|excesso de) (?:\w+ )?conex|(?:demasiadas|máximo de) (?:\w+ )?(?:conexiones|sesiones)
    (?:trop de|nombre (?:maximal|maximum) de) (?:\w+ )?(?:connexions|sessions)|troppe connessioni
    zbyt wiele połączeń|te veel verbindingen
"""
CLIENT: t.Final = r"""
    IP[^\n]{0,20}(?:黑名单|被拒|封|禁止)|异地登录
"""
ACCOUNT_BLOCKED: t.Final = r"""
    (?:帐号|账号|用户)\S{0,6}(?:锁定|冻结|封|停用|异常)
"""
UNAVAILABLE: t.Final = r"""
    服务器忙|系统繁忙|系统忙|временно|позже|しばらく
    vorübergehend|später|temporairement|temporalmente|temporariamente|temporaneamente|tijdelijk
"""
PERMISSION: t.Final = r"""
    zugriff verweigert|acc[eè]s refusé|accesso negato|acesso negado|acceso denegado
    доступ (?:запрещ|отказ)|拒绝访问|权限
"""
EXPIRED: t.Final = r"""
    passwort… abgelaufen|mot de passe… expiré|contraseña… (?:caducad|expirad|vencid)|senha… expirad
    password… scadut|пароль… (?:истек|истёк|устарел)|密码\S{0,6}过期
"""
NOT_SAID: t.Final = r"""
    (?:账号|帐号)异常、服务未开启  # QQ: whatever it is
"""
CREDENTIALS: t.Final = r"""
    (?:nutzer|kennwort|passwort|zugangsdaten|anmeldedaten)\w*… (?:falsch|ungültig|unbekannt|nicht korrekt|inkorrekt)
    (?:falsche[sr]?|ungültige[sr]?|unbekannter) (?:\w+ ){0,2}(?:benutzer|kennwort|passwort|zugangsdaten|anmeldedaten)
    (?:identifiants?|mot de passe|utilisateur|authentification)… (?:incorrect|invalide|erroné|inconnu|échoué|inexact)
    (?:échec|erreur) (?:de l.|d.|de )?(?:authentification|identification)|mauvais (?:mot de passe|identifiant)
    (?:usuario|contraseña|credenciales|clave|cuenta)… (?:incorrect|(?:no |in)v[aá]lid|erróne|no (?:existe|coincid))
    autenticación… (?:fallid|fallad)
    (?:fallo|error) (?:de |en la )autenticación
    (?:usuário|senha|credenciais|login|conta)… (?:incorret|inválid|errad|desconhecid|não (?:confere|existe|encontrad))
    autenticação… (?:falhou|falha)
    falha (?:de|na) autenticação
    (?:utente|password|credenziali|autenticazione)… (?:errat|non (?:valid|corrett|esist)|sconosciut|fallit)
    credenziali non valide|autenticazione fallita
    (?:gebruikersnaam|wachtwoord|inloggegevens)… (?:onjuist|ongeldig|verkeerd|onbekend|fout)
    (?:ongeldige?|onjuiste?|verkeerde?) (?:\w+ )?(?:wachtwoord|gebruiker|inloggegevens)
    (?:логин|пароль|пользовател|уч[её]тн\w+ (?:данн|запис)|данны)\w*… (?:невер|неправильн)
    (?:логин|пароль|пользовател|уч[её]тн\w+ (?:данн|запис))\w*… не (?:найден|существ|верн|подход)
    невер\w+ (?:\w+ ){0,3}(?:логин|парол|имя)|ошибка (?:авторизации|аутентификации|входа)
    невірн\w+ (?:логін|пароль)
    (?:hasło|login|użytkownik|dane logowania)\w*… (?:nieprawidłow|błędn|niepoprawn|nieznan)
    (?:nieprawidłow|błędn|niepoprawn|złe)\w* (?:\w+ ){0,3}(?:hasło|login|dane|nazwa)|uwierzytelni\w+ nie powiodł
    błąd (?:uwierzytelniania|autoryzacji|logowania)
    (?:heslo|uživatel|jméno|přihlaš|prihlas)\w*… (?:špatn|neplatn|nesprávn|chybn|neexist)
    (?:špatné|neplatné|nesprávn\w+|chybné) (?:\w+ ){0,3}(?:heslo|jméno|přihlaš|meno)
    (?:hibás|érvénytelen|rossz) (?:\w+ ){0,3}(?:jelsz|felhaszn)
    (?:şifre|parola|kullanıcı)\w*… (?:hatalı|yanlış|geçersiz)
    (?:hatalı|yanlış|geçersiz) (?:\w+ ){0,3}(?:şifre|parola|kullanıcı)
    (?:fel|felaktigt|ogiltigt) (?:\w+ ){0,3}(?:lösenord|användarnamn)
    (?:forkert|ugyldig\w*|feil) (?:\w+ ){0,3}(?:adgangskode|kodeord|brukernavn|brugernavn|passord)
    (?:väärä|virheellinen) (?:\w+ ){0,3}(?:salasana|käyttäjätunnus)
    (?:用户名|帐号|账号|帳號|密码|密碼|口令|帐户)\S{0,12}(?:错|誤|不正确|不正確|无效|無效|不存在|有误|不匹配)
    (?:认证|認證|验证)失败
    (?:パスワード|ユーザー?名?|アカウント|ログイン)\S{0,14}(?:正しくあ|間違|誤|無効|違い|一致し)
    認証(?:に失敗|エラー)
    (?:비밀번호|아이디|사용자|계정)\S{0,4}(?: \S{1,8})?(?: ?(?:틀|잘못|올바르지|일치하지|없))|인증(?:에)? ?실패
"""
