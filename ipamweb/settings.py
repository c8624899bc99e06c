"""Django's settings, from the environment (env.py); the README's table explains each.

Two modes: `embedded` (one command, SQLite, its files in the data directory) and
`service` (PostgreSQL, Redis, https). What cannot work together is refused in checks.py.
"""

from pathlib import Path

from ipamweb import database_url, encryption_keys, secret_key, smtp_url
from ipamweb.cluster.readers.contract import NODE_POOL_LABELS
from ipamweb.env import (
    env_bool,
    env_choice,
    env_int,
    env_issuer,
    env_list,
    env_networks,
    env_secret,
    env_str,
)
from ipamweb.logs import logging_settings
from ipamweb.schedule import JOBS, QUEUES, beat_entries

BASE_DIR = Path(__file__).resolve().parent.parent

# --- mode and data -------------------------------------------------------------------
IPAMWEB_MODE = env_choice("IPAMWEB_MODE", "embedded", choices=("embedded", "service"))
IS_SERVICE = IPAMWEB_MODE == "service"
IPAMWEB_DATA_DIR = Path(env_str("IPAMWEB_DATA_DIR", str(BASE_DIR / "var"))).absolute()

DATABASE_URL = env_secret("DATABASE_URL")
DATABASES = {
    "default": database_url.parse(DATABASE_URL)
    if DATABASE_URL
    else database_url.sqlite(IPAMWEB_DATA_DIR / "ipamweb.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if database_url.is_sqlite(DATABASES["default"]):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(
        parents=True, exist_ok=True, mode=0o700
    )

# --- mirroring -----------------------------------------------------------------------
IPAMWEB_POLL_SECONDS = env_int("IPAMWEB_POLL_SECONDS", 5, minimum=1, maximum=3600)
IPAMWEB_AUDIT_SECONDS = env_int("IPAMWEB_AUDIT_SECONDS", 3600, minimum=60)
# Where Cilium keeps its configuration; which labels of a node name its pool.
IPAMWEB_CILIUM_NAMESPACE = env_str("IPAMWEB_CILIUM_NAMESPACE", "kube-system")
IPAMWEB_NODE_POOL_LABELS = env_list("IPAMWEB_NODE_POOL_LABELS", NODE_POOL_LABELS)
# Past allocations go after so many days, or when there are more rows; 0 rows: no limit.
IPAMWEB_RETENTION_DAYS = env_int(
    "IPAMWEB_RETENTION_DAYS", 400 if IS_SERVICE else 30, minimum=1
)
IPAMWEB_RETENTION_ROWS = env_int(
    "IPAMWEB_RETENTION_ROWS", 0 if IS_SERVICE else 5_000_000
)
# Samples of usage go after so many days; they are hours and days by then.
IPAMWEB_USAGE_DAYS = env_int("IPAMWEB_USAGE_DAYS", 400, minimum=1)

# --- what is sent ------------------------------------------------------------------
# Events and what became of their deliveries go after so many days: more than an event
# is tried for, so that none is forgotten while it waits.
IPAMWEB_EVENT_DAYS = env_int("IPAMWEB_EVENT_DAYS", 30, minimum=5)
# As others reach the site, for links in what is sent; without it nothing links here.
IPAMWEB_PUBLIC_URL = env_str("IPAMWEB_PUBLIC_URL").rstrip("/")
# Where webhooks may lead besides public addresses; there also without https.
IPAMWEB_WEBHOOK_NETWORKS = env_networks("IPAMWEB_WEBHOOK_NETWORKS")
IPAMWEB_SMTP_URL = env_secret("IPAMWEB_SMTP_URL")
if IPAMWEB_SMTP_URL:
    globals().update(smtp_url.parse(IPAMWEB_SMTP_URL))
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env_str("IPAMWEB_MAIL_FROM", "ipamweb@localhost")

# --- security ------------------------------------------------------------------------
DEBUG = False
IPAMWEB_SECRET_KEY = env_secret("IPAMWEB_SECRET_KEY")
SECRET_KEY = (
    secret_key.given(IPAMWEB_SECRET_KEY)
    if IPAMWEB_SECRET_KEY or IS_SERVICE
    else secret_key.kept_in(IPAMWEB_DATA_DIR)
)
# Encrypt the credentials of clusters that were pasted; the first key, all decrypt.
IPAMWEB_ENCRYPTION_KEYS = encryption_keys.parsed(env_secret("IPAMWEB_ENCRYPTION_KEYS"))
if not IPAMWEB_ENCRYPTION_KEYS and not IS_SERVICE:
    IPAMWEB_ENCRYPTION_KEYS = encryption_keys.kept_in(IPAMWEB_DATA_DIR)
# Where clusters that were pasted may be; empty: anywhere but on this machine, its link
# and at the metadata of clouds.
IPAMWEB_CLUSTER_NETWORKS = env_networks("IPAMWEB_CLUSTER_NETWORKS")
SECRET_KEY_FALLBACKS = env_list("IPAMWEB_SECRET_KEY_FALLBACKS")
# Loopback names are always accepted: health checks inside a container use them.
ALLOWED_HOSTS = [
    *env_list("IPAMWEB_ALLOWED_HOSTS"), "localhost", "127.0.0.1", "[::1]",
]  # fmt: skip
CSRF_TRUSTED_ORIGINS = env_list("IPAMWEB_TRUSTED_ORIGINS")
IPAMWEB_TRUSTED_PROXIES = env_networks("IPAMWEB_TRUSTED_PROXIES")
# Who may read /metrics without a token.
IPAMWEB_METRICS_NETWORKS = env_networks("IPAMWEB_METRICS_NETWORKS")
IPAMWEB_HTTPS = env_bool("IPAMWEB_HTTPS", IS_SERVICE)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IPAMWEB_HTTPS
SECURE_HSTS_SECONDS = (
    env_int("IPAMWEB_HSTS_SECONDS", 31_536_000) if IPAMWEB_HTTPS else 0
)
# What asks inside a cluster asks the pod, where no https is.
SECURE_REDIRECT_EXEMPT = [r"^healthz/", r"^metrics$"]
# Both are read only after web/proxies.py took them off requests of untrusted peers.
USE_X_FORWARDED_HOST = bool(IPAMWEB_TRUSTED_PROXIES)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 14 * 24 * 3600
# Whether other names under the domain speak https is not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- application ---------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    # Of allauth only the flow to a provider is used: no page, form or table of it.
    "allauth.account",
    "allauth.socialaccount",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "ipamweb.access",
    "ipamweb.mirror",
    "ipamweb.sync",
    "ipamweb.usage",
    "ipamweb.findings",
    "ipamweb.events",
    "ipamweb.exports",
    "ipamweb.web",
    "ipamweb.api",
    "ipamweb.commands",
]
MIDDLEWARE = [
    "ipamweb.web.proxies.middleware",
    "ipamweb.web.request_id.middleware",
    "ipamweb.web.origin.middleware",
    "ipamweb.web.content_policy.middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "ipamweb.urls"
WSGI_APPLICATION = "ipamweb.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ],
        },
    }
]
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en"

