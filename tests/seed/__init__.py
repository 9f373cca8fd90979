"""Tests of the seed: what is read, what is refused, and the words for it."""
