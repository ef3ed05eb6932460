"""Settings that every way of running Tifa shares; what a city sets comes from the environment."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tifa.config import environment

PACKAGE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = environment.data_dir()

SECRET_KEY = environment.text("TIFA_SECRET_KEY")
DEBUG = environment.flag("TIFA_DEBUG")
ALLOWED_HOSTS = environment.words("TIFA_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")

CITY_NAME = environment.text("TIFA_CITY_NAME", "Kota Jayapura")
SITE_URL = environment.site_url("TIFA_SITE_URL", f"http://127.0.0.1:{environment.port('TIFA_PORT', 8000)}")
REMIND_HOUR = environment.number("TIFA_REMIND_HOUR", 7, least=0, most=23)
STANDARD_REVIEW_MONTHS = environment.number("TIFA_STANDARD_REVIEW_MONTHS", 36, least=1, most=120)
MINISTRY_TIME_ZONE = "Asia/Jakarta"

INSTALLED_APPS = [
    "tifa.core",
    "tifa.organisation",
    "tifa.standards",
    "tifa.surveys",
    "tifa.registry",
    "tifa.dossiers",
    "tifa.evaluation",
    "tifa.chain",
    "tifa.exchange",
    "tifa.portal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tifa.core.language.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "tifa.config.urls"
WSGI_APPLICATION = "tifa.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["tifa.core.templatetags.tifa", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tifa.core.context.site",
                "tifa.portal.navigation.room_nav",
            ],
        },
    }
]

DATABASES = {"default": environment.database(environment.text("TIFA_DATABASE_URL"), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisation.Person"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:start"
LOGOUT_REDIRECT_URL = "portal:catalogue"
ACCOUNT_ADAPTER = "tifa.organisation.accounts.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_DISPLAY = "tifa.organisation.accounts.display_name"
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LANGUAGE_CODE = environment.choice("TIFA_LANGUAGE", "id", [code for code, _name in LANGUAGES])
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
TIME_ZONE = environment.time_zone("TIFA_TIME_ZONE", "Asia/Jayapura")
USE_TZ = True
# Days of the week on which the offices do not work, 1 is Monday; public holidays are data.
DAYS_OFF = environment.weekdays("TIFA_DAYS_OFF", "6,7")
USE_I18N = True
LANGUAGE_COOKIE_NAME = "tifa_language"
FORMAT_MODULE_PATH = ["tifa.config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
UPLOAD_FOLDER = DATA_DIR / "uploads"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
# A form larger than this is refused; files are not counted here, they have limits of their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The city's key, which signs published results; made on first use, readable by the service alone.
SIGNING_KEY = Path(environment.text("TIFA_SIGNING_KEY") or DATA_DIR / "signing-key.pem").expanduser()
UPLOAD_MAX_BYTES = environment.number("TIFA_UPLOAD_MAX_MB", 10, least=1, most=1000) * 1024 * 1024

EMAIL_HOST = environment.text("TIFA_SMTP_HOST")
EMAIL_PORT = environment.port("TIFA_SMTP_PORT", 587)
# A mail server that does not answer must not hold the outbox for ever.
EMAIL_TIMEOUT = 30
EMAIL_HOST_USER = environment.text("TIFA_SMTP_USER")
EMAIL_HOST_PASSWORD = environment.text("TIFA_SMTP_PASSWORD")
EMAIL_USE_TLS = environment.flag("TIFA_SMTP_TLS", default=True)
DEFAULT_FROM_EMAIL = environment.text("TIFA_MAIL_FROM", "tifa@localhost")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.console.EmailBackend"
)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_FAILURE_VIEW = "tifa.core.views.kept.csrf_failure"

SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
