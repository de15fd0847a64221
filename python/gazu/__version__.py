"""The version of upstream gazu that this package stands in for."""

__version__ = "1.3.1"
