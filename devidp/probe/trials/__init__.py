"""What is tried with a target: a file for each group."""
