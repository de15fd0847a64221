"""Calls of ``gazu``."""

from ..plan import row

ROWS = {
    "create_session": row(
        args={"cert": None, "callback_not_authenticated": None}
    ),
    "get_event_host": row(silent=True),
    "get_host": row(silent=True),
    "log_in": row(),
    "log_out": row(),
    "refresh_access_token": row(),
    "send_email_otp": row(),
    "set_event_host": row(silent=True),
    "set_host": row(silent=True),
    "set_token": row(silent=True),
}
