"""Every setting of the platform; values come from HAT_* environment variables."""

from __future__ import annotations

import importlib.util
import ipaddress
import os
from pathlib import Path

from django.utils.functional import lazy

from hat.engine.sandbox.box.lockdown import LAYERS
from hat.error import UsageError
from hat.web.database import database
from hat.web.folder import data_folder, old_secret_keys, secret_key


def _flag(name: str, default: str = "") -> bool:
    return (os.environ.get(name) or default).strip().lower() in ("1", "true", "yes", "on")


def _words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _choice(name: str, known: tuple[str, ...]) -> str:
    word = os.environ.get(name, "").strip().lower() or known[0]
    if word not in known:
        raise UsageError(f"{name}: expected {' or '.join(known)}, got '{word}'")
    return word


def _number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal():
        raise UsageError(f"{name}: expected a whole number, got '{text}'")
    return int(text)


def _site(name: str) -> str:
    text = os.environ.get(name, "").strip().rstrip("/")
    if text and not text.startswith(("http://", "https://")):
        raise UsageError(f"{name}: expected an address such as https://hat.example.org, got '{text}'")
    return text


def _networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        return [ipaddress.ip_network(word) for word in _words(name)]
    except ValueError as problem:
        raise UsageError(f"{name}: {problem}", hint="addresses and networks, such as 10.0.0.0/8") from None


HAT_DATA = data_folder()
HAT_TRUSTED_PROXIES = _networks("HAT_TRUSTED_PROXIES")
HAT_TOKEN_RATE = _number("HAT_TOKEN_RATE", 3000)
HAT_HTTPS = _flag("HAT_HTTPS")
HAT_STORED_BODY = max(1, _number("HAT_STORED_BODY_MB", 1)) * 1024 * 1024
HAT_MAX_UPLOAD = _number("HAT_MAX_UPLOAD_MB", 64) * 1024 * 1024
# None: nobody has decided yet, so such targets are refused until an administrator does.
HAT_PRIVATE_TARGETS = _flag("HAT_PRIVATE_TARGETS") if _words("HAT_PRIVATE_TARGETS") else None
# For trials: layers around functions that are left out, as if the system did not have them.
HAT_SANDBOX_WITHOUT = _words("HAT_SANDBOX_WITHOUT")
if unknown := sorted(set(HAT_SANDBOX_WITHOUT) - set(LAYERS)):
    raise UsageError(f"HAT_SANDBOX_WITHOUT: unknown layer '{unknown[0]}'", hint=f"known: {', '.join(LAYERS)}")
HAT_BROKER_URL = os.environ.get("HAT_BROKER_URL", "").strip()
HAT_BROKER_QUEUE = os.environ.get("HAT_BROKER_QUEUE", "").strip() or "hat"
HAT_DELETED_DAYS = _number("HAT_DELETED_DAYS", 90)
HAT_AUDIT_DAYS = _number("HAT_AUDIT_DAYS", 1825)
HAT_SHARE_DAYS = _number("HAT_SHARE_DAYS", 90)
HAT_OIDC_ISSUER = os.environ.get("HAT_OIDC_ISSUER", "").strip()
HAT_OIDC_CLIENT_ID = os.environ.get("HAT_OIDC_CLIENT_ID", "").strip()
HAT_OIDC_CLIENT_SECRET = os.environ.get("HAT_OIDC_CLIENT_SECRET", "").strip()
HAT_OIDC_NAME = os.environ.get("HAT_OIDC_NAME", "").strip()
HAT_OIDC_SCOPES = os.environ.get("HAT_OIDC_SCOPES", "").strip() or "openid profile email"
HAT_OIDC_CREATE_USERS = _flag("HAT_OIDC_CREATE_USERS", "1")
HAT_OIDC_EMAIL_DOMAINS = _words("HAT_OIDC_EMAIL_DOMAINS")
HAT_LDAP_URL = os.environ.get("HAT_LDAP_URL", "").strip()
HAT_LDAP_STARTTLS = _flag("HAT_LDAP_STARTTLS", "1")
HAT_LDAP_CA_FILE = os.environ.get("HAT_LDAP_CA_FILE", "").strip()
HAT_LDAP_BIND_DN = os.environ.get("HAT_LDAP_BIND_DN", "").strip()
HAT_LDAP_BIND_PASSWORD = os.environ.get("HAT_LDAP_BIND_PASSWORD", "")
HAT_LDAP_BASE_DN = os.environ.get("HAT_LDAP_BASE_DN", "").strip()
HAT_LDAP_FILTER = os.environ.get("HAT_LDAP_FILTER", "").strip() or "(uid={username})"
HAT_LDAP_CREATE_USERS = _flag("HAT_LDAP_CREATE_USERS", "1")
if HAT_LDAP_URL and importlib.util.find_spec("ldap3") is None:
    raise UsageError("HAT_LDAP_URL: ldap3 is not installed", hint="pip install 'hat-platform[ldap]'")
