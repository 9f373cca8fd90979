"""The pages about frameworks, followed as a reader would: their files written, their commands run."""
