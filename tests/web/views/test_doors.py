"""Sign-in by password: after failures only so often; nobody else must wait."""

from django.test import Client

from tests.cast_people import PASSWORD, viewer
from tests.web.reading import text


def sign_in(password, *, name="victor", origin="192.0.2.7"):
    return Client(REMOTE_ADDR=origin).post(
        "/login/", {"username": name, "password": password}
    )


def test_after_five_failures_a_sign_in_must_wait(db):
    viewer()
    statuses = [sign_in("wrong").status_code for _ in range(6)]

    assert statuses == [200, 200, 200, 200, 200, 429]


def test_the_right_password_must_wait_too_and_is_told_how_long(db):
    viewer()
    for _ in range(5):
        sign_in("wrong")

    answer = sign_in(PASSWORD)

    assert answer["Retry-After"] == "1"
    assert "Too many sign-ins failed from here. Try again in 1 s." in text(answer)
    assert "sessionid" not in answer.cookies


def test_whether_there_is_such_a_user_makes_no_difference(db):
    viewer()
    answers = [
        [sign_in("wrong", name=name).status_code for _ in range(6)]
        for name in ("victor", "nobody")
    ]

    assert answers[0] == answers[1]


def test_a_stranger_locks_nobody_out(db):
    viewer()
    for _ in range(40):
        sign_in("wrong", origin="198.51.100.7")

    assert sign_in(PASSWORD).status_code == 302


def test_who_signs_in_begins_anew(db):
    viewer()
    for _ in range(4):
        sign_in("wrong")
    assert sign_in(PASSWORD).status_code == 302

    assert [sign_in("wrong").status_code for _ in range(5)] == [200] * 5


def test_who_is_switched_off_cannot_sign_in(db):
    viewer(is_active=False)

    assert "do not match" in text(sign_in(PASSWORD))


def test_who_has_signed_in_is_led_on(reader):
    assert reader.get("/login/")["Location"] == "/"
