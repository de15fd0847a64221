"""Calls of ``gazu``."""

from ..plan import row

ROWS = {
    "create_session": row(args={"cert": None, "callback_not_authenticated": None}),
    "get_event_host": row(),
    "get_host": row(),
    "log_in": row(),
    "log_out": row(),
    "refresh_access_token": row(),
    "send_email_otp": row(),
    "set_event_host": row(),
    "set_host": row(),
    "set_token": row(),
}
