"""Tests of the command line, through the console script."""
