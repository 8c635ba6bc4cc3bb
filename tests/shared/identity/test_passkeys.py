"""Passkeys at the platform's host: made, used alone, used as the second step, taken away; and what they refuse."""

import base64
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.serializers.json import DjangoJSONEncoder
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from shared.identity.models.accounts import Account
from shared.identity.queries import accounts as account_queries

PASSWORD = "correct-horse-9"
ADD, LIST, LOGIN = "/account/2fa/webauthn/add/", "/account/2fa/webauthn/", "/account/2fa/webauthn/login/"
HOME = "/operator/people/"
PRESENT, VERIFIED, WITH_CREDENTIAL = 0x01, 0x04, 0x40


def _plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftKey:
    """A person's device in software: one passkey, at the origin of the page that asks (WebAuthn 2, ES256)."""

    origin: str = "https://nuoxing.localhost:8000"
    rp_id: str = "nuoxing.localhost"
    verified: bool = True
    credential_id: bytes = field(default_factory=lambda: os.urandom(16))
    user_handle: bytes = b""
    count: int = 0

    def __post_init__(self) -> None:
        """Make the key pair."""
        self._key = ec.generate_private_key(ec.SECP256R1())

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _flags(self) -> int:
        return PRESENT | (VERIFIED if self.verified else 0)

    def make(self, options: dict[str, Any]) -> str:
        """Return, as JSON, what a device answers when a passkey is to be made."""
        creation = options["publicKey"]
        self.user_handle = _plain(creation["user"]["id"])
        data = AttestedCredentialData.create(
            Aaguid(b"\0" * 16), self.credential_id, ES256.from_cryptography_key(self._key.public_key())
        )
        rp_hash = hashlib.sha256(self.rp_id.encode()).digest()
        auth_data = AuthenticatorData.create(rp_hash, self._flags() | WITH_CREDENTIAL, self.count, bytes(data))
        response = {
            "clientDataJSON": websafe_encode(self._client_data("webauthn.create", creation["challenge"])),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", auth_data, {}))),
        }
        return self._answer(response, {"credProps": {"rk": True}})

    def use(self, options: dict[str, Any]) -> str:
        """Return, as JSON, what a device answers when its passkey is asked for."""
        self.count += 1
        client_data = self._client_data("webauthn.get", options["publicKey"]["challenge"])
        rp_hash = hashlib.sha256(self.rp_id.encode()).digest()
        auth_data = bytes(AuthenticatorData.create(rp_hash, self._flags(), self.count))
        signature = self._key.sign(auth_data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(auth_data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(self.user_handle),
        }
        return self._answer(response, {})

    def _answer(self, response: dict[str, str], extensions: dict[str, Any]) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": extensions,
                "authenticatorAttachment": "platform",
            }
        )


def _sign_in(client: Any, identifier: str = "13800000001") -> Any:
    return client.post("/account/login/", {"login": identifier, "password": PASSWORD})


def _add(client: Any, key: SoftKey, name: str = "手机") -> Any:
    options = client.get(ADD).context["js_data"]["creation_options"]
    return client.post(ADD, {"name": name, "passwordless": "on", "credential": key.make(_json(options))})


def _json(options: Any) -> dict[str, Any]:

    return dict(json.loads(json.dumps(options, cls=DjangoJSONEncoder)))


def _options(client: Any) -> dict[str, Any]:
    return dict(client.get(LOGIN, HTTP_X_REQUESTED_WITH="XMLHttpRequest").json()["request_options"])


@pytest.fixture
def operator(make_account: Any) -> account_queries.AccountValue:
    """The operator, who has a password and no second factor yet."""
    account: account_queries.AccountValue = make_account("13800000001", roles=(("platform_operator", ""),))
    return account


@pytest.fixture
def key(operator: account_queries.AccountValue, visit: Any) -> SoftKey:
    """A passkey that the operator has added."""
    made, client = SoftKey(), visit()
    _sign_in(client)
    assert _add(client, made)["Location"] == "/account/2fa/recovery-codes/"
    return made


def test_the_first_passkey_makes_its_session_strong(operator: account_queries.AccountValue, visit: Any) -> None:
    client = visit()
    _sign_in(client)
    assert client.get(HOME).status_code == 302
    _add(client, SoftKey())
    assert client.get(HOME).status_code == 200
    assert account_queries.has_second_factor(operator.id)
    assert account_queries.has_passkey_only(operator.id)


def test_a_passkey_signs_in_by_itself_and_is_both_factors(key: SoftKey, visit: Any) -> None:
    client = visit()
    answer = client.post(LOGIN, {"credential": key.use(_options(client))})
    assert (answer.status_code, answer["Location"]) == (302, "/account/home/")
    assert client.get(HOME).status_code == 200


def test_what_a_device_signed_opens_once(key: SoftKey, visit: Any) -> None:
    client, again = visit(), visit()
    signed = key.use(_options(client))
    assert client.post(LOGIN, {"credential": signed})["Location"] == "/account/home/"
    _options(again)
    assert again.post(LOGIN, {"credential": signed})["Location"] == "/account/login/"
    assert again.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("origin", "https://nuoxing.example"),
        ("origin", "https://alpha.nuoxing.localhost:8000"),
        ("origin", ""),
        ("rp_id", "nuoxing.example"),
        ("verified", False),
    ],
)
def test_what_was_signed_elsewhere_or_without_its_owner_opens_nothing(
    key: SoftKey, visit: Any, changed: str, value: Any
) -> None:
    client = visit()
    options = _options(client)
    setattr(key, changed, value)
    assert client.post(LOGIN, {"credential": key.use(options)})["Location"] == "/account/login/"
    assert client.get("/account/").status_code == 302


