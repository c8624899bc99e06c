"""A small provider of sign-ins (OpenID Connect) on 127.0.0.1, for tests: discovery,
keys, authorize, token. It holds clients to the protocol, and can be made to lie.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "ipamweb"
CLIENT_SECRET = "canary-oidc-4b1d-never-shown"
KEY_ID = "2026-11"


@cache
def rsa_key(number: int = 0) -> rsa.RSAPrivateKey:
    """Return the key of a number, made once: making one takes long."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class OidcServer:
    """`claims` are laid over the id token's; None takes one away. The lies:

    `sign` makes the token in another way, `discovery` is laid over the document,
    `token_status` answers so at the token endpoint, `redirect_token` leads from it, and
    `token_answer` is said there instead, by `token_type`. Where `stalls`, half of an
    answer comes, and the rest when the server ends.
    """

    def __init__(self) -> None:
        self.key = rsa_key()
        self.claims: dict[str, Any] = {"preferred_username": "vera"}
        self.subject = "s-1"
        self.discovery: dict[str, Any] = {}
        self.token_status = 200
        self.redirect_token = ""
        self.token_answer: Any = None
        self.token_type = "application/json"
        self.stalls = False
        self.ended = threading.Event()
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.httpd.server_port}/realm"

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **self.discovery,
        }

    def jwks(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}

    def authorize(self, url: str) -> str:
        """Sign a person in who is led here; return where the browser goes then."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        assert min(len(asked[name]) for name in ("state", "nonce")) >= 16
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        query = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return f"{asked['redirect_uri']}?{query}"

    def tokens(self, form: dict[str, str]) -> dict[str, str] | None:
        """Exchange a code once, for who began with it, knows the secret and the
        verifier of its challenge; None for everybody else."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or form.get("client_secret") != CLIENT_SECRET
            or form.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return None
        return {"access_token": "a", "token_type": "Bearer", "id_token": self.sign(
            self.id_token_claims(asked["nonce"])
        )}  # fmt: skip

    def id_token_claims(self, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT_ID, "nonce": nonce,
            "iat": now, "exp": now + 300, **self.claims,
        }  # fmt: skip
        return {name: value for name, value in claims.items() if value is not None}

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": KEY_ID})

    def _handler(server) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                found = {
                    "/realm/.well-known/openid-configuration": server.document,
                    "/realm/keys": server.jwks,
                }.get(self.path)
                self.answer(found() if found else None, 200 if found else 404)

            def do_POST(self) -> None:
                server.asked.append(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: value for name, [value] in parse_qs(body).items()}
                if server.redirect_token:
                    self.send_response(307)
                    self.send_header("Location", server.redirect_token)
                    self.end_headers()
                    return
                if server.token_answer is not None:
                    self.answer(server.token_answer, 200)
                    return
                tokens = server.tokens(form) if server.token_status == 200 else None
                self.answer(
                    tokens or {"error": "invalid_grant"}, 200 if tokens else 400
                )

            def answer(self, found: Any, status: int) -> None:
                body = json.dumps(found).encode()
                self.send_response(status)
                if server.token_type:
                    self.send_header("Content-Type", server.token_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                half = len(body) // 2 if server.stalls else len(body)
                self.wfile.write(body[:half])
                if server.stalls:
                    server.ended.wait(20)
                with suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(body[half:])

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


@contextmanager
def running() -> Iterator[OidcServer]:
    server = OidcServer()
    thread = threading.Thread(target=server.httpd.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.httpd.shutdown()
        thread.join()
        server.httpd.server_close()
