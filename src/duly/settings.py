"""Settings of one installation, all from the environment.

DULY_HOME           folder of the embedded installation; default: the platform's user data folder
DULY_DATABASE_URL   postgres://user@host:port/name; default: SQLite in DULY_HOME
DULY_ALLOWED_HOSTS  host names the web app answers to, comma-separated; default: this machine only
DULY_DEBUG          1 shows error details in the browser; never on a machine that others reach
DULY_HTTPS          1 where a proxy in front speaks HTTPS: cookies and redirects are hardened
DULY_PUBLIC_URL     where people outside reach the pages made for them; links in mails begin so
DULY_SMTP_URL       the mail server that messages are handed to: smtp://host:port, smtps://user:pass@host
DULY_IMAP_URL       the mailbox that is read: imaps://user@host/INBOX
DULY_IMAP_PASSWORD  its password, or DULY_IMAP_PASSWORD_FILE a file that holds it
DULY_SECRET_FILE    file with the signing key; default: made on first use in DULY_HOME
"""

import gc
import os
import secrets
from pathlib import Path

import dj_database_url
import platformdirs

# Imports and reports make plain tuples by the hundred thousand, of which no two point at each
# other: a search for cycles at every 700 of them, Python's default, takes a third of their time.
gc.set_threshold(50_000, 20, 100)

HOME = Path(os.environ.get("DULY_HOME") or platformdirs.user_data_dir("duly", appauthor=False))
DEBUG = os.environ.get("DULY_DEBUG") == "1"
HTTPS = os.environ.get("DULY_HTTPS") == "1"
PUBLIC_URL = os.environ.get("DULY_PUBLIC_URL", "").rstrip("/")


def _signing_key() -> str:
    """The key of this installation: made once, readable by its owner alone."""
    path = Path(os.environ.get("DULY_SECRET_FILE") or HOME / "secret")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50))
        try:
            os.link(made, path)  # the first of two processes wins; both then read the same key
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text().strip()


SECRET_KEY = _signing_key()
ALLOWED_HOSTS = [
    host
    for host in os.environ.get("DULY_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if host
]

INSTALLED_APPS = [
    "duly.interfaces.web",  # first: its templates stand before those of allauth
    "duly.interfaces.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_cotton",
    "lucide",
    "django_tasks_db",
    "duly.access",
    "duly.parties",
    "duly.ledger",
    "duly.receivables",
    "duly.disputes",
    "duly.cash_application",
    "duly.credit",
    "duly.collections",
    "duly.intake",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "duly.interfaces.web.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "duly.interfaces.web.middleware.PlainCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "duly.interfaces.web.middleware.Refusals",
]

ROOT_URLCONF = "duly.interfaces.web.urls"
WSGI_APPLICATION = "duly.interfaces.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.User"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["duly.interfaces.web.templatetags.show"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "duly.interfaces.web.context.shell",
            ],
        },
    }
]


def _database() -> dict[str, object]:
    url = os.environ.get("DULY_DATABASE_URL")
    if url:
        return {**dj_database_url.parse(url, conn_max_age=600), "CONN_HEALTH_CHECKS": True}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "duly.sqlite3",
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            # A transaction that reads and then writes must take the write lock at once, or it
            # fails with "database is locked" instead of waiting.
            "transaction_mode": "IMMEDIATE",
            "timeout": 60,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA mmap_size=268435456; PRAGMA cache_size=-131072; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


DATABASES = {"default": _database()}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "duly.interfaces.web.accounts.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Duly"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by an administrator, not proven by mail
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0  # whose word on the caller's address counts
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# An upload goes to disk, up to a limit of its own; those of a file by kind stand with the readers.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = None
FILE_UPLOAD_HANDLERS = ["duly.interfaces.web.receiving.LimitedUpload"]
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOADS = HOME / "uploads"

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "duly.interfaces.web.static_names.MarkedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 3600  # addresses change with the content

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"class": "duly.interfaces.web.logs.DiscreetFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "loggers": {
        "django": {"level": "WARNING"},  # without handlers of its own, which would mask nothing
        # Anybody can send a wrong host by the thousand; each would leave a trace.
        "django.security.DisallowedHost": {"level": "CRITICAL", "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
