"""Where the data folder is by default."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path

from devidp.system.files import PrivateFileError


def default_data_folder(port: int) -> Path:
    """That of this user for the devidp at ``port``: two of them never meet. Raises PrivateFileError."""
    try:
        folder = user_data_path("devidp", appauthor=False)
    except (RuntimeError, KeyError):
        folder = Path()
    if not folder.is_absolute():  # older releases of platformdirs leave the ~ as it is
        raise PrivateFileError(
            "This user has no home folder to keep keys and data in. Name a folder with --data DIR (DEVIDP_DATA), set "
            "HOME, or keep nothing: --memory (DEVIDP_MEMORY)"
        )
    return folder / str(port)
