"""Makes gazu, the client of Kitsu, available to scripts and other extensions."""


def register():
    """Import the package, so that a broken installation is noticed at once."""
    import gazu

    print("gazu", gazu.__version__, "from", gazu.__file__)


def unregister():
    """Leave the package: other extensions may use it."""
