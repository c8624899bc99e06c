"""An export from wish to bytes: read, encoded, counted and hashed on its way out.

Not here: who may (api, access), what is written down of it (records.py).
"""

import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from ipamweb.exports import columns, moment, parquet, sources
from ipamweb.exports.encode import Batch, Csv, Format, Json, JsonList, Ndjson
from ipamweb.exports.wishes import Wish
from ipamweb.mirror.queries import clusters as questions
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import Scope

# In memory of what is read at one moment; the rest goes to a temporary file.
SPOOLED = 4_000_000
Clusters = tuple[ClusterRow, ...]


class NoSuchCluster(LookupError):
    """A cluster that is not there."""


@dataclass
class Tally:
    """What went out so far: rows, bytes and their hash."""

    rows: int = 0
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def count(self, data: bytes, *, rows: int = 0) -> bytes:
        self.rows += rows
        self.size += len(data)
        self.digest.update(data)
        return data


@dataclass(frozen=True, slots=True)
class Read:
    """Where an export is read from: clusters as of when, and batches as bytes, each
    with its number of rows; `kept` is the file that holds them, where one does."""

    clusters: Clusters
    encoder: Format
    pieces: Iterator[tuple[bytes, int]]
    kept: IO[bytes] | None = None

    def close(self) -> None:
        if self.kept:
            self.kept.close()


def read(wish: Wish, *, scope: Scope, now: datetime) -> Read:
    """Return what a wish is read from. Raises NoSuchCluster.

    Lists that change in place are read here, whole; the others while they go out.
    """
    if wish.what in sources.AT_ONE_MOMENT:
        with moment.one_moment():
            reading = _begun(wish, scope=scope, now=now)
            kept, sizes = _spooled(reading.pieces)
        pieces = _again(kept, sizes)
        return Read(reading.clusters, reading.encoder, pieces, kept)
    return _begun(wish, scope=scope, now=now)


def _begun(wish: Wish, *, scope: Scope, now: datetime) -> Read:
    found = clusters_of(wish, scope=scope, now=now)
    encoder = encoder_of(wish)
    batches = sources.batches(wish, clusters=found, scope=scope, now=now)
    if wish.fields:
        batches = _narrowed(batches, wish)
    return Read(found, encoder, _encoded(batches, encoder))


def _narrowed(batches: Iterator[Batch], wish: Wish) -> Iterator[Batch]:
    """Yield the fields of a wish only."""
    places = columns.chosen(wish.what, wish.fields)
    for batch in batches:
        rows = batch.rows
        if rows is not None:
            rows = [{name: row[name] for name in wish.fields} for row in rows]
        yield Batch([batch.columns[place] for place in places], rows=rows)


def clusters_of(wish: Wish, *, scope: Scope, now: datetime) -> Clusters:
    """Return the clusters of a wish. Raises NoSuchCluster."""
    if wish.what == "audit":
        return ()
    if not wish.cluster:
        return questions.every(scope=scope, now=now)
    found = questions.one(wish.cluster, scope=scope, now=now)
    if found is None:
        raise NoSuchCluster(f"there is no cluster {wish.cluster!r}")
    return (found,)


def _encoded(batches: Iterator[Batch], encoder: Format) -> Iterator[tuple[bytes, int]]:
    for batch in batches:
        yield encoder.batch(batch), batch.count


def _spooled(
    pieces: Iterator[tuple[bytes, int]],
) -> tuple[IO[bytes], Sequence[tuple[int, int]]]:
    """Return a file of pieces that are read now, and how long each is, with its number
    of rows."""
    kept = tempfile.SpooledTemporaryFile(max_size=SPOOLED)  # noqa: SIM115
    sizes = [(kept.write(data), rows) for data, rows in pieces]
    kept.seek(0)
    return kept, sizes


def _again(
    kept: IO[bytes], sizes: Sequence[tuple[int, int]]
) -> Iterator[tuple[bytes, int]]:
    with kept:
        for size, rows in sizes:
            yield kept.read(size), rows


def encoder_of(wish: Wish) -> Format:
    """Return the format of a wish; a zip holds CSV."""
    every = columns.OF[wish.what]
    if wish.fields:
        every = [every[place] for place in columns.chosen(wish.what, wish.fields)]
    names = [column.name for column in every]
    if wish.format in ("csv", "zip"):
        return Csv(names, raw=wish.raw)
    if wish.format == "ndjson":
        return Ndjson(names)
    if wish.format == "json":
        return JsonList(names)
    return parquet.Parquet(every)


def content_type(wish: Wish) -> str:
    return "application/zip" if wish.format == "zip" else encoder_of(wish).content_type


def parts(reading: Read, tally: Tally, *, about: Json) -> Iterator[bytes]:
    """Yield an export but for its summary, counted on its way."""
    encoder = reading.encoder
    yield tally.count(encoder.head(about))
    for data, rows in reading.pieces:
        yield tally.count(data, rows=rows)
    yield tally.count(encoder.tail())


class _Sink(io.RawIOBase):
    """What an archive is written to: it keeps what nobody has taken yet."""

    def __init__(self) -> None:
        self._data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._data += data
        return len(data)

    def take(self) -> bytes:
        data = bytes(self._data)
        self._data.clear()
        return data


def zipped(
    found: Iterator[bytes], *, name: str, at: datetime, manifest: Callable[[], Json]
) -> Iterator[bytes]:
    """Yield an archive of what is found and, when that is whole, its manifest.

    An archive that breaks off has no directory: nothing opens it.
    """
    sink = _Sink()
    archive = ZipFile(sink, "w", ZIP_DEFLATED)
    with archive.open(_entry(name, at), "w", force_zip64=True) as member:
        for data in found:
            member.write(data)
            if done := sink.take():
                yield done
    facts = msgspec.json.format(msgspec.json.encode(manifest()), indent=2)
    archive.writestr(_entry("manifest.json", at), facts + b"\n")
    archive.close()
    yield sink.take()


def _entry(name: str, at: datetime) -> ZipInfo:
    entry = ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry
