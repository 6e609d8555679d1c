"""Rarely used doors of the kernel, none of which an honest function needs. ctx as in the other files.

They run as root without any layer, too: each knocks at its door and changes nothing of the machine.
"""

def _knock(number, *args):
    """Whether a call got further than the check of rights; its arguments are such that it can do nothing."""
    import errno
    try: _call(number, *args)
    except OSError as error: return error.errno not in (errno.EPERM, errno.EACCES, errno.ENOSYS)
    return True

def _call(number, *args):
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
    got = libc.syscall(*[ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)])
    if got < 0: raise OSError(ctypes.get_errno(), "system call %d" % number)
    return got

def file_of_the_platform_by_pidfd_getfd(ctx):
    import os
    pid = _call(434, ctx["ppid"], 0)
    for number in range(3, 40):
        try: return os.pread(_call(438, pid, number, 0), 4096, 0).decode("latin1")
        except OSError as error: last = error
    raise last                                   # success: canary

def memory_of_the_platform_by_process_vm_writev(ctx):
    import ctypes
    class Part(ctypes.Structure): _fields_ = [("start", ctypes.c_void_p), ("size", ctypes.c_size_t)]
    text = ctypes.create_string_buffer(b"MEM"); ours = Part(ctypes.addressof(text), 3); theirs = Part(ctx["mem_addr"], 3)
    _call(311, ctx["ppid"], ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0)
    return "WROTE"                               # success: leak:WROTE

def key_of_the_session(ctx):
    return "REACHED" if _knock(248, b"user", b"hat-attack", None, 1, -99) else "refused"     # success: leak:REACHED

def keys_of_the_user(ctx):
    return "KEYRING %d" % _call(250, 0, -4, 1)   # success: leak:KEYRING

def handler_of_page_faults(ctx):
    return "USERFAULTFD %d" % _call(323, 1)      # success: leak:USERFAULTFD

def map_of_bpf(ctx):
    import struct
    return "BPF %d" % _call(321, 0, struct.pack("=IIII112x", 2, 4, 8, 1), 128)       # success: leak:BPF

def filter_by_bpf_on_an_own_socket(ctx):
    import ctypes, socket, struct
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    code = ctypes.create_string_buffer(struct.pack("=HBBI", 6, 0, 0, 0xffff)); program = struct.pack("=H6xQ", 1, ctypes.addressof(code))
    a.setsockopt(socket.SOL_SOCKET, 26, program); return "FILTERED"      # success: leak:FILTERED

def counters_of_the_processor(ctx):
    import struct
    return "PERF %d" % _call(298, struct.pack("=II104x", 1, 112), 0, -1, -1, 0)     # success: leak:PERF

def copy_of_the_file_tree(ctx):
    return "CLONED %d" % _call(428, -100, b"/", 1 | 0x8000)  # success: leak:CLONED

def move_of_a_mount(ctx):
    return "REACHED" if _knock(429, -1, b"", -1, b"", 0x44) else "refused"       # success: leak:REACHED

def handle_of_a_file_by_name(ctx):
    import ctypes, os, struct
    handle = ctypes.create_string_buffer(struct.pack("=Ii128x", 128, 0)); number = ctypes.c_int()
    _call(303, -100, ctx["other"].encode(), handle, ctypes.byref(number), 0)
    mount = os.open("/", os.O_RDONLY)
    return os.read(_call(304, mount, handle, 0), 4096).decode()     # success: canary

def program_in_memory_by_execveat(ctx):
    import ctypes, os
    fd = _call(319, b"x", 0); os.write(fd, b"#!/bin/sh\necho escaped > %s\n" % ctx["marker"].encode())
    argv = (ctypes.c_char_p * 2)(b"x", None)
    _call(322, fd, b"", ctypes.cast(argv, ctypes.c_void_p).value, 0, 0x1000)
    return "EXECUTED"                            # success: marker

def limits_of_the_platform(ctx):
    import ctypes
    limit = (ctypes.c_ulong * 2)(); _call(302, ctx["ppid"], 7, None, ctypes.byref(limit)); return "LIMITS %d" % limit[0]      # success: leak:LIMITS

