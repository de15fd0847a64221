"""The journal of publications, and the steps that are done from it."""
