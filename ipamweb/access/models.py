"""Users, teams, API tokens and how clusters are reached. No secret of a cluster is
here.
"""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from ipamweb.access.audit_entry import AuditEntry, AuditHead

__all__ = [
    "CHANGED", "REMOVED", "AuditEntry", "AuditHead", "ClusterConnection", "Identity",
    "Membership", "Ownership", "SavedView", "SignInAttempts", "Team", "Token", "User",
]  # fmt: skip


class User(AbstractUser):
    """A person who signs in. Admins are `is_superuser`; they and auditors see every
    name, others those of their teams' namespaces."""

    is_auditor = models.BooleanField(default=False)
    # Raised when the user is switched off: sessions of before never open again.
    session_epoch = models.IntegerField(default=0)
    # Set while a group of the provider gives the role: the one given by hand, which is
    # the user's again when the group is gone.
    role_by_hand = models.CharField(max_length=10, blank=True, default="")

    def get_session_auth_hash(self) -> str:
        return self._with_epoch(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for digest in super().get_session_auth_fallback_hash():
            yield self._with_epoch(digest)

    def _with_epoch(self, digest: str) -> str:
        return f"{digest}{self.session_epoch}" if self.session_epoch else digest


class Identity(models.Model):
    """Who a user is at a provider (OpenID Connect): by issuer and subject alone. Names
    and addresses of mail there may change hands; these two do not."""

    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="identity_of_issuer_and_subject"
            )
        ]


class Team(models.Model):
    """People who own namespaces together.

    `group`: who is in this group at the provider is in the team; "" none.
    """

    slug = models.SlugField(max_length=63, unique=True)
    name = models.CharField(max_length=100)
    group = models.CharField(max_length=200, blank=True, default="", db_index=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.slug


class Membership(models.Model):
    """A user in a team; `is_admin`: who manages the members of it. `from_group`: made
    at a sign-in from the team's group, and taken away when the group is gone."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    is_admin = models.BooleanField(default=False)
    from_group = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user"], name="membership_of_team_and_user"
            )
        ]


class Ownership(models.Model):
    """A rule by which a team owns namespaces: by a name, or by labels they all carry.

    `cluster` is a slug, "" every cluster. Namespaces that were gone before `since` are
    not meant: they were somebody else's.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="ownerships")
    cluster = models.CharField(max_length=63, blank=True, default="")
    namespace = models.CharField(max_length=63, blank=True, default="")
    labels = models.JSONField(blank=True, default=dict)
    since = models.DateTimeField(default=timezone.now)


class SavedView(models.Model):
    """A way to look at a table, by name. It says what is asked and never what is seen:
    whoever opens it sees their own scope.

    `query` are filters by name, as `tables` checked them. `names_owners`: what is typed
    in them names namespaces, pods or workloads. Shared with everybody, or with a team,
    or with nobody.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="views")
    table = models.CharField(max_length=32)
    name = models.CharField(max_length=63)
    query = models.JSONField(default=dict, blank=True)
    columns = models.JSONField(default=list, blank=True)
    sort = models.CharField(max_length=63, blank=True, default="")
    names_owners = models.BooleanField(default=False)
    everybody = models.BooleanField(default=False)
    # A team that is removed leaves the view with its owner.
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="views")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "table", "name"], name="view_of_owner_table_and_name"
            ),
            models.CheckConstraint(
                condition=models.Q(everybody=False) | models.Q(team=None),
                name="view_is_shared_in_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner.get_username()}/{self.name}"


class SignInAttempts(models.Model):
    """How often a sign-in failed of late, by a digest of who tried from where."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.IntegerField(default=0)
    wait_until = models.DateTimeField(null=True)
    last_at = models.DateTimeField(db_index=True)


class Token(models.Model):
    """An API token: `ipw_<key>.<secret>`; only the hash of the secret is kept. It
    reads; `may_write`: it also does what its user may do."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100, blank=True, default="")
    key = models.CharField(max_length=32, unique=True)
    secret_hash = models.CharField(max_length=128)
    may_write = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"ipw_{self.key}"


# Of ClusterConnection.asked; one that is to be removed is found by nobody any more.
CHANGED, REMOVED = "changed", "removed"


class ClusterConnection(models.Model):
    """How to reach a cluster: paths and addresses, and no secret that is not sealed.

    One of four: a kubeconfig path, in-cluster, URL + token file + CA file, or URL + CA
    + sealed credential (access/credentials.py). The mirror's Cluster has the same slug.
    """

    slug = models.SlugField(max_length=63, unique=True)
    kubeconfig = models.CharField(max_length=1000, blank=True, default="")
    context = models.CharField(max_length=253, blank=True, default="")
    in_cluster = models.BooleanField(default=False)
    api_url = models.CharField(max_length=1000, blank=True, default="")
    token_file = models.CharField(max_length=1000, blank=True, default="")
    ca_file = models.CharField(max_length=1000, blank=True, default="")
    ca_pem = models.TextField(blank=True, default="")
    tls_server_name = models.CharField(max_length=253, blank=True, default="")
    sealed = models.TextField(blank=True, default="")
    namespaces = models.JSONField(default=list, blank=True)
    paused = models.BooleanField(default=False)
    # What REST did, for sync to carry out: "changed", "removed"; "" nothing.
    asked = models.CharField(max_length=10, blank=True, default="")
    # Raised by every edit: a session that was opened under another one is opened anew.
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug
