"""Where an export of a command goes: to a file that is there only when it is whole, or
to standard output.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from ipamweb.access import audit
from ipamweb.exports import making, parquet, stream
from ipamweb.exports.wishes import Wish
from ipamweb.mirror.scope import EVERYTHING


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
