"""``python -m devidp``: the command line."""

from __future__ import annotations

from devidp.cli.main import main

if __name__ == "__main__":
    main()
