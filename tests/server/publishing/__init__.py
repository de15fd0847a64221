"""Programs that publish to a real Zou and check what arrived: ``make demo``, ``make blender``."""
