"""What was answered survives: load, and what is done to devidp meanwhile."""
