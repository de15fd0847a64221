"""The client of the event stream. It requires python-socketio."""
