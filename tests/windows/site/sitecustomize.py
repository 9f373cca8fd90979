"""Makes devidp see a Windows: what only POSIX has is neither there nor importable for its modules.

Python and the libraries keep the system that they run on: what they do on Windows is for their own tests.
"""

from __future__ import annotations

import builtins
import socket
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
LACKING = {
    "os": {
        "chown", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid", "getuid", "killpg",
        "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "sched_getaffinity", "sched_setaffinity", "setsid",
        "uname", "wait3", "wait4", "WNOHANG", "sendfile", "statvfs", "lchown", "nice", "getloadavg", "posix_fadvise",
    },
    "signal": {
        "SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGCHLD", "pthread_sigmask", "sigwait", "alarm", "setitimer",
    },
    "socket": {"AF_UNIX", "SO_REUSEPORT"},
    "select": {"epoll", "poll"},
}  # fmt: skip
SAYING: dict[str, dict[str, Any]] = {
    "sys": {"platform": "win32"},
    "os": {"name": "nt"},
    # the number of an option that does no harm here
    "socket": {"SO_EXCLUSIVEADDRUSE": socket.SO_KEEPALIVE},
    "granian._granian": {},
}
_import = builtins.__import__


class Seen(ModuleType):
    """A module as Windows has it."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(module.__name__)
        self.__dict__["_module"] = module

    def __getattr__(self, name: str) -> Any:
        module = self.__dict__["_module"]
        if name == "SocketHolder":
            return lambda number: module.SocketHolder(number, False, 1024)
        if name in LACKING.get(module.__name__, ()):
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}", name=name, obj=self)
        said = SAYING.get(module.__name__, {})
        return said[name] if name in said else getattr(module, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__dict__["_module"], name, value)


def see(
    name: str,
    globals: Mapping[str, Any] | None = None,  # noqa: A002 - the names of __import__
    locals: Mapping[str, Any] | None = None,  # noqa: A002
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> ModuleType:
    """``__import__``, as the modules of devidp have it."""
    module = _import(name, globals, locals, fromlist or (), level)
    if not str((globals or {}).get("__name__", "")).startswith("devidp"):
        return module
    if name in MODULES:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return Seen(module) if name in LACKING.keys() | SAYING.keys() else module


builtins.__import__ = see
sys.dont_write_bytecode = True
