"""What an export of a command has, read by REST's own parameters, and where it goes: to
a file that is there only when it is whole, or to standard output.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode

from django.http import QueryDict

from ipamweb.access import audit
from ipamweb.access.models import User
from ipamweb.api import wishes
from ipamweb.api.errors import BadParameter
from ipamweb.exports import making, parquet, stream
from ipamweb.exports.wishes import Wish
from ipamweb.mirror.queries import clusters
from ipamweb.mirror.scope import EVERYTHING

# Arguments that are short for a filter.
SHORT = ("cluster", "at", "fields", "view")


def wish(options: Mapping[str, Any], *, now: datetime) -> Wish:
    """Return what the arguments of a command wish for: the same as the parameters of
    these names in REST. Raises ValueError with the sentence that REST refuses by."""
    if (options["view"] is None) != (options["user"] is None):
        raise ValueError("--view and --user go together: a view is a user's")
    user = None if options["user"] is None else _user(options["user"])
    what, every = options["what"], clusters.every(scope=EVERYTHING, now=now)
    try:
        given = wishes.with_view(what, _given(options), user=user)
        return wishes.read(what, options["format"], given, clusters=every, now=now)
    except BadParameter as error:
        raise ValueError(_sentence(error)) from error


def _given(options: Mapping[str, Any]) -> QueryDict:
    pairs = [(name, options[name]) for name in SHORT if options[name] is not None]
    pairs += [("raw", "1")] if options["raw"] else []
    for each in options["filter"]:
        name, is_there, value = each.partition("=")
        if not is_there:
            raise ValueError(f"--filter takes name=value, and {each!r} has no =")
        pairs.append((name, value))
    # A command line may hold bytes that are no UTF-8.
    return QueryDict(urlencode(pairs, errors="replace"))


def _user(name: str) -> User:
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise ValueError(f"there is no active user {name!r}")
    return user


def _sentence(error: BadParameter) -> str:
    """Return why a parameter is refused, with what is accepted: details of REST."""
    sentence, accepted = str(error.detail), error.details["accepted"]
    if not accepted or "Accepted:" in sentence:
        return sentence
    return f"{sentence} Accepted: {', '.join(accepted)}."


def export(wish: Wish, *, out: str, now: datetime) -> int:
    """Write an export and return its rows. Raises ValueError for a wrong wish, and
    where it cannot be written."""
    token = audit.request_origin.set("command export")
    try:
        with _target(out) as file:
            job, parts = stream.begin(wish, by=None, scope=EVERYTHING, now=now)
            with closing(parts):
                file.writelines(parts)
    except OSError as error:
        raise ValueError(f"cannot write {out or 'it'}: {error.strerror}") from error
    except (making.NoSuchCluster, parquet.NotInstalled) as error:
        raise ValueError(str(error)) from error
    finally:
        audit.request_origin.reset(token)
    return job.rows


@contextmanager
def _target(out: str) -> Iterator[BinaryIO]:
    """Yield what to write to; a file gets its name when all of it is there."""
    if not out:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    file = Path(out)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with unfinished.open("xb") as opened:
            yield opened
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
