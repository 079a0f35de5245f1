"""Run PostgreSQL even as root, which it refuses.

The child becomes `nobody` but keeps the right to pass through folders that only root may enter (a
checkout or a cache under root's home), as Linux ambient capabilities. No user is created, no folder is
opened to others. An ordinary user's child stays unchanged.
"""

from __future__ import annotations

import ctypes
import os
import pwd
from pathlib import Path

_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
_libc = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Data(ctypes.Structure):
    _fields_ = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


def owner_of_data() -> tuple[int, int]:
    """User and group id that PostgreSQL's folder must belong to."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def as_owner() -> None:
    """Between fork and exec: become the owner of PostgreSQL's folder."""
    if os.geteuid() != 0:
        return
    # Everything is read first: until the capabilities are back, Python's own files may be inaccessible.
    uid, gid = owner_of_data()
    kept = _capabilities_held() & (1 << _CAP_DAC_OVERRIDE | 1 << _CAP_DAC_READ_SEARCH)
    number = _SYS_CAPSET[os.uname().machine]
    _check(_libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0), "keep capabilities")
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    header = _Header(_CAP_VERSION_3, 0)
    data = (_Data * 2)(_Data(kept, kept, kept), _Data(0, 0, 0))
    _check(_libc.syscall(number, ctypes.byref(header), data), "set capabilities")
    for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        if kept & 1 << capability:
            _check(
                _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0),
                "pass capabilities on",
            )


def _capabilities_held() -> int:
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("CapPrm:"):
            return int(line.split()[1], 16)
    return 0


def _check(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"cannot {what} for PostgreSQL")
