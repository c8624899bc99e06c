"""The rows of findings, field by field: they describe the OpenAPI document."""

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateTimeField,
    IntegerField,
    Serializer,
)

from ipamweb.findings.candidates import SEVERITIES
from ipamweb.findings.filters import STATES


class FindingSubject(Serializer):
    kind = CharField(help_text="pod, node, pool, block, address or cluster.")
    name = CharField()
    uid = CharField(help_text="Of a pod.")


class FindingValue(Serializer):
    name = CharField()
    value = CharField()


class FindingSide(Serializer):
    what = CharField()
    name = CharField(help_text="Empty where hidden.")
    uid = CharField()
    namespace_uid = CharField()
    hidden = BooleanField(help_text="Not yours to see by name.")
    read_from = CharField(help_text="The object and field that say so.")
    since = DateTimeField(allow_null=True)
    values = FindingValue(many=True)


class FindingEvidence(Serializer):
    sides = FindingSide(many=True)
    looks = IntegerField(
        allow_null=True, help_text="So many looks saw it; null with `at`: not kept."
    )
    guard = CharField(help_text="Why a race is not taken for it.")
    command = CharField(help_text="Looks, and changes nothing.")


class Finding(Serializer):
    id = IntegerField()
    cluster = CharField()
    rule = CharField()
    kind = CharField(help_text="The rule in a word: `duplicate-pod-address`.")
    severity = CharField(help_text=" ".join(SEVERITIES))
    subject = FindingSubject()
    message = CharField()
    evidence = FindingEvidence()
    suggestion = CharField(help_text="What a person may do.")
    state = CharField(help_text=" ".join(STATES))
    first_seen = DateTimeField()
    last_seen = DateTimeField(
        allow_null=True, help_text="Null with `at`, while it lasted: not kept."
    )
    confirmed_at = DateTimeField(allow_null=True)
    resolved_at = DateTimeField(allow_null=True)
    acknowledged_until = DateTimeField(allow_null=True)
    acknowledged_reason = CharField()
    acknowledged_by = CharField()


class Acknowledgement(Serializer):
    """What POST takes: why the finding may rest, and until when."""

    reason = CharField(max_length=1000)
    until = DateTimeField(help_text="With a zone; in 366 days at most.")
