"""Tests of the recipes of docs/install.md, and of frozen programs."""
