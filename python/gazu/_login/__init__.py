"""How people log in: through the browser, from the environment, with profiles."""
