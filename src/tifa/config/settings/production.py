"""A real installation behind a TLS proxy: refuses to start half configured."""

from gettext import gettext as _

from tifa.config import environment
from tifa.config.settings.base import *  # noqa: F403  # the settings of Django are a flat module by design
from tifa.config.settings.base import ALLOWED_HOSTS, DEBUG, SECRET_KEY

MODE = "production"
SHORTEST_SECRET = 50

if not SECRET_KEY:
    raise environment.SettingError(
        _("TIFA_SECRET_KEY is not set. Give a long random text, and keep it: sign-ins depend on it.")
    )
if len(SECRET_KEY) < SHORTEST_SECRET:
    raise environment.SettingError(
        _(
            "TIFA_SECRET_KEY has %(count)d characters, so it could be guessed; give at least %(least)d. "
            "This makes one: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
        % {"count": len(SECRET_KEY), "least": SHORTEST_SECRET}
    )
if DEBUG:
    raise environment.SettingError(
        _("TIFA_DEBUG is on. A production installation must not show its insides; unset it.")
    )
if not environment.words("TIFA_ALLOWED_HOSTS"):
    raise environment.SettingError(
        _("TIFA_ALLOWED_HOSTS is not set. Name the host of the site, such as tifa.example.go.id.")
    )
for host in ALLOWED_HOSTS:
    # A pattern would let a forged host name into links of mails; an address is a frequent slip.
    if host.startswith(".") or any(sign in host for sign in "*/"):
        raise environment.SettingError(
            _("TIFA_ALLOWED_HOSTS holds %(host)r. Name each host in full, such as tifa.example.go.id.")
            % {"host": host}
        )

SITE_URL = environment.site_url("TIFA_SITE_URL", f"https://{ALLOWED_HOSTS[0]}")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in environment.words("TIFA_ALLOWED_HOSTS")]
