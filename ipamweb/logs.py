"""How log lines look: one line each, with the request's id, and nothing secret in them.

Names of pods, labels and errors of clusters come from outside: control characters,
which could rewrite a terminal or forge a line, are shown as escapes.
"""

import logging
import re
from contextvars import ContextVar
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="-")

LINE = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
# An API token of ours, the secret of a webhook, and whatever follows "Bearer".
SECRETS = re.compile(r"(ipw_\w+\.|whsec_|[Bb]earer\s+)[\w.~+/=-]+")
# C0 and C1 controls without newline and tab, and the marks that reorder text.
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class LineFormatter(logging.Formatter):
    """Formats in UTC; escapes what could mislead; leaves secrets out."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return cleaned(super().format(record))


class WithoutTraceback(logging.Filter):
    """For what others do wrong: the line says it all, our stack explains nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True


def cleaned(text: str) -> str:
    """Return `text` without secrets, control characters shown as escapes."""
    text = SECRETS.sub(r"\1***", text)
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def logging_settings(*, level: str, file: str) -> dict[str, Any]:
    """Return Django's LOGGING: to standard error, and to `file` where one is named.

    With a file, standard error gets warnings only: the file has the rest.
    """
    handlers: dict[str, dict[str, Any]] = {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "level": "WARNING" if file else level,
        }
    }
    if file:
        handlers["file"] = {
            "class": "logging.handlers.RotatingFileHandler",
            "formatter": "line",
            "filename": file,
            "maxBytes": 10_000_000,
            "backupCount": 3,
            "delay": True,
        }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "ipamweb.logs.LineFormatter", "format": LINE}},
        "filters": {"no-traceback": {"()": "ipamweb.logs.WithoutTraceback"}},
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": level},
        # Django's own console handlers would write a second line.
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # A line for each message of each poll.
            "celery": {"level": "WARNING"},
            "django.security.DisallowedHost": {"filters": ["no-traceback"]},
        },
    }
