"""The question for the audit log; for who may not read it there is no such list."""

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from ipamweb.access import audit_entries, visibility
from ipamweb.access.audit_entries import EntryFilter
from ipamweb.api import parameters, serializers
from ipamweb.api.question import Asked, ListQuestion
from ipamweb.exports import rows
from ipamweb.mirror.queries.paging import Page

_SAME = ("actor", "act", "subject", "since", "until")


class Audit(ListQuestion):
    """What was done here, newest first: for auditors and admins."""

    serializer_class = serializers.AuditEntry
    row = staticmethod(rows.audit_entry)
    parameters = (
        parameters.text("actor", "Done by this user, by name."),
        parameters.text("act", "This act, or those below it: `cluster`."),
        parameters.text("subject", "A part of what it was done to."),
        parameters.instant("since", "Not before this time."),
        parameters.instant("until", "Before this time."),
    )

    def get(self, request: Request, **path: str) -> HttpResponseBase:
        if not visibility.sees_everything(self.request.user):
            raise NotFound
        return super().get(request, **path)

    def further_state(self, asked: Asked) -> object:
        return audit_entries.last_number()

    def page(self, asked: Asked) -> Page[Any]:
        wanted = EntryFilter(**{name: asked.values[name] for name in _SAME})
        return audit_entries.listed(wanted=wanted, window=asked.window)
