"""Runs at the start of each Windows Python."""

import _winapi

# Wine 8 ends the program that calls it. Without it, shutil copies as in Python 3.11.
if hasattr(_winapi, "CopyFile2"):
    del _winapi.CopyFile2
