"""The records that the tests create on a server, and the sequences of calls."""