def test_another_key_does_not_open_the_account(key: SoftKey, visit: Any) -> None:
    client = visit()
    stranger = SoftKey(user_handle=key.user_handle, credential_id=key.credential_id)
    assert client.post(LOGIN, {"credential": stranger.use(_options(client))})["Location"] == "/account/login/"
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("sent", ["", "null", "{}", "[]", '{"id": 1}', '{"id":"AA","rawId":"AA","type":"public-key"}'])
def test_what_is_no_answer_of_a_device_is_refused_and_never_a_fault(key: SoftKey, visit: Any, sent: str) -> None:
    client = visit()
    _options(client)
    assert client.post(LOGIN, {"credential": sent}).status_code == 302
    assert client.get("/account/").status_code == 302


def test_after_the_password_a_passkey_is_the_second_step(key: SoftKey, visit: Any) -> None:
    client = visit()
    assert _sign_in(client)["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/account/").status_code == 302
    options = _json(client.get("/account/2fa/authenticate/").context["js_data"]["request_options"])
    answer = client.post("/account/2fa/authenticate/", {"credential": key.use(options)})
    assert answer.status_code == 302
    assert client.get(HOME).status_code == 200


def test_a_session_that_has_not_shown_the_second_factor_adds_no_passkey(
    make_account: Any, visit: Any, totp: Callable[[], str]
) -> None:
    account = make_account("13800000001", totp=False)
    weak, strong = visit(), visit()
    _sign_in(weak)
    _sign_in(strong)
    _add(strong, SoftKey())
    answer = _add(weak, SoftKey())
    assert answer.status_code == 200
    assert "先验证您的第二重验证" in answer.content.decode()
    assert Authenticator.objects.filter(user_id=account.id, type="webauthn").count() == 1


def test_a_passkey_without_its_owners_check_is_not_taken(operator: account_queries.AccountValue, visit: Any) -> None:
    client = visit()
    _sign_in(client)
    assert _add(client, SoftKey(verified=False)).status_code == 200
    assert not Authenticator.objects.exists()
    assert client.get(HOME).status_code == 302


def test_the_last_passkey_taken_away_weakens_every_session(
    key: SoftKey, operator: account_queries.AccountValue, visit: Any
) -> None:
    one, other = visit(), visit()
    for client in (one, other):
        client.post(LOGIN, {"credential": key.use(_options(client))})
        assert client.get(HOME).status_code == 200
    row = Authenticator.objects.get(user_id=operator.id, type="webauthn")
    assert one.post(f"{LIST}keys/{row.pk}/remove/").status_code == 302
    assert not account_queries.has_second_factor(operator.id)
    assert one.get("/account/").status_code == 200
    assert one.get(HOME).status_code == 302
    assert other.get("/account/").status_code == 302


def test_one_of_two_taken_away_leaves_the_session_strong(
    key: SoftKey, operator: account_queries.AccountValue, visit: Any
) -> None:
    client = visit()
    client.post(LOGIN, {"credential": key.use(_options(client))})
    _add(client, SoftKey(), "备用")
    row = Authenticator.objects.filter(user_id=operator.id, type="webauthn").latest("pk")
    client.post(f"{LIST}keys/{row.pk}/remove/")
    assert client.get(HOME).status_code == 200


def test_nobody_touches_the_passkey_of_another_account(key: SoftKey, make_account: Any, visit: Any) -> None:
    make_account("13800000002")
    client = visit()
    _sign_in(client, "13800000002")
    row = Authenticator.objects.get(type="webauthn")
    before = dict(row.data)
    assert [client.get(f"{LIST}keys/{row.pk}/{verb}/").status_code for verb in ("remove", "edit")] == [404, 404]
    assert client.post(f"{LIST}keys/{row.pk}/remove/").status_code == 404
    assert Authenticator.objects.get(type="webauthn").data == before


def test_passkeys_are_listed_renamed_and_offered_at_the_doors(key: SoftKey, visit: Any) -> None:
    client = visit()
    assert 'data-nx-passkey="use"' in client.get("/account/login/").content.decode()
    client.post(LOGIN, {"credential": key.use(_options(client))})
    assert "手机" in client.get(LIST).content.decode()
    row = Authenticator.objects.get(type="webauthn")
    assert client.get(f"{LIST}keys/{row.pk}/remove/").status_code == 200
    client.post(f"{LIST}keys/{row.pk}/edit/", {"name": "办公室电脑"})
    assert "办公室电脑" in client.get(LIST).content.decode()


def test_an_institutions_host_knows_no_passkeys(key: SoftKey, institutions: Any, visit: Any) -> None:
    assert [visit("alpha").get(path).status_code for path in (LOGIN, LIST, ADD)] == [404, 404, 404]


def test_a_closed_account_is_not_opened_by_its_passkey(
    key: SoftKey, operator: account_queries.AccountValue, visit: Any, at: datetime
) -> None:
    Account.objects.filter(pk=operator.id).update(closed_at=at)
    client = visit()
    client.post(LOGIN, {"credential": key.use(_options(client))})
    assert client.get("/account/").status_code == 302
