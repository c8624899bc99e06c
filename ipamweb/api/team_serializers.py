"""The rows of teams, as the OpenAPI document describes them."""

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DictField,
    IntegerField,
    Serializer,
)

from ipamweb.api.serializers import moment


class Team(Serializer):
    slug = CharField()
    name = CharField()
    group = CharField(help_text="Who is in it at the provider is a member; or empty.")
    member_count = IntegerField()
    rule_count = IntegerField()
    created_at = moment()


class TeamMember(Serializer):
    username = CharField()
    role = CharField(help_text="viewer or team admin.")
    active = BooleanField(help_text="False: switched off.")
    from_group = BooleanField(help_text="By the group, as of the last sign-in.")


class TeamRule(Serializer):
    id = IntegerField()
    cluster = CharField(help_text="A slug; empty: every cluster.")
    namespace = CharField(help_text="Namespaces of this name; empty: by labels.")
    labels = DictField(help_text="Namespaces that carry all of them.")
    since = moment(help_text="Namespaces that were gone before are not meant.")


class TeamDetail(Team):
    members = TeamMember(many=True)
    rules = TeamRule(many=True, help_text="By which it owns namespaces.")
