"""Settings. Every value a deployer may set comes from the environment and has a heading in
docs/running.md; everything else is the same everywhere."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import CannotRun

PACKAGE = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def _needed(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise CannotRun(
            "settings.missing",
            f"The setting {name} is empty.",
            "Start with ./dev up, which makes one, or set it as docs/running.md describes.",
        )
    return value


def _by_code(name: str, default: str) -> list[tuple[str, str]]:
    """Pairs such as "330600=绍兴红会,*=浙江红会", or one text for everybody."""
    said = [each.strip() for each in os.environ.get(name, default).split(",") if each.strip()]
    pairs = (each.partition("=") for each in said)
    return [(code, text) if text else ("*", code) for code, _is, text in pairs]


# ── what a deployer sets ─────────────────────────────────────────────────────────────────────
SECRET_KEY = _needed("HONGHUI_SECRET")
SEALING_SECRETS = _needed("HONGHUI_SEALING_SECRETS").split(",")
ALLOWED_HOSTS = os.environ.get("HONGHUI_HOSTS", "127.0.0.1,localhost").split(",")
SECURE = _flag("HONGHUI_SECURE", False)
DATA_FOLDER = Path(os.environ.get("HONGHUI_DATA", ".data")).resolve()
REQUIRE_MFA = _flag("HONGHUI_REQUIRE_MFA", SECURE)
MAP_SHAPES_FILE = os.environ.get("HONGHUI_MAP_SHAPES", "")
MAP_SHAPES_SOURCE = os.environ.get("HONGHUI_MAP_SHAPES_SOURCE", "")
LOG_ORIGIN = os.environ.get("HONGHUI_LOG_ORIGIN", "localhost/log")
LOG_LOCATION = os.environ.get("HONGHUI_LOG", "") or str(DATA_FOLDER / "log")
LOG_HEADS = os.environ.get("HONGHUI_LOG_HEADS", "") or str(DATA_FOLDER / "log-heads")
LOG_WITNESSES = [one for one in os.environ.get("HONGHUI_WITNESSES", "").split(",") if one.strip()]
LOG_WITNESS_QUORUM = int(os.environ.get("HONGHUI_WITNESS_QUORUM", "0"))
SIDE_FILES = os.environ.get("HONGHUI_SIDE_FILES", "") or str(DATA_FOLDER / "side-files")
ADDRESS = os.environ.get("HONGHUI_ADDRESS", "http://localhost:8000").rstrip("/")
WECHAT_API = os.environ.get("HONGHUI_WECHAT_API", "")
WECHAT_MERCHANT = os.environ.get("HONGHUI_WECHAT_MERCHANT", "9901000001")
WECHAT_APP = os.environ.get("HONGHUI_WECHAT_APP", "wx9901000000000001")
WECHAT_KEYS = os.environ.get("HONGHUI_WECHAT_KEYS", "") or str(DATA_FOLDER / "secrets" / "wechat")
SMS_API = os.environ.get("HONGHUI_SMS_API", "")
SMS_KEY = os.environ.get("HONGHUI_SMS_KEY", "")
SMS_SECRET = os.environ.get("HONGHUI_SMS_SECRET", "")
SMS_CALLBACK_SECRET = os.environ.get("HONGHUI_SMS_CALLBACK_SECRET", "")
SMS_SIGNS = _by_code("HONGHUI_SMS_SIGNS", "红会")
SMS_PART_FEN = int(os.environ.get("HONGHUI_SMS_PART_FEN", "5"))
SMS_LIMITS = os.environ.get("HONGHUI_SMS_LIMITS", "1/60,5/3600,10/86400")
VOICE_API = os.environ.get("HONGHUI_VOICE_API", "")
VOICE_NUMBER = os.environ.get("HONGHUI_VOICE_NUMBER", "")
VOICE_TEMPLATES = _by_code("HONGHUI_VOICE_TEMPLATES", "")
VOICE_CALL_FEN = int(os.environ.get("HONGHUI_VOICE_CALL_FEN", "10"))
PUSH_CONTACT = os.environ.get("HONGHUI_PUSH_CONTACT", "")
PUSH_KEY = os.environ.get("HONGHUI_PUSH_KEY", "") or str(DATA_FOLDER / "secrets" / "push.pem")
PUSH_HOSTS = os.environ.get(
    "HONGHUI_PUSH_HOSTS",
    "fcm.googleapis.com,.push.services.mozilla.com,.notify.windows.com,.push.apple.com",
).split(",")
WECOM_API = os.environ.get("HONGHUI_WECOM_API", "https://qyapi.weixin.qq.com")
WECOM_CORP = os.environ.get("HONGHUI_WECOM_CORP", "")
WECOM_AGENT = os.environ.get("HONGHUI_WECOM_AGENT", "")
WECOM_SECRET = os.environ.get("HONGHUI_WECOM_SECRET", "")
DINGTALK_API = os.environ.get("HONGHUI_DINGTALK_API", "https://oapi.dingtalk.com")
DINGTALK_KEY = os.environ.get("HONGHUI_DINGTALK_KEY", "")
DINGTALK_AGENT = os.environ.get("HONGHUI_DINGTALK_AGENT", "")
DINGTALK_SECRET = os.environ.get("HONGHUI_DINGTALK_SECRET", "")
ATTACHMENTS = os.environ.get("HONGHUI_ATTACHMENTS", "") or str(DATA_FOLDER / "attachments")
ATTACHMENT_BYTES_MOST = int(os.environ.get("HONGHUI_ATTACHMENT_MB", "12")) * 1_000_000
RESCUE_FIRST_REPORT_HOURS = int(os.environ.get("HONGHUI_RESCUE_FIRST_REPORT_HOURS", "24"))
TRUSTED_PROXIES = int(os.environ.get("HONGHUI_PROXIES", "0"))
DATABASES = {"default": dj_database_url.parse(_needed("DATABASE_URL"), conn_health_checks=True)}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "pool": {"min_size": 1, "max_size": 12, "timeout": 10},
    # A forgotten transaction must not hold locks for ever; a lock must not be waited for all day.
    "options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
}

# ── the house ────────────────────────────────────────────────────────────────────────────────
DEBUG = False
ROOT_URLCONF = "honghui.site.urls"
WSGI_APPLICATION = "honghui.site.wsgi.application"
AUTH_USER_MODEL = "registry.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "honghui.kernel",
    "honghui.ui",
    "honghui.journal",
    "honghui.registry",
    "honghui.ledger",
    "honghui.documents",
    "honghui.payments",
    "honghui.messaging",
    "honghui.callouts",
    "honghui.sync",
    "honghui.funds",
    "honghui.rescue",
    "honghui.processes",
    "honghui.disclosure",
    "honghui.site",
    "honghui.worlds",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "honghui.disclosure.middleware.FilesForEverybody",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "honghui.registry.middleware.ActorMiddleware",
    "honghui.site.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "honghui.site.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "honghui.ui.templatetags.ui",
            ],
        },
    }
]

# ── languages: Chinese first, at the bare address; complete English under /en/ ────────────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# ── static files: hashed names, kept for a year; third-party ones are collected at set-up ────
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("HONGHUI_STATIC", PACKAGE.parent.parent / ".static"))
# The log's floor is no Django application; its browser module is served all the same.
STATICFILES_DIRS = [PACKAGE / "tlog" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# ── what the browser may do: our own files and nothing else ──────────────────────────────────
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "honghui.site.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# ── signing in ───────────────────────────────────────────────────────────────────────────────
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "honghui.registry.signing_in.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "honghui.registry.signing_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Honghui 红会"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_RECOVERY_CODE_COUNT = 10
# A code typed at the turn of the half minute, or by a telephone that is a little late, still opens.
MFA_TOTP_TOLERANCE = 1
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# Ten wrong passwords for one name from one address: a quarter of an hour.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# The key in the credentials that allauth hands on, not the name of the form's field.
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "honghui.site.errors.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXIES or None
# The library's own limits (second factors, re-authentication) are shared by all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
    }
}

# ── logging: no values of people, ever: codes and ids only ───────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("HONGHUI_LOG_LEVEL", "WARNING")},
    "loggers": {
        "axes": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}

SITE_NAME = _("Honghui")
