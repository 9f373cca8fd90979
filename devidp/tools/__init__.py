"""Programs around a devidp: doctor, connect, demo. They speak HTTP to a devidp, which they may start.

Does not own anything that a devidp needs to run.
"""
