# The functions of the package itself. This module is executed in the namespace of
# the package, at its first use.

from __future__ import annotations

from . import client as raw
from ._deprecated import old_names
from ._engine.composition import composition
from ._engine.login import (
    is_accepted,
    login_body,
    rejected_login,
    report_tokens,
)
from ._engine.redact import confidential
from .exception import (
    AuthFailedException,  # noqa: F401
    NotAuthenticatedException,
    ParameterException,
)


def get_host(client=raw.default_client):
    """
    Return the API's URL.

    Returns:
        str: The URL, as given to ``set_host``.

    Example:
        print(gazu.get_host())  # https://kitsu.example.com/api
    """
    return raw.get_host(client=client)


def set_host(url, client=raw.default_client):
    """
    Set the API's URL.

    Args:
        url (str): The URL, such as ``https://kitsu.example.com/api``.

    Example:
        gazu.set_host("https://kitsu.example.com/api")
    """
    raw.set_host(url, client=client)


@confidential
@composition
def log_in(
    email,
    password,
    totp=None,
    email_otp=None,
    fido_authentication_response=None,
    recovery_code=None,
    client=raw.default_client,
):
    """
    Log in, and use the tokens for all further requests.

    Args:
        email (str): The user's email or login.
        password (str): The password.
        totp (str | None): The code of an authenticator application.
        email_otp (str | None): The code that ``send_email_otp`` sent.
        fido_authentication_response (dict[str, Any] | None): The answer of
            a security key.
        recovery_code (str | None): A one-time code that replaces the second
            factor.

    Returns:
        Login: The server's reply: ``access_token``, ``refresh_token``,
            ``user``, ``login`` and ``ldap``.

    Raises:
        AuthFailedException: the login was rejected. The message gives the
            reason.

    Example:
        gazu.log_in("user@example.com", "password")
        print(gazu.client.get_current_user()["full_name"])

    Route: ``POST auth/login``
    """
    tokens = {}
    rejection = None
    try:
        tokens = raw.post(
            "auth/login",
            login_body(
                email,
                password,
                totp,
                email_otp,
                fido_authentication_response,
                recovery_code,
            ),
            client=client,
        )
    except (NotAuthenticatedException, ParameterException) as error:
        rejection = error
    if is_accepted(tokens):
        raw.set_tokens(tokens, client=client)
        report_tokens(client)
        return tokens
    message = () if rejection is None else (str(rejection),)
    raise rejected_login(rejection, *message)


@confidential
@composition
def log_in_with_browser(
    host,
    app_name="",
    timeout=300,
    open_browser=True,
    port=0,
    cancel=None,
    client=raw.default_client,
):
    """
    Log in through the browser, and use the tokens for all further requests.

    The browser opens a page of Kitsu. There the person logs in as usual, with any
    single sign-on and second factor, and allows the login. This function waits
    until then. If there is no browser, it prints the page's address to stderr.

        gazu.log_in_with_browser("https://kitsu.example.com/api", app_name="Maya")

    Args:
        host (str): The API's URL, such as ``https://kitsu.example.com/api``. The
            client uses it from then on.
        app_name (str): The name of the program, which Kitsu shows to the person,
            with 50 characters at most.
        timeout (float | None): The seconds to wait for the person. None means no
            limit.
        open_browser (Callable[[str], object] | bool): Whether to open the browser,
            or a function that shows the page with the given address. If it returns
            False, the address is printed.
        port (int): The port of 127.0.0.1 to which the browser comes back, 1024 to
            65535. The default is any free port. A fixed one can be forwarded by
            ssh.
        cancel (threading.Event | None): If it is set, the login ends.

    Returns:
        Login: The server's reply: ``access_token``, ``refresh_token``, ``user``,
            ``organisation`` and ``login``.

    Raises:
        AuthFailedException: the person refused, the time is over, the login was
            cancelled, or the server rejected the code.
        HostException: the server has no login through the browser. The browser is
            not opened.
        OSError: the port is in use.

    Route: ``POST auth/app-login/token``

    Not in upstream.
    """
    from ._login import browser

    browser.checked(host, app_name, timeout, open_browser, port, cancel)
    tokens = browser.log_in(
        host, app_name, timeout, open_browser, port, cancel, client
    )
    raw.set_host(host, client=client)
    raw.set_tokens(tokens, client=client)
    report_tokens(client)
    return tokens


