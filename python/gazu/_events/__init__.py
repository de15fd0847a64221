"""The client of the event stream. It is imported when it is first used."""
