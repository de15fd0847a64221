//! Passwords, and the second factor of a login.

use crate::{
    args::{Json, Query},
    call::{delete, post, put, Call},
};

/// `POST auth/reset-password`
///
/// Asks for a mail with a link to choose a new password.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn reset_password(email: Json) -> Call {
    post("auth/reset-password").field("email", email)
}

/// `PUT auth/reset-password`
///
/// Chooses a new password, with the token of the link that `reset_password` or
/// `gazu.person.new_password_reset_link` made.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_password_with_token(email: Json, token: Json, password: Json) -> Call {
    put("auth/reset-password")
        .field("email", email)
        .field("token", token)
        .field("password", password.clone())
        .field("password2", password)
}

/// `POST auth/change-password`
///
/// Changes the user's own password.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn change_password(old_password: Json, password: Json) -> Call {
    post("auth/change-password")
        .field("old_password", old_password)
        .field("password", password.clone())
        .field("password_2", password)
}

/// `PUT auth/totp`
///
/// Begins to use codes of an authenticator app: gets the secret for the app.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn prepare_totp() -> Call {
    put("auth/totp")
}

/// `POST auth/totp`
///
/// Enables the codes of an authenticator app, after `prepare_totp`.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn enable_totp(totp: Json) -> Call {
    post("auth/totp").field("totp", totp)
}

/// `DELETE auth/totp`
///
/// Disables the codes of an authenticator app.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn disable_totp(
    totp: Option<Query>,
    email_otp: Option<Query>,
    recovery_code: Option<Query>,
) -> Call {
    delete("auth/totp")
        .maybe_query("totp", totp)
        .maybe_query("email_otp", email_otp)
        .maybe_query("recovery_code", recovery_code)
}

/// `PUT auth/email-otp`
///
/// Begins to use codes that are sent by mail: the server sends the first one.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn prepare_email_otp() -> Call {
    put("auth/email-otp")
}

/// `POST auth/email-otp`
///
/// Enables the codes that are sent by mail, after `prepare_email_otp`.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn enable_email_otp(email_otp: Json) -> Call {
    post("auth/email-otp").field("email_otp", email_otp)
}

/// `DELETE auth/email-otp`
///
/// Disables the codes that are sent by mail.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn disable_email_otp(
    totp: Option<Query>,
    email_otp: Option<Query>,
    recovery_code: Option<Query>,
) -> Call {
    delete("auth/email-otp")
        .maybe_query("totp", totp)
        .maybe_query("email_otp", email_otp)
        .maybe_query("recovery_code", recovery_code)
}

/// `PUT auth/recovery-codes`
///
/// Replaces the user's recovery codes.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_recovery_codes(
    totp: Option<Json>,
    email_otp: Option<Json>,
    recovery_code: Option<Json>,
) -> Call {
    put("auth/recovery-codes")
        .maybe_field("totp", totp)
        .maybe_field("email_otp", email_otp)
        .maybe_field("recovery_code", recovery_code)
}

exports![auth:
    reset_password,
    set_password_with_token,
    change_password,
    prepare_totp,
    enable_totp,
    disable_totp,
    prepare_email_otp,
    enable_email_otp,
    disable_email_otp,
    new_recovery_codes,
];