@confidential
def connect(profile=None, client=None, **kwargs):
    """
    Return a client that is logged in, without a password in the script.

    The first of these logins is used:

    1. ``KITSU_HOST`` with ``KITSU_TOKEN``, the token of a bot or a person.
    2. ``KITSU_HOST`` with ``KITSU_LOGIN`` and ``KITSU_PASSWORD``.
    3. The profile in ``KITSU_PROFILE``, or else ``default``: the login that
       ``gazu-cli login`` has stored in ``~/.gazu``, or in the system's keyring.

    ``KITSU_SERVER``, ``KITSU_EMAIL`` and ``KITSU_PWD`` are other names of these
    variables. ``/api`` is added to a host that does not end with it. An expired
    token is renewed and stored. Processes that share a profile use each other's
    tokens.

        client = gazu.connect()
        projects = gazu.project.all_open_projects(client=client)

    Args:
        profile (str | None): The name of the profile. If it is given, the variables
            are not used.
        client (KitsuClient | None): The client to log in, such as
            ``gazu.client.default_client``. None makes a new one.
        kwargs (Any): Further arguments of ``KitsuClient`` for a new one.

    Returns:
        KitsuClient: The client.

    Raises:
        NotAuthenticatedException: there is no login.
        AuthFailedException: the server rejected the email and the password.
        ValueError: the variables are incomplete, or the profile's name or file is
            invalid.
        TypeError: ``client`` is an ``AsyncKitsuClient``; use
            ``gazu.aio.connect``.

    With a password in the environment, ``POST auth/login`` is sent; else nothing.

    Not in upstream.
    """
    from ._login import connection

    if hasattr(type(client), "_run_composition"):
        raise TypeError(
            "client: expected a KitsuClient; gazu.aio.connect returns an "
            "AsyncKitsuClient"
        )
    if client is not None and kwargs:
        raise TypeError(
            "{}: only for a new client, not with client".format(
                ", ".join(kwargs)
            )
        )
    found = connection.find(profile)
    is_new = client is None
    if is_new:
        client = raw.KitsuClient(found.host, **kwargs)
    else:
        raw.set_host(found.host, client=client)
        client.use_refresh_token = True
    client._stored_tokens = None
    try:
        if found.tokens is None:
            log_in(found.email, found.password, client=client)
        else:
            raw.set_tokens(found.tokens, client=client)
            client._stored_tokens = found.store
    except BaseException:
        if is_new:
            client.session.close()
        raise
    return client


def send_email_otp(email, client=raw.default_client):
    """
    Send a code for the next login by email.

    Args:
        email (str): The user's email.

    Returns:
        dict[str, bool]: The server's answer: ``"success"`` tells whether it
            was sent.

    Route: ``GET auth/email-otp``
    """
    return raw.get("auth/email-otp", params={"email": email}, client=client)


@composition
def log_out(client=raw.default_client):
    """
    Log out and remove the tokens, even if the server rejects the logout.

    Returns:
        dict[str, Any]: An empty dict: there are no tokens.

    Example:
        gazu.log_out()

    Route: ``GET auth/logout``
    """
    tokens: dict = {}
    try:
        raw.get("auth/logout", client=client)
    except (ParameterException, NotAuthenticatedException):
        # An expired token no longer gives access.
        pass
    raw.set_tokens(tokens, client=client)
    return tokens


def refresh_access_token(client=raw.default_client):
    """
    Renew the access token with the refresh token.

    Returns:
        Tokens: The server's reply, with the new token.

    Raises:
        NotAuthenticatedException: there is no refresh token, or it has
            expired.

    Route: ``GET auth/refresh-token``
    """
    return client.refresh_access_token()


def get_event_host(client=raw.default_client):
    """
    Return the host of the event stream.

    Returns:
        str: The URL. If none was set, the host that the client was created
            with; ``set_host`` does not change it.
    """
    return raw.get_event_host(client=client)


def set_event_host(url, client=raw.default_client):
    """
    Set the host of the event stream.

    Args:
        url (str): The URL, such as ``https://kitsu.example.com``.

    Example:
        gazu.set_event_host("https://kitsu.example.com")
    """
    raw.set_event_host(url, client=client)


@confidential
def create_session(
    host,
    email,
    password,
    totp=None,
    email_otp=None,
    fido_authentication_response=None,
    recovery_code=None,
    ssl_verify=True,
    cert=None,
    use_refresh_token=False,
    callback_not_authenticated=None,
):
    """
    Return a logged-in client that logs out at the end of its ``with`` block.

        with gazu.create_session(host, email, password) as client:
            assets = gazu.asset.all_asset_types(client=client)

    Args:
        host (str): The API's URL.
        email (str): The user's email or login.
        password (str): The password.
        totp (str | None): The code of an authenticator application.
        email_otp (str | None): The code that ``send_email_otp`` sent.
        fido_authentication_response (dict[str, Any] | None): The answer of
            a security key.
        recovery_code (str | None): A one-time code that replaces the second
            factor.
        ssl_verify (bool | str): Whether the server's certificate is verified,
            or the path of the certificates to verify it with.
        cert (str | tuple[str, str] | None): The path of the client
            certificate.
        use_refresh_token (bool): Whether an expired token is renewed
            automatically.
        callback_not_authenticated (Callable | None): Called with the client
            and the requested path when a login is required.

    Returns:
        KitsuClient: The client.

    Raises:
        AuthFailedException: the login was rejected.

    Example:
        with gazu.create_session(
            "https://kitsu.example.com/api", "user@example.com", "password"
        ) as client:
            print(gazu.project.all_open_projects(client=client))

    Route: ``POST auth/login``
    """
    client = raw.create_client(
        host,
        ssl_verify=ssl_verify,
        cert=cert,
        use_refresh_token=use_refresh_token,
        callback_not_authenticated=callback_not_authenticated,
    )
    try:
        log_in(
            email,
            password,
            totp=totp,
            email_otp=email_otp,
            fido_authentication_response=fido_authentication_response,
            recovery_code=recovery_code,
            client=client,
        )
    except BaseException:
        client.session.close()
        raise
    return client


