"""IAM Credentials and the token service before it: a machine without a key proves who it is, and has claims signed.

Sources: "Service account credentials API", method `projects.serviceAccounts.signJwt`; "Security Token Service API",
method `token`; the refusals are Google's.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sharesync.sandbox.errors import ApiError, OAuthError, Status, not_found
from sharesync.sandbox.wire import Json

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
STS = "/v1/token"
_PREFIX, _SUFFIX = "/v1/projects/-/serviceAccounts/", ":signJwt"


class Iam:
    """Who may have claims signed for the one service account. Tests turn what is public."""

    def __init__(
        self, client_email: str, private_key: Callable[[], str], key_id: Callable[[], str], rng: Random
    ) -> None:
        self.enabled = True
        """Whether the API is switched on in the project."""
        self.may_sign = True
        """Whether the machine has the role Service Account Token Creator on the account."""
        self.machine = "sandbox-machine"
        """What a machine shows to the token service."""
        self._client_email = client_email
        self._private_key = private_key
        self._key_id = key_id
        self._rng = rng
        self._tokens: set[str] = set()

    def configuration(self, url: str, file: Path) -> Json:
        """A credential configuration as `gcloud iam workload-identity-pools create-cred-config` writes it.

        `file` is where the machine keeps what it shows; this makes it.
        """
        file.write_text(self.machine, encoding="ascii")
        return {
            "type": "external_account",
            "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/sandbox/providers/here",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": f"{url}{STS}",
            "credential_source": {"file": str(file)},
        }

    def exchange(self, body: bytes) -> Json:
        """The answer of the token service. Raises OAuthError."""
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        if form.get("grant_type") != EXCHANGE or form.get("subject_token") != self.machine:
            raise OAuthError(400, "invalid_grant", "The given credential is rejected by the attribute condition.")
        token = "ya29.d." + base64.urlsafe_b64encode(self._rng.randbytes(30)).decode()
        self._tokens.add(token)
        kind = "urn:ietf:params:oauth:token-type:access_token"
        return {"access_token": token, "issued_token_type": kind, "token_type": "Bearer", "expires_in": 3599}

    def sign(self, path: str, authorization: str, body: bytes) -> Json:
        """The answer of signJwt. Raises ApiError."""
        if authorization.removeprefix("Bearer ") not in self._tokens:
            raise ApiError(Status.UNAUTHENTICATED, "Request had invalid authentication credentials.")
        if not self.enabled:
            told = "IAM Service Account Credentials API has not been used in project 1 before or it is disabled."
            info = {"reason": "SERVICE_DISABLED", "domain": "googleapis.com"}
            raise ApiError(
                Status.PERMISSION_DENIED, told, ({"@type": "type.googleapis.com/google.rpc.ErrorInfo", **info},)
            )
        if path != f"{_PREFIX}{self._client_email}{_SUFFIX}":
            raise not_found()
        if not self.may_sign:
            told = "Permission 'iam.serviceAccounts.signJwt' denied on resource (or it may not exist)."
            raise ApiError(Status.PERMISSION_DENIED, told)
        payload = json.loads(body)["payload"]
        head = _packed(json.dumps({"alg": "RS256", "kid": self._key_id(), "typ": "JWT"}).encode())
        signed = f"{head}.{_packed(payload.encode())}"
        key = serialization.load_pem_private_key(
            self._private_key().encode(), None, unsafe_skip_rsa_key_validation=True
        )
        assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101  # tells mypy what our own `_private_key` made
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return {"keyId": self._key_id(), "signedJwt": f"{signed}.{_packed(signature)}"}


def is_signing(path: str) -> bool:
    """Whether an address is that of signJwt."""
    return path.startswith(_PREFIX) and path.endswith(_SUFFIX)


def _packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
