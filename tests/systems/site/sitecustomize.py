"""Makes devidp see the system that the variable SEEN_SYSTEM names: what that one lacks is not there for its modules.

Python and the libraries keep the system that they run on: what they do on another one is for their own tests.
"""

from __future__ import annotations

import builtins
import errno
import multiprocessing
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from types import ModuleType
from typing import Any

import click

SYSTEM = os.environ["SEEN_SYSTEM"]
MODULES = {
    "win32": {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"},
    "darwin": {"spwd", "ossaudiodev"},
}[SYSTEM]
LACKING: Mapping[str, set[str]] = {
    "win32": {
        "os": {
            "chown", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid", "getuid",
            "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "sched_getaffinity", "sched_setaffinity", "setsid",
            "uname", "wait3", "wait4", "WNOHANG", "sendfile", "statvfs", "lchown", "nice", "getloadavg",
            "posix_fadvise", "killpg", "pipe2", "memfd_create", "sysconf", "sync",
        },
        "signal": {
            "SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGPIPE", "SIGALRM", "pthread_sigmask", "sigwait",
            "sigtimedwait", "alarm", "setitimer",
        },
        "socket": {"AF_UNIX", "SO_REUSEPORT", "MSG_DONTWAIT", "TCP_KEEPIDLE", "TCP_USER_TIMEOUT", "SO_PEERCRED"},
        "select": {"epoll", "poll"},
        "time": {"clock_gettime", "tzset", "CLOCK_BOOTTIME"},
    },
    "darwin": {
        "os": {
            "sched_getaffinity", "sched_setaffinity", "pipe2", "memfd_create", "eventfd", "posix_fadvise",
            "posix_fallocate", "fdatasync", "copy_file_range", "splice", "getrandom", "pidfd_open", "getxattr",
            "setxattr", "O_DIRECT", "O_TMPFILE", "O_PATH",
        },
        "signal": {"pidfd_send_signal", "sigtimedwait", "sigwaitinfo", "SIGPWR", "SIGSTKFLT", "SIGRTMIN"},
        "socket": {
            "AF_NETLINK", "AF_PACKET", "SOCK_CLOEXEC", "SOCK_NONBLOCK", "SO_PEERCRED", "SO_DOMAIN", "TCP_USER_TIMEOUT",
            "TCP_KEEPIDLE", "TCP_QUICKACK", "TCP_CORK",
        },
        "select": {"epoll"},
        "time": {"CLOCK_BOOTTIME"},
    },
}[SYSTEM]  # fmt: skip
LISTENING = 1024


def _holder(number: int, *said: bool) -> Any:
    """granian's, which has other arguments on each system; Linux listens in it."""
    assert said == {"win32": (), "darwin": (False,)}[SYSTEM]
    return _import("granian._granian", None, None, ["SocketHolder"]).SocketHolder(number, False, LISTENING)


class _Datetime(datetime):
    """That of Windows, whose calendar has the years 1970 to 3000."""

    @classmethod
    def fromtimestamp(cls, timestamp: float, tz: tzinfo | None = None) -> _Datetime:
        _expect_known(timestamp)
        return super().fromtimestamp(timestamp, tz)

    def astimezone(self, tz: tzinfo | None = None) -> _Datetime:
        if tz is None:
            _expect_known(self.timestamp())
        return super().astimezone(tz)


def _expect_known(timestamp: float) -> None:
    if not 0 <= timestamp < datetime(3001, 1, 1, tzinfo=UTC).timestamp():
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


SAYING: Mapping[str, Mapping[str, Any]] = {
    "sys": {"platform": SYSTEM},
    "granian._granian": {"SocketHolder": _holder},
}
if SYSTEM == "win32":
    SAYING = {
        **SAYING,
        "os": {"name": "nt", "pathsep": ";", "linesep": "\r\n"},
        "datetime": {"datetime": _Datetime},
        # the number of an option that does no harm here
        "socket": {"SO_EXCLUSIVEADDRUSE": socket.SO_KEEPALIVE},
    }
_import = builtins.__import__


class Seen(ModuleType):
    """A module as that system has it."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(module.__name__)
        self.__dict__["_module"] = module

    def __getattr__(self, name: str) -> Any:
        module = self.__dict__["_module"]
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
if SYSTEM == "win32":
    click.Path.envvar_list_splitter = ";"
# neither system forks: what goes to a worker has to be pickled
multiprocessing.set_start_method("spawn")