def set_token(token, client=raw.default_client):
    """
    Use a token for all further requests.

    Args:
        token (str | dict[str, Any] | Login | Tokens): A dict of tokens, or
            only an access token.

    Returns:
        dict[str, Any]: The tokens' dict.

    Example:
        import os

        gazu.set_token(os.environ["KITSU_TOKEN"])
    """
    if not isinstance(token, dict):
        token = {"access_token": token}
    return raw.set_tokens(token, client=client)


def query(
    model,
    fields=None,
    relations=False,
    expand=None,
    page_size=500,
    client=raw.default_client,
    **filters,
):
    """
    Yield the records of a model that fulfil all conditions.

        tasks = gazu.query(
            "tasks",
            project=project,
            task_status__in=[wip, wfa],
            due_date__lt=datetime.date.today(),
            fields=["entity_id", "due_date"],
            expand=["entity", "task_type"],
        )

    A condition is a column, or its name without ``_id``, with an operator:
    ``__in`` (a list), ``__ne``, ``__lt``, ``__lte``, ``__gt``, ``__gte`` or
    ``__contains``; without one, the value is the same. Records can be given
    as dicts or ids. The server checks ids, texts, numbers without a fraction
    and flags for equality and ``__in``, and lists of records such as
    ``assignees`` for one of them. All other conditions, and ``None``, are
    checked when the records have arrived.

    Args:
        model (str): The model, as in the paths of the server: ``"tasks"``,
            ``"persons"``, ``"preview-files"``, ... , or a kind of entity:
            ``"assets"``, ``"shots"``, ``"sequences"``, ``"episodes"``,
            ``"scenes"``, ``"edits"`` or ``"concepts"``.
        fields (list[str] | None): The columns to return, besides ``id`` and
            ``type``. None returns all.
        relations (bool): Whether the records have the lists of ids of other
            records, such as ``assignees``.
        expand (list[str] | None): Columns that refer to other records, such
            as ``"entity"``: the records are put in under this key; None if
            there is none. Each is requested once.
        page_size (int): How many records the server sends at once. Four
            pages are requested at the same time.
        filters (Any): The conditions.

    Returns:
        Generator[dict[str, Any], None, None]: The records, the last changed
            first. Records that move to another page while pages are read
            come at the end. With an ``AsyncKitsuClient``, use ``async for``.

    Raises:
        ValueError: there is no such model, field or operator, or a value is
            no id. Nothing is sent.
        TypeError: a value has a wrong type. Nothing is sent.
        NotAllowedException: the user may not list the records of this model.
            Administrators may list all.

    Not in upstream.

    Route: ``GET data/{model}``
    """
    from ._engine import query as queries

    found = queries.Query(model, fields, relations, expand, page_size, filters)
    return queries.rows_of(found, client, raw.run_all)


@composition
def by_ids(
    model, ids, fields=None, relations=False, client=raw.default_client
):
    """
    Return the records with these ids.

    A hundred records are requested at once, and requests are sent in
    parallel.

    Args:
        model (str): The model, as for ``query``.
        ids (Iterable[Any]): The records (dicts or ids).
        fields (list[str] | None): The columns to return, besides ``id`` and
            ``type``. None returns all.
        relations (bool): Whether the records have the lists of ids of other
            records.

    Returns:
        list[dict[str, Any] | None]: The records, in the order of the ids.
            None for an id that the server does not have, that is of another
            kind of entity, or that the user may not see.

    Raises:
        ValueError: there is no such model or field, or a value is no id.
            Nothing is sent.
        NotAllowedException: the user may not list the records of this model.

    Not in upstream.

    Route: ``GET data/{model}``
    """
    from ._engine import query as queries

    return queries.by_ids(model, ids, fields, relations, client, raw.run_all)


__getattr__ = old_names(__package__)


def show(records, columns=None):
    """
    Return a table of records, to look at in a console or a notebook.

    Args:
        records (Iterable[Any]): The records (dicts), or one record.
        columns (list[str] | None): The keys to show. If omitted, some with
            simple values are chosen, names first and the id last.

    Returns:
        Table: The table. Its text has a line for each record; a notebook
            shows it as HTML.

    Raises:
        TypeError: a record is not a dict, or the columns are a text.

    Example:
        >>> gazu.show([{"name": "SH01", "nb_frames": 48}])
        name  nb_frames
        ----  ---------
        SH01  48
    """
    from ._engine.shown_table import Table

    return Table(records, columns)
