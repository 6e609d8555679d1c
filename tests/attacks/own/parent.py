"""The worker, the warm process and the line between. ctx as in the other files; the line to the worker is the socket every box has open."""

def _line():
    import os, stat
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode): return fd
        except OSError: pass
    raise OSError("no socket found")

def _frame(body):
    return len(body).to_bytes(4, "big") + body

def forge_two_replies(ctx):
    import os
    body = b'{"id":1,"answers":[{"value":"forged"}]}'
    for _ in range(3): os.write(_line(), _frame(body))       # success: hostdead

def endless_length(ctx):
    import os, time
    os.write(_line(), b"\xff\xff\xff\xff" + b" " * 4096)
    time.sleep(1e6)                              # success: hang

def trickle_reply(ctx):
    import os, time
    fd = _line(); os.write(fd, b"\x00\x0f\xff\xff")
    while True: os.write(fd, b" "); time.sleep(0.2)          # success: hang

def deep_reply(ctx):
    import os
    os.write(_line(), _frame(b"[" * 2000000)); os._exit(0)   # success: hostdead

def huge_number_reply(ctx):
    import os
    os.write(_line(), _frame(b'{"id":1,"answers":[{"value":' + b"9" * 4000000 + b"}]}")); os._exit(0)        # success: hang

def huge_decimal_reply(ctx):
    import os
    os.write(_line(), _frame(b'{"id":1,"answers":[{"value":{"$":"decimal","v":"1e999999999999999999"}}]}')); os._exit(0)       # success: hostdead

def odd_tags_reply(ctx):
    import os
    os.write(_line(), _frame(b'{"id":1,"answers":[{"value":{"$":"timedelta","v":1e308},"changed":{"a":1},"printed":{"b":[]}}]}')); os._exit(0)        # success: hostdead

def unhashable_reply(ctx):
    import os
    os.write(_line(), _frame(b'{"id":1,"answers":[{"value":{"$":"dict","v":[[[],1]]}}]}')); os._exit(0)      # success: hostdead

def binary_reply(ctx):
    import os
    os.write(_line(), _frame(bytes(range(256)) * 100)); os._exit(0)      # success: hostdead

def close_the_line(ctx):
    import os
    os.close(_line()); os._exit(0)               # success: hostdead

def talk_after_the_answer(ctx):
    import os, threading, time
    fd = _line()
    threading.Thread(target=lambda: [(time.sleep(0.01), os.write(fd, b"\0\0\0\1!")) for _ in range(50)], daemon=True).start()
    return "later"                               # success: hostdead

def pass_descriptors_to_the_worker(ctx):
    import array, socket
    s = socket.socket(fileno=_line())
    for _ in range(200): s.sendmsg([b""], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0] * 200))])
    s.detach(); return "sent"                    # success: hostdead

def hide_files_in_flight(ctx):
    import array, os, socket
    n, keep = 0, []
    for _ in range(20):
        a, b = socket.socketpair(); a.setblocking(False); keep.append((a, b))
        try:
            while n < 20000:
                r, w = os.pipe(); a.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [r, w]))]); os.close(r); os.close(w); n += 2
        except OSError: pass
    return "HIDDEN %d" % n if n > 2000 else "few %d" % n     # success: leak:HIDDEN

def kill_the_warm_process(ctx):
    import os
    os.kill(os.getppid(), 9)                     # success: zygote

def freeze_the_warm_process(ctx):
    import os, signal
    os.kill(os.getppid(), signal.SIGSTOP)        # success: zygote

def write_the_warm_process(ctx):
    import ctypes, os
    class IOV(ctypes.Structure): _fields_ = [("b", ctypes.c_void_p), ("l", ctypes.c_size_t)]
    l = ctypes.CDLL(None, use_errno=True); buf = ctypes.create_string_buffer(8)
    lo = IOV(ctypes.addressof(buf), 8); re = IOV(id(None), 8)
    if l.process_vm_readv(os.getppid(), ctypes.byref(lo), 1, ctypes.byref(re), 1, 0) < 0: raise OSError(ctypes.get_errno(), "process_vm_readv")
    return "READ ITS MEMORY"                     # success: leak:READ ITS MEMORY

def attach_to_the_warm_process(ctx):
    import ctypes, os
    l = ctypes.CDLL(None, use_errno=True); l.ptrace.restype = ctypes.c_long
    if l.ptrace(0x4206, os.getppid(), None, None): raise OSError(ctypes.get_errno(), "ptrace")
    return "SEIZED"                              # success: leak:SEIZED

def scan_own_memory(ctx):
    import re
    hits = b""
    m = open("/proc/self/mem", "rb", 0)
    for l in open("/proc/self/maps"):
        a, b = [int(x, 16) for x in l.split()[0].split("-")]
        if " rw" in l:
            try: m.seek(a); hits += b"".join(re.findall(rb"MEMCANARY_[0-9a-f]{16}|ENVCANARY_[0-9a-f]{16}", m.read(b - a)))
            except OSError: pass
    return hits.decode()                         # success: memcanary

def import_the_platform(ctx):
    import importlib, sys
    sys.path.append(ctx["repository"])
    return "PLATFORM %s" % importlib.import_module("hat.web.settings").__file__      # success: leak:PLATFORM

def hostile_text_of_a_result(ctx):
    class Odd:
        def __repr__(self):
            while True: pass
    return Odd()                                 # success: hang

def huge_error(ctx):
    raise ValueError("x" * (100 << 20))          # success: bigresult

def leave_something_at_exit(ctx):
    import atexit
    atexit.register(lambda: open(ctx["marker"], "w").write("escaped"))
    raise SystemExit(0)                          # success: marker
