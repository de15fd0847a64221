"""``gazu.auth``: what the tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer
from .sent import sent

DONE = {"success": True}


def test_a_new_password_is_sent_twice(server, client):
    """The server compares both."""
    _, body = sent(
        *(server, "POST", "auth/change-password", DONE),
        gazu.auth.change_password,
        *("old word", "new word"),
        client=client,
    )
    assert body == {
        "old_password": "old word",
        "password": "new word",
        "password_2": "new word",
    }
    _, body = sent(
        *(server, "PUT", "auth/reset-password", DONE),
        gazu.auth.set_password_with_token,
        *("ada@example.com", "token", "new word"),
        client=client,
    )
    assert body == {
        "email": "ada@example.com",
        "token": "token",
        "password": "new word",
        "password2": "new word",
    }


def test_only_the_given_code_is_sent(server, client):
    codes = {"otp_recovery_codes": ["a"]}
    _, body = sent(
        *(server, "PUT", "auth/recovery-codes", codes),
        gazu.auth.new_recovery_codes,
        recovery_code="abc",
        client=client,
    )
    assert body == {"recovery_code": "abc"}
    server.on("DELETE", "auth/totp", Answer(DONE))
    gazu.auth.disable_totp("123456", client=client)
    assert server.last.params == [("totp", "123456")]
    server.on("DELETE", "auth/email-otp", Answer(DONE))
    gazu.auth.disable_email_otp(email_otp="654321", client=client)
    assert server.last.params == [("email_otp", "654321")]


@pytest.mark.parametrize(
    "name, code", [("totp", "123456"), ("recovery_code", "se-cret")]
)
def test_an_error_does_not_show_the_code(server, client, caplog, name, code):
    wrong = {"error": True, "message": "OTP verification failed."}
    server.on("DELETE", "auth/totp", Answer(wrong, status=400))
    with pytest.raises(gazu.exception.ParameterException) as caught:
        gazu.auth.disable_totp(client=client, **{name: code})
    assert code not in repr(caught.value) + str(caught.value) + caplog.text


def test_asking_for_a_mail_is_not_repeated(server, client):
    """A second request would send a second mail."""
    server.on("PUT", "auth/email-otp", Answer({}, status=503))
    with pytest.raises(gazu.exception.ServerErrorException):
        gazu.auth.prepare_email_otp(client=client)
    assert len(server.requests) == 1
