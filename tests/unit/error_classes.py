"""
The classes of transport errors, whatever the process has imported so far.

Where it has imported ``requests``, an error is exactly of the class of that library.
Else it is also of the builtin class.
"""

from __future__ import annotations

import os

try:
    import requests.exceptions
except ImportError:
    CONNECTION_ERRORS = (ConnectionError,)
    TIMEOUTS = (TimeoutError,)
else:
    CONNECTION_ERRORS = (ConnectionError, requests.exceptions.ConnectionError)
    TIMEOUTS = (TimeoutError, requests.exceptions.Timeout)


def _of_a_folder():
    try:
        open(os.curdir, "rb").close()
    except OSError as error:
        return type(error)


#: What Python raises for a folder that is opened as a file.
NO_FILE = _of_a_folder()
