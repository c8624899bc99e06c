"""What can go wrong with a cluster; every error knows whether a retry makes sense.

The text of an error is one sentence that names the cluster and what was asked. It
never holds a secret: no header, no token, nothing of an answer but its message.
Not here: deciding when to ask again (sync/poll.py).
"""

from typing import ClassVar


class ClusterError(Exception):
    """Something asked of a cluster did not come. Nothing may be concluded from it.

    `action` is what was asked, as a verb and its object: "list pods". `retry_after` is
    the pause in seconds that the server asked for; None when it asked for none.
    """

    kind: ClassVar[str] = "bad-answer"
    retryable: ClassVar[bool] = True

    def __init__(
        self,
        cluster: str,
        *,
        action: str,
        why: str,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{cluster}: could not {action}: {why}")
        self.cluster = cluster
        self.action = action
        self.why = why
        self.retry_after = retry_after


class Unreachable(ClusterError):
    """No whole answer came: DNS, refused, TLS, a limit of time, a connection cut."""

    kind = "unreachable"


class Unauthorized(ClusterError):
    """401, also after the credential was read again."""

    kind = "unauthorized"
    retryable = False


class NotAllowed(ClusterError):
    """403. `verb` and `resource` name the missing right: "list", "pods"."""

    kind = "not-allowed"
    retryable = False

    def __init__(
        self, cluster: str, *, action: str, why: str, verb: str, resource: str
    ) -> None:
        super().__init__(cluster, action=action, why=why)
        self.verb = verb
        self.resource = resource


class NotInstalled(ClusterError):
    """404 of a kind: the API does not serve it; that is not "there are none"."""

    kind = "not-installed"
    retryable = False


class NotFound(ClusterError):
    """404 of one named object of a kind that the API serves."""

    kind = "not-found"
    retryable = False


class Expired(ClusterError):
    """The place to go on from is gone; only a complete list helps.

    `reason` is "gone" (410, in any of its forms), "rewound" (the cluster's versions
    went back), "unparsable" (a version that is no number) or "scope" (other namespaces
    are mirrored than the cursor was made for).
    """

    kind = "expired"

    def __init__(
        self, cluster: str, *, action: str, why: str, reason: str = "gone"
    ) -> None:
        super().__init__(cluster, action=action, why=why)
        self.reason = reason


class Throttled(ClusterError):
    """429: wait `retry_after` seconds, and do not list because of it."""

    kind = "throttled"


class BadAnswer(ClusterError):
    """An answer that is not what was asked for: 5xx, cut, no JSON, another kind."""

    kind = "bad-answer"


class IdentityMismatch(ClusterError):
    """Another cluster answers at this address than the one that was mirrored."""

    kind = "identity"
    retryable = False


class Misconfigured(ClusterError):
    """What we were given cannot work: kubeconfig, CA, token file."""

    kind = "misconfigured"
    retryable = False
