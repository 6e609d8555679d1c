"""Seccomp: from here on this process makes only the system calls of a list; everything else is refused."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Sequence
from typing import Final

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_REFUSE: Final = 0x00050000
_EPERM, _ENOSYS = 1, 38
_NUMBER, _ARCH, _ARGS = 0, 4, 16
_CLONE_THREAD: Final = 0x10000
_X32: Final = 0x40000000

# name: (x86_64, aarch64); None where the machine has no such call. Those of every request come first.
_ALLOWED: Final[dict[str, tuple[int | None, int | None]]] = {
    "recvfrom": (45, 207), "sendto": (44, 206), "read": (0, 63), "write": (1, 64), "futex": (202, 98),
    "recvmsg": (47, 212), "sendmsg": (46, 211), "socketpair": (53, 199),
    "close": (3, 57), "fstat": (5, 80), "newfstatat": (262, 79), "stat": (4, None), "lstat": (6, None),
    "statx": (332, 291), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215),
    "brk": (12, 214), "mremap": (25, 216), "madvise": (28, 233), "openat": (257, 56), "open": (2, None),
    "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67), "access": (21, None), "faccessat": (269, 48),
    "faccessat2": (439, 439), "getdents64": (217, 61), "getcwd": (79, 17), "readlink": (89, None),
    "readlinkat": (267, 78), "chdir": (80, 49), "fchdir": (81, 50), "dup": (32, 23), "dup2": (33, None),
    "dup3": (292, 24), "pipe2": (293, 59), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "sigaltstack": (131, 132), "getpid": (39, 172), "getppid": (110, 173),
    "gettid": (186, 178), "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176),
    "getegid": (108, 177), "getgroups": (115, 158), "getpgrp": (111, None),
    "getrandom": (318, 278), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "nanosleep": (35, 101), "gettimeofday": (96, 169), "time": (201, None),
    "times": (100, 153), "getrusage": (98, 165), "getrlimit": (97, 163), "sched_yield": (24, 124),
    "uname": (63, 160), "sysinfo": (99, 179), "umask": (95, 166),
    "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None), "epoll_pwait": (281, 22),
    "exit": (60, 93), "exit_group": (231, 94), "set_robust_list": (273, 99), "rseq": (334, 293),
    "pwrite64": (18, 68), "ftruncate": (77, 46), "fsync": (74, 82), "fdatasync": (75, 83), "flock": (73, 32),
    "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "unlink": (87, None),
    "unlinkat": (263, 35), "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276),
    "set_tid_address": (218, 96), "restart_syscall": (219, 128), "membarrier": (324, 283),
}  # fmt: skip
# Of a connection that came from the host; nothing here makes one.
_OF_CONNECTIONS: Final = {
    "getsockopt": (55, 209), "getsockname": (51, 204), "getpeername": (52, 205), "shutdown": (48, 210),
}  # fmt: skip
_CLONE, _CLONE3, _TGKILL, _IOCTL, _FCNTL, _PRLIMIT = (
    (56, 220),
    (435, 435),
    (234, 131),
    (16, 29),
    (72, 25),
    (302, 261),
)
# Of a process: allowed for the own one, which 0 means as well.
_OF_ONESELF: Final = {"getpgid": (121, 155), "getsid": (124, 156), "sched_getaffinity": (204, 123)}
_IOCTLS: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
_FCNTLS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 1030)  # no owner, signal, lease or size of pipes
_MACHINES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

Instruction = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def lock(libc: ctypes.CDLL, *, network: bool = False) -> list[str]:
    """Switch the filter on; the layers that hold now. OSError when it cannot be done."""
    if platform.machine() not in _MACHINES:
        raise OSError(f"no list of system calls for {platform.machine()}")
    filtering = program(platform.machine(), os.getpid(), network=network)
    code = b"".join(struct.pack("=HBBI", *one) for one in filtering)
    buffer = ctypes.create_string_buffer(code, len(code))
    filtered = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    if libc.prctl(22, 2, ctypes.byref(filtered), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp cannot be switched on")
    return ["seccomp"]


def program(machine: str, pid: int, *, network: bool = False) -> list[Instruction]:
    """The filter: another machine's calls end the process, listed ones pass, some by their arguments."""
    column, arch = _MACHINES[machine]
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, arch),
        _give(_KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if column == 0:
        code += [(_AT_LEAST, 0, 1, _X32), _give(_KILL)]
    allowed = [*_ALLOWED.values(), *(_OF_CONNECTIONS.values() if network else ())]
    for numbers in allowed:
        number = numbers[column]
        if number is not None:
            code += [(_EQUAL, 0, 1, number), _give(_ALLOW)]
    thread = [(_LOAD, 0, 0, _ARGS), (_ANY_BIT, 0, 1, _CLONE_THREAD), _give(_ALLOW)]
    code += _when(_CLONE[column], thread)
    code += _when(_CLONE3[column], [_give(_REFUSE | _ENOSYS)])
    code += _when(_TGKILL[column], _one_of(0, (pid,)))
    code += _when(_IOCTL[column], _one_of(1, _IOCTLS))
    code += _when(_FCNTL[column], _one_of(1, _FCNTLS))
    for numbers in _OF_ONESELF.values():
        code += _when(numbers[column], _one_of(0, (0, pid)))
    no_new_limit = [
        (_LOAD, 0, 0, _ARGS),
        (_EQUAL, 0, 5, 0),
        (_LOAD, 0, 0, _ARGS + 16),
        (_EQUAL, 0, 3, 0),
        (_LOAD, 0, 0, _ARGS + 20),
        (_EQUAL, 0, 1, 0),
    ]
    code += _when(_PRLIMIT[column], [*no_new_limit, _give(_ALLOW)])
    return [*code, _give(_REFUSE | _EPERM)]


def _give(verdict: int) -> Instruction:
    return (_RETURN, 0, 0, verdict)


def _when(number: int, then: Sequence[Instruction]) -> list[Instruction]:
    """For one system call: these instructions, and refusal if they do not decide."""
    return [(_EQUAL, 0, len(then) + 1, number), *then, _give(_REFUSE | _EPERM)]


def _one_of(argument: int, values: Sequence[int]) -> list[Instruction]:
    """Allow the call when an argument has one of these values."""
    code: list[Instruction] = [(_LOAD, 0, 0, _ARGS + 8 * argument)]
    for value in values:
        code += [(_EQUAL, 0, 1, value), _give(_ALLOW)]
    return code
