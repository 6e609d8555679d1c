"""The box's own file tree and folder to write in. ctx as in the other files."""

def chroot_and_climb(ctx):
    import os
    d = (ctx["scratch"] or "/tmp") + "/hat-attack-climb"
    os.makedirs(d, exist_ok=True); os.chroot(d)
    for _ in range(40): os.chdir("..")
    os.chroot("."); return open(ctx["db"]).read()        # success: canary

def climb_from_a_folder(ctx):
    import os
    fd = os.open(".", os.O_RDONLY)
    for _ in range(40): fd = os.open("..", os.O_RDONLY, dir_fd=fd)
    return os.read(os.open(ctx["db"].lstrip("/"), os.O_RDONLY, dir_fd=fd), 4096).decode()       # success: canary

def old_tree(ctx):
    import os
    for p in ("/old", "/oldroot", "/.old", "/mnt", "/put_old", "/project/old"):
        try: return open(p + ctx["db"]).read()
        except OSError as e: err = e
    raise err                                     # success: canary

def mount_again_writable(ctx):
    import ctypes
    l = ctypes.CDLL(None, use_errno=True)
    l.mount(None, b"/project", None, 32 | 4096, None)
    open("/project/debugtalk.py", "a").write("\n"); return "WRITTEN"     # success: leak:WRITTEN

def unmount_what_hides(ctx):
    import ctypes
    l = ctypes.CDLL(None, use_errno=True)
    if l.umount2(b"/project", 2): raise OSError(ctypes.get_errno(), "umount2")
    return "UNMOUNTED"                            # success: leak:UNMOUNTED

def new_mount_calls(ctx):
    """open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr, listmount, statmount"""
    import ctypes, errno
    l = ctypes.CDLL(None, use_errno=True); got = []
    for n in (428, 429, 430, 431, 432, 433, 442, 457, 458):
        ctypes.set_errno(0)
        if l.syscall(n, -1, b"/nonexist", 0, 0, 0) >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS): got.append(str(n))
    return "REACHED " + " ".join(got) if got else "none"     # success: leak:REACHED

def enter_the_namespace_of_the_platform(ctx):
    import ctypes, os
    l = ctypes.CDLL(None, use_errno=True); fd = os.open("/proc/%d/ns/mnt" % ctx["ppid"], os.O_RDONLY)
    if l.setns(fd, 0): raise OSError(ctypes.get_errno(), "setns")
    return open(ctx["db"]).read()                 # success: canary

def change_own_project(ctx):
    open("debugtalk.py", "a").write("\n"); return "WRITTEN"      # success: leak:WRITTEN

def plant_a_module(ctx):
    import json, os
    p = os.path.join(os.path.dirname(json.__file__), "hat_attack.py")
    open(p, "w").close(); os.unlink(p); return "PLANTED"         # success: leak:PLANTED

def plant_compiled_code(ctx):
    import json, os
    p = os.path.join(os.path.dirname(json.__file__), "__pycache__", "hat_attack.pyc")
    open(p, "wb").close(); os.unlink(p); return "PLANTED"        # success: leak:PLANTED

def link_the_project_into_scratch(ctx):
    import os
    p = (ctx["scratch"] or "/tmp") + "/hat-attack-link"
    os.link("debugtalk.py", p)
    try: open(p, "a").write("\n"); return "WRITTEN"
    finally: os.unlink(p)                         # success: leak:WRITTEN

def leave_a_file_for_the_next_run(ctx):
    import os
    p = (ctx["scratch"] or "/tmp") + "/hat-attack-left-behind"
    open(p, "w").write("x"); return "LEFT" if os.path.exists(ctx["host_left"]) else p       # success: left

def leave_the_limits_of_the_group(ctx):
    import os
    for p in ("/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/cgroup.procs", "/sys/fs/cgroup/unified/cgroup.procs"):
        try: open(p, "w").close(); return "OPENED"
        except OSError as e: err = e
    raise err                                     # success: leak:OPENED

def program_in_scratch(ctx):
    import os
    p = (ctx["scratch"] or "/tmp") + "/hat-attack-program"
    try:
        fd = os.open(p, os.O_CREAT | os.O_WRONLY, 0o700); os.write(fd, b"#!/bin/sh\necho escaped > %s\n" % ctx["marker"].encode()); os.close(fd)
        os.execv(p, [p])
    finally: os.unlink(p)                         # success: marker

def machine_code_from_scratch(ctx):
    import mmap, os
    p = (ctx["scratch"] or "/tmp") + "/hat-attack-code"
    fd = os.open(p, os.O_CREAT | os.O_RDWR, 0o700); os.unlink(p); os.write(fd, b"\xc3" * 4096)
    mmap.mmap(fd, 4096, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_EXEC); return "MAPPED"      # success: leak:MAPPED

def fill_scratch_by_holes(ctx):
    import os
    n, files = 0, []
    for i in range(30):
        f = open((ctx["scratch"] or "/tmp") + "/hat-attack-hole%d" % i, "w+b"); files.append(f); os.unlink(f.name)
        f.truncate(8 << 20)
        for at in range(0, 8 << 20, 4096): f.seek(at); f.write(b"x"); f.flush(); n += 4096
    return "FILLED %d" % n                        # success: leak:FILLED

def lock_memory(ctx):
    import ctypes
    if ctypes.CDLL(None, use_errno=True).mlockall(3): raise OSError(ctypes.get_errno(), "mlockall")
    return "LOCKED"                               # success: leak:LOCKED

def be_more_important(ctx):
    import os
    os.setpriority(os.PRIO_PROCESS, 0, -20); return "PRIORITY"       # success: leak:PRIORITY

def many_timers(ctx):
    import ctypes
    l = ctypes.CDLL(None, use_errno=True); t = ctypes.c_long(); n = 0
    while n < 3000 and l.syscall(222, 1, None, ctypes.byref(t)) == 0: n += 1
    if not n: raise OSError(ctypes.get_errno(), "timer_create")
    return "TIMERS %d" % n                        # success: leak:TIMERS
