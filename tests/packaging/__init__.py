"""Tests of what is handed out: the wheel, the image, the tooling."""