AUTH_USER_MODEL = "access.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
# --- sign-in by a provider (OpenID Connect): access/oidc_provider.py -----------------
IPAMWEB_OIDC_ISSUER = env_issuer("IPAMWEB_OIDC_ISSUER")
IPAMWEB_OIDC_CLIENT_ID = env_str("IPAMWEB_OIDC_CLIENT_ID")
IPAMWEB_OIDC_CLIENT_SECRET = env_secret("IPAMWEB_OIDC_CLIENT_SECRET")
IPAMWEB_OIDC_NAME = env_str("IPAMWEB_OIDC_NAME", "single sign-on")
IPAMWEB_OIDC_SCOPES = env_list("IPAMWEB_OIDC_SCOPES", ("openid", "profile"))
IPAMWEB_OIDC_NAME_CLAIM = env_str("IPAMWEB_OIDC_NAME_CLAIM", "preferred_username")
IPAMWEB_OIDC_GROUPS_CLAIM = env_str("IPAMWEB_OIDC_GROUPS_CLAIM", "groups")
IPAMWEB_OIDC_ADMIN_GROUPS = env_list("IPAMWEB_OIDC_ADMIN_GROUPS")
IPAMWEB_OIDC_AUDITOR_GROUPS = env_list("IPAMWEB_OIDC_AUDITOR_GROUPS")
# Groups are read at a sign-in: so often at least.
IPAMWEB_OIDC_SESSION_HOURS = env_int("IPAMWEB_OIDC_SESSION_HOURS", 12, minimum=1)
IPAMWEB_PASSWORDS = env_bool("IPAMWEB_PASSWORDS", True)
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "ipamweb.access.oidc_people.OfProvider",
]
SOCIALACCOUNT_ADAPTER = "ipamweb.access.oidc_wire.Wire"

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "fleet"
LOGOUT_REDIRECT_URL = "login"

# The site under a path of a host, as in "/ipam"; wsgi.py takes it off the request.
IPAMWEB_SUB_PATH = env_str("IPAMWEB_SUB_PATH").strip("/")
FORCE_SCRIPT_NAME = f"/{IPAMWEB_SUB_PATH}" if IPAMWEB_SUB_PATH else None
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = FORCE_SCRIPT_NAME or "/"

STATIC_URL = f"{FORCE_SCRIPT_NAME or ''}/static/"
STATIC_ROOT = Path(env_str("IPAMWEB_STATIC_ROOT", str(IPAMWEB_DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {"staticfiles": {"BACKEND": "ipamweb.static_files.ModuleStaticFilesStorage"}}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ipamweb.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "ipamweb.api.authentication.TokenMayWrite",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["ipamweb.api.bodies.JsonBody"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "ipamweb.api.errors.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ipamweb",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
}

# --- tasks: promises.md C3, each line held by tests/test_settings.py ------------------
REDIS_URL = env_secret("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
# A task is stopped long before its message is delivered again: none runs twice at once.
CELERY_VISIBILITY_TIMEOUT = 1800
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_VISIBILITY_TIMEOUT,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "retry_on_timeout": True,
    "unacked_restore_throttle": 1,
    "global_keyprefix": "ipam:",
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_VISIBILITY_TIMEOUT
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True  # every task is idempotent
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = QUEUES[0]
CELERY_TASK_ROUTES = {job.task: {"queue": job.queue} for job in JOBS}
CELERY_BEAT_SCHEDULE = beat_entries(poll_seconds=IPAMWEB_POLL_SECONDS)

# --- logs ----------------------------------------------------------------------------
LOGGING = logging_settings(
    level=env_choice(
        "IPAMWEB_LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR")
    ),
    file=env_str("IPAMWEB_LOG_FILE"),
)
