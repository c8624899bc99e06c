"""What an error of the network or of TLS means, in a sentence a person can act on.

Not here: statuses (answers.py).
"""

import http.client
import ssl
import zlib

import urllib3.exceptions

from ipamweb.cluster.errors import (
    BadAnswer,
    ClusterError,
    Misconfigured,
    Unreachable,
)
from ipamweb.cluster.logins import Login
from ipamweb.cluster.wires import TooLate

TRANSPORT_ERRORS = (
    OSError,
    http.client.HTTPException,
    urllib3.exceptions.HTTPError,
    zlib.error,
)

# X509_V_ERR_HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH, _CERT_NOT_YET_VALID,
# _CERT_HAS_EXPIRED of OpenSSL's include/openssl/x509_vfy.h.
NAME_MISMATCH = {62, 64}
DATE_MISMATCH = {9, 10}


def explain(
    error: BaseException, *, cluster: str, action: str, login: Login
) -> ClusterError:
    """Return the ClusterError that says what happened, for `raise … from error`."""
    cause = _innermost(error)
    if isinstance(error, TooLate):
        return Unreachable(cluster, action=action, why=str(error))
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = _certificate_fault(cause, login)
        return Misconfigured(cluster, action=action, why=why)
    if _is_no_answer_of_http(cause):
        why = f"{_place(login)} answers something that is not HTTP"
        return BadAnswer(cluster, action=action, why=why)
    if isinstance(cause, zlib.error):
        why = "the answer is not the gzip data it claims to be"
        return BadAnswer(cluster, action=action, why=why)
    if isinstance(error, urllib3.exceptions.LocationParseError):
        why = f"{login.server.host!r} is no host name"
        return Misconfigured(cluster, action=action, why=why)
    return Unreachable(cluster, action=action, why=_network_fault(error, cause, login))


def _innermost(error: BaseException) -> BaseException:
    """Return what was raised first; urllib3 wraps the errors of sockets and of TLS."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _is_no_answer_of_http(cause: BaseException) -> bool:
    """A lost connection is a BadStatusLine too, for http.client; here it is none."""
    if isinstance(cause, http.client.RemoteDisconnected | http.client.IncompleteRead):
        return False
    return isinstance(cause, http.client.HTTPException)


def _place(login: Login) -> str:
    host = login.server.host
    return f"{f'[{host}]' if ':' in host else host}:{login.server.port}"


def _certificate_fault(error: ssl.SSLCertVerificationError, login: Login) -> str:
    name = login.server_name or login.server.host
    if error.verify_code in NAME_MISMATCH:
        return (
            f"the certificate of {_place(login)} is not for {name!r}: "
            "use a name that it holds, or set tls-server-name in the kubeconfig"
        )
    if error.verify_code in DATE_MISMATCH:
        return f"the certificate of {_place(login)}: {error.verify_message}"
    return (
        f"the certificate of {_place(login)} is not signed by {login.ca} "
        f"({error.verify_message}): give the CA of this cluster "
        "(certificate-authority in the kubeconfig, or --ca-file)"
    )


def _network_fault(error: BaseException, cause: BaseException, login: Login) -> str:
    # urllib3 derives its errors of connecting from each other: the narrow ones first.
    place = _place(login)
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return f"the name {login.server.host!r} cannot be resolved"
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return f"no connection to {place}: {_reason(cause)}"
    if isinstance(error, urllib3.exceptions.ConnectTimeoutError):
        return f"no connection to {place} in time"
    if isinstance(cause, TimeoutError):
        return f"{place} sent nothing for too long"
    if isinstance(cause, ssl.SSLError):
        return f"TLS with {place} failed: {cause.reason or cause}"
    if isinstance(cause, http.client.IncompleteRead):
        return f"{place} cut the answer"
    if isinstance(cause, http.client.RemoteDisconnected):
        return f"{place} closed the connection without an answer"
    return f"the connection to {place} broke: {_reason(cause)}"


def _reason(cause: BaseException) -> str:
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause) or type(cause).__name__