def limits_of_the_platform_lowered(ctx):
    import resource
    found = resource.prlimit(ctx["victim"], resource.RLIMIT_CORE); resource.prlimit(ctx["victim"], resource.RLIMIT_CORE, (0, found[1])); return "LOWERED"      # success: leak:LOWERED

def own_limits_by_raw_prlimit(ctx):
    import struct
    _call(302, 0, 9, struct.pack("=QQ", 2**63 - 1, 2**63 - 1), None); x = bytearray(700 << 20); return "RAISED %d" % len(x)       # success: leak:RAISED

def processors_of_the_platform(ctx):
    import os
    os.sched_setaffinity(ctx["victim"], {0}); return "PINNED"        # success: leak:PINNED

def robust_list_of_the_platform(ctx):
    import ctypes
    head, size = ctypes.c_void_p(), ctypes.c_size_t(); _call(274, ctx["ppid"], ctypes.byref(head), ctypes.byref(size)); return "HEAD %s" % head.value     # success: leak:HEAD

def pages_of_the_platform_moved(ctx):
    return "PAGES %d" % _call(279, ctx["ppid"], 0, None, None, None, 0)     # success: leak:PAGES

def comparison_with_the_platform(ctx):
    return "COMPARED %d" % _call(312, ctx["ppid"], ctx["ppid"], 1, 0, 0)     # success: leak:COMPARED

def watch_over_files(ctx):
    import os
    fd = _call(294, 0); _call(254, fd, os.path.dirname(ctx["db"]).encode(), 0xfff); return "WATCHING"     # success: leak:WATCHING

def sibling_instead_of_a_child(ctx):
    import os
    pid = _call(56, 0x8000 | 17, 0, 0, 0, 0)     # CLONE_PARENT
    if not pid: os._exit(0)
    return "SIBLING %d" % pid                    # success: leak:SIBLING

def thread_with_namespaces_of_its_own(ctx):
    import ctypes, mmap
    stack = mmap.mmap(-1, 65536); got = []
    top = ctypes.addressof(ctypes.c_char.from_buffer(stack)) + 65536 - 64
    for flag in (0x10000000, 0x00020000, 0x40000000, 0x08000000, 0x02000000, 0x20000000):
        try:
            if not _call(56, 0x10000 | 0x800 | 0x100 | flag, 0, 0, 0, 0): _call(60, 0)
            got.append(hex(flag))
        except OSError: pass
    return "NEW " + " ".join(got) if got else "none"         # success: leak:NEW

def namespaces_of_the_platform_by_pidfd(ctx):
    fd = _call(434, ctx["ppid"], 0); _call(308, fd, 0x00020000); return open(ctx["db"]).read()      # success: canary

def memory_shared_between_processes(ctx):
    found = _call(29, 0x4841, 4096, 0o1600); _call(31, found, 0, None)
    return "SHARED %d" % found                   # success: leak:SHARED

def messages_between_processes(ctx):
    got = [name for name, number, args in (("msgget", 68, (0x4842, 0o600)), ("semget", 64, (0x4843, 0, 0o600)), ("mq_open", 240, (b"hat-attack", 0, 0, None))) if _knock(number, *args)]
    return "QUEUES " + " ".join(got) if got else "none"      # success: leak:QUEUES

def huge_pages(ctx):
    import ctypes
    got = _call(9, 0, 64 << 20, 3, 0x22 | 0x40000, -1, 0); return "HUGE %d" % got        # success: leak:HUGE

def poisoned_memory(ctx):
    import errno
    try: _call(28, 0, 4096, 100); return "REACHED"           # an address where nothing is
    except OSError as error: return "REACHED" if error.errno not in (errno.EPERM, errno.EINVAL) else "refused"        # success: leak:REACHED

