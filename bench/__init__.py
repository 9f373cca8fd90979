"""`make bench`: what devidp does in a second, as ratios to what the machine can do."""
