"""The audit log: who did what, with what it changed."""

from dataclasses import dataclass

from ipamweb.access.audit_entries import EntryFilter, EntryRow
from ipamweb.web.pages.lists import Pager
from ipamweb.web.shell import Shell


@dataclass(frozen=True, slots=True)
class AuditPage:
    """`since` and `until` as they were typed."""

    shell: Shell
    wanted: EntryFilter
    since: str
    until: str
    entries: tuple[EntryRow, ...]
    pager: Pager
