"""The dashboard, in a real browser and by its answers."""
