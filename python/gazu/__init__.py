"""
The client of the Kitsu production tracker.

    import gazu

    gazu.set_host("https://kitsu.example.com/api")
    gazu.log_in("user@example.com", "password")
    tasks = gazu.user.all_tasks_to_do()
"""

from __future__ import annotations

try:
    from . import _core

    if not hasattr(_core, "Call"):
        # A folder of type stubs, which a zip file may have.
        raise ImportError(
            "The compiled part of this package is missing: install the wheel "
            "for this platform again"
        )
except ImportError as error:
    archive = getattr(globals().get("__loader__"), "archive", None)
    if archive is not None:
        raise ImportError(
            "{} is in part compiled, and Python cannot import compiled "
            "modules from a zip file ({}): unpack it into a folder".format(
                __name__, archive
            ),
            name=__name__,
            path=archive,
        ) from error
    raise
from .__version__ import __version__
from ._engine import lazy


def _modules() -> None:
    """
    Import the public modules.

    Freezing tools find the imports here, the stub generator reads the source, and
    the names of the lazy modules are read from its code. It is called only if
    Nuitka has compiled it to machine code, which has no names to read.
    """
    from . import (
        _package,
        aio,
        asset,
        auth,
        budget,
        cache,
        casting,
        chat,
        client,
        concept,
        context,
        csv,
        custom_action,
        department,
        edit,
        encoder,
        entity,
        events,
        exception,
        files,
        hardware,
        helpers,
        metadata,
        news,
        person,
        playlist,
        plugin,
        preview,
        preview_background,
        project,
        project_template,
        publish,
        scene,
        schedule,
        search,
        server,
        shot,
        sorting,
        status_automation,
        studio,
        sync,
        task,
        time_spent,
        user,
    )


def _modules_of_old_names() -> None:
    """List the modules with old names for freezing tools. Nobody calls it."""
    from ._deprecated import (
        asset,
        client,
        entity,
        files,
        package,
        person,
        playlist,
        project,
        shot,
        task,
        user,
    )


if "__compiled__" in globals():
    _modules()
    _names: tuple = ()
else:
    _names = lazy.imported_by(_modules)
lazy.defer(__name__, _names, own="_package")
lazy.add_former_names(
    __name__,
    {
        "_adapters": "_requests_compat.adapters",
        "_answers": "_engine.hooks",
        "_confidential": "_engine.redact",
        "_cookies": "_requests_compat.cookies",
        "_deferred": "_engine.lazy",
        "_errors": "_requests_compat.errors",
        "_foreign": "_engine.through_session",
        "_headers": "_requests_compat.headers",
        "_many": "_engine.batch",
        "_response": "_requests_compat.response",
        "_session": "_requests_compat.session",
    },
)
