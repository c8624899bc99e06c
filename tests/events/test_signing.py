"""Signatures that any receiver of Standard Webhooks verifies."""

import base64

from ipamweb.events import signing

# An example of the specification's own libraries (standard-webhooks, javascript and
# python): a secret, a message and its signature.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
UID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_is_signed_as_the_specification_does():
    headers = signing.headers(BODY, uid=UID, timestamp=1614265330, keys=[SECRET])

    assert headers == {
        "webhook-id": UID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }


def test_two_secrets_sign_with_a_blank_between():
    other = signing.new_secret()

    headers = signing.headers(BODY, uid=UID, timestamp=1614265330, keys=[other, SECRET])

    first, second = headers["webhook-signature"].split(" ")
    assert (first != second, second) == (True, SIGNATURE)


def test_a_secret_has_256_random_bits():
    one, other = signing.new_secret(), signing.new_secret()

    assert one != other
    assert len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) == 32