def memory_nobody_counts(ctx):
    """Files in memory without a name do not count for the limit of addresses until they are mapped."""
    import os
    fd = _call(319, b"bomb", 0); piece = bytes(1 << 20); n = 0
    while n < 900: n += os.write(fd, piece) >> 20
    return "HELD %d MB" % n                      # success: leak:HELD

def socket_buffers_nobody_counts(ctx):
    import socket
    pairs, n = [], 0
    try:
        while n < 700 << 20:
            a, b = socket.socketpair(); a.setblocking(False); a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30); pairs.append((a, b))
            try:
                while True: n += a.send(bytes(1 << 20))
            except BlockingIOError: pass
    except OSError: pass
    return "BUFFERED %d" % n if n > 64 << 20 else "few"      # success: leak:BUFFERED

def dangerous_devices(ctx):
    import os
    got = []
    for name in ("mem", "kmem", "kmsg", "port", "fuse", "net/tun", "kvm", "vhost-vsock", "loop-control", "mapper/control", "cpu/0/msr", "uinput", "snapshot", "ptmx", "shm/x", "mqueue/x"):
        try: os.close(os.open("/dev/" + name, os.O_RDWR)); got.append(name)
        except OSError: pass
    return "OPENED " + " ".join(got) if got else "none"      # success: leak:OPENED

def settings_of_the_kernel(ctx):
    import os
    got = []
    for name in ("sys/kernel/core_pattern", "sys/kernel/modprobe", "sys/vm/overcommit_memory", "sysrq-trigger", "self/oom_score_adj", "self/timerslack_ns", "self/attr/current", "self/uid_map", "self/setgroups", "self/coredump_filter"):
        try: os.close(os.open("/proc/" + name, os.O_WRONLY)); got.append(name)
        except OSError: pass
    return "WRITABLE " + " ".join(got) if got else "none"    # success: leak:WRITABLE

def other_ways_into_proc(ctx):
    import os
    got = []
    for path in ("/proc/%(p)d/root" + ctx["db"], "/proc/%(p)d/cwd/.." + ctx["db"], "/proc/1/root" + ctx["db"], "/proc/%(p)d/task/%(p)d/root" + ctx["db"], "/proc/self/task/self/../../%(p)d/root" + ctx["db"], "/proc/thread-self/root" + ctx["db"]):
        try: got.append(open(path % {"p": ctx["ppid"]}).read())
        except OSError: pass
    return " ".join(got)                         # success: canary

def places_where_systems_keep_secrets(ctx):
    import os
    import sys
    got = []
    # A Python that lives in somebody's home shows the way to it, and nothing beside it.
    own = {part for folder in [sys.base_prefix, *sys.path] for part in folder.split("/")}
    for home in ("/root", "/home"):
        try: got += [home + "/" + name for name in os.listdir(home) if name not in own]
        except OSError: pass
    for name in ("/etc/shadow", "/var/lib/secrets", "/run/secrets", "/var/run/secrets/kubernetes.io", "/var/run/docker.sock", "/run/systemd/private", "/sys/class/dmi/id/product_uuid", "/sys/firmware", "/proc/kcore", "/proc/kallsyms", "/proc/keys", "/boot"):
        try:
            os.listdir(name) if os.path.isdir(name) else open(name, "rb").read(1)
            got.append(name)
        except OSError: pass
    return "FOUND " + " ".join(got) if got else "none"       # success: leak:FOUND

def name_in_other_letters(ctx):
    import os
    for path in (ctx["db"].upper(), ctx["db"].swapcase(), ctx["db"].replace("/", "//"), ctx["db"] + "/", ctx["db"].replace("hat", "ha\u200dt"), "/." + ctx["db"], "file://" + ctx["db"]):
        try: return open(path).read()
        except OSError as error: last = error
    raise last                                   # success: canary

def processes_there_are(ctx):
    import os
    got = []
    for pid in (ctx["ppid"], ctx["victim"]):
        for ask in (os.getpgid, os.getsid, os.sched_getaffinity, os.sched_getscheduler):
            try: ask(pid); got.append(str(pid))
            except OSError: pass
    return "THERE " + " ".join(got) if got else "none"       # success: leak:THERE