HAT_SITE_URL = _site("HAT_SITE_URL")
HAT_SMTP_HOST = os.environ.get("HAT_SMTP_HOST", "").strip()
HAT_SMTP_SECURITY = _choice("HAT_SMTP_SECURITY", ("starttls", "tls", "none"))
HAT_SMTP_PORT = _number("HAT_SMTP_PORT", {"starttls": 587, "tls": 465, "none": 25}[HAT_SMTP_SECURITY])
HAT_SMTP_USER = os.environ.get("HAT_SMTP_USER", "").strip()
HAT_SMTP_PASSWORD = os.environ.get("HAT_SMTP_PASSWORD", "")
HAT_SMTP_FROM = os.environ.get("HAT_SMTP_FROM", "").strip() or HAT_SMTP_USER
HAT_LOG_FORMAT = _choice("HAT_LOG_FORMAT", ("text", "json"))
HAT_METRICS_TOKEN = os.environ.get("HAT_METRICS_TOKEN", "").strip()
DIST = Path(__file__).parent / "dist"

DEBUG = _flag("HAT_DEBUG")
SECRET_KEY = lazy(secret_key, str)()
SECRET_KEY_FALLBACKS = old_secret_keys()
ALLOWED_HOSTS = _words("HAT_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [f"https://{host.removeprefix('.')}" for host in ALLOWED_HOSTS if host != "*"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "ninja",
    "hat.web.audit",
    "hat.web.accounts",
    "hat.web.projects",
    "hat.web.runs",
    "hat.web.schedules",
    "hat.web.alerts",
]
MIDDLEWARE = [
    "hat.web.middleware.client_address",
    "hat.web.middleware.request_id",
    "hat.web.middleware.api_faults",
    "hat.web.middleware.security_headers",
    "hat.web.middleware.size_limit",
    "django.middleware.security.SecurityMiddleware",
    "hat.web.assets.Assets",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hat.web.audit.actor.actor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "hat.web.urls"
WSGI_APPLICATION = "hat.web.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

DATABASES = {"default": database(os.environ.get("HAT_DATABASE_URL", ""), folder=HAT_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    *(["hat.web.accounts.directory.DirectoryBackend"] if HAT_LDAP_URL else []),
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HAT_HTTPS
CSRF_FAILURE_VIEW = "hat.web.pages.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HAT_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HAT_HTTPS else 0
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other hosts of the domain are not ours to decide about
    "security.W008",  # the proxy that ends TLS redirects
    "security.W021",  # nor is the browsers' preload list
]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [DIST] if DIST.is_dir() else []
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Vite writes a hash of at least eight characters before the extension.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/app/assets/.+-[A-Za-z0-9_-]{8,}\.\w+$"

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 5000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "hat.web.log.Origin"}},
    "formatters": {
        "text": {
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] [run %(run_id)s] %(message)s"
        },
        "json": {"()": "hat.web.log.JsonLine"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": HAT_LOG_FORMAT, "filters": ["context"]}
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("HAT_LOG_LEVEL", "WARNING").upper()},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
