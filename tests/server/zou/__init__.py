"""Install and run a real Zou 1.0.97: `ZouServer` in ``server``, a command line in ``__main__``."""
