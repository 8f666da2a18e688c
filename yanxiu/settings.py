"""Django's settings, made from the archive's home and its configuration (`yanxiu.config`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from yanxiu import config as configuration

HOME = Path(os.environ.get("YANXIU_HOME", "yanxiu-home")).absolute()
CONFIG = configuration.load(HOME)
ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "templates" / "pages"


def _secret() -> str:
    """The signing key of sessions; made with the archive (`yanxiu.setup`), local to it."""
    try:
        return (HOME / "secret.key").read_text("ascii").strip()
    except OSError:
        return "not-yet-initialised-" + os.urandom(32).hex()


def _database(url: str) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "catalogue.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # FULL: a commit that returned survives a power cut also in WAL mode.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


SECRET_KEY = _secret()
DEBUG = False
#: Addresses of a TLS proxy on this machine. `serve_pages` believes its forwarded headers then.
CSRF_TRUSTED_ORIGINS = list(CONFIG.web.origins)
ALLOWED_HOSTS = [*CONFIG.web.hosts, *(urlsplit(o).hostname or "" for o in CONFIG.web.origins)]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "archive.apps.ArchiveConfig",
    "web.apps.WebConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "web.access.DefaultDeny",
]
ROOT_URLCONF = "web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PAGES],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "web.pages.environment"},
    },
]
DATABASES = {"default": _database(CONFIG.database.url)}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = CONFIG.county.timezone
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(CONFIG.web.origins)
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"expected": {"()": "yanxiu.logs.Expected"}},
    "handlers": {
        "err": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["expected"]}
    },
    "root": {"handlers": ["err"], "level": "WARNING"},
}
