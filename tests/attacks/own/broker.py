"""With a network: the project may connect, by the policy. ctx: host, port (a service the policy refuses, like HAT's database), udp, unix, allowed (a TCP port the policy allows, which cuts connections by a reset)."""

def metadata_of_the_cloud(ctx):
    import socket
    for host in ("169.254.169.254", "::ffff:169.254.169.254", "100.100.100.200", "fd00:ec2::254", "2852039166"):
        try: socket.create_connection((host, 80), 0.3); return "CONNECTED " + host
        except PermissionError: pass
        except OSError as error: return "TRIED %s: %s" % (host, error)
    return "all refused"                         # success: leak:T

def port_of_the_database(ctx):
    import socket
    return socket.create_connection((ctx["host"], ctx["port"]), 1).recv(99).decode()       # success: leak:NETCANARY

def database_by_other_spellings(ctx):
    import socket
    got = []
    for host in ("localhost", "LOCALHOST.", "2130706433", "0x7f.1", "0177.1", "127.1", "0", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "::ffff:7f00:1", "127.0.0.1%lo", "[::1]", "64:ff9b::7f00:1"):
        try: got.append(socket.create_connection((host, ctx["port"]), 0.3).recv(99).decode())
        except (OSError, ValueError): pass
    return " ".join(got)                         # success: leak:NETCANARY

def database_by_urllib(ctx):
    import urllib.request
    return urllib.request.urlopen("http://127.0.0.1:%d/" % ctx["port"], timeout=1).read().decode()     # success: knock

def own_socket_beside_the_stand_in(ctx):
    import _socket
    s = _socket.socket(2, 1); s.settimeout(1); s.connect((ctx["host"], ctx["port"]))
    return s.recv(99).decode()                   # success: leak:NETCANARY

def connect_what_was_given_anew(ctx):
    """Take a connection that is allowed, let it break, and make the kernel connect it somewhere else."""
    import ctypes, socket, struct, time
    s = socket.create_connection(("127.0.0.1", ctx["allowed"]), 1)
    try: s.recv(99)
    except OSError: pass
    time.sleep(0.3)
    where = struct.pack("=H", 2) + struct.pack(">H", ctx["port"]) + bytes([127, 0, 0, 1]) + bytes(8)
    libc = ctypes.CDLL(None)
    for _ in range(3):
        libc.sendto(s.fileno(), b"knock", 5, 0x20000000, where, 16)     # MSG_FASTOPEN
        libc.connect(s.fileno(), struct.pack("=H14x", 0), 16)
        libc.connect(s.fileno(), where, 16)
    b = ctypes.create_string_buffer(99); n = libc.recv(s.fileno(), b, 99, 0x40)
    return b.raw[:max(n, 0)].decode()            # success: knock

def raw_and_packet_sockets(ctx):
    import _socket, socket
    got = []
    for family, kind, number in ((2, 3, 1), (2, 3, 6), (10, 3, 58), (17, 3, 3), (16, 3, 0), (40, 1, 0), (38, 5, 0)):
        for make in (socket.socket, _socket.socket):
            try: make(family, kind, number); got.append(str(family))
            except OSError: pass
    return "REACHED " + " ".join(got) if got else "none"     # success: leak:REACHED

def datagrams(ctx):
    import _socket, socket
    for make in (socket.socket, _socket.socket):
        try: make(2, 2).sendto(b"knock", ("127.0.0.1", ctx["udp"]))
        except OSError: pass
    s = socket.create_connection(("127.0.0.1", ctx["allowed"]), 1)
    return s.sendto(b"knock", ("127.0.0.1", ctx["udp"]))     # success: knock

def local_socket_by_name(ctx):
    import socket
    s = socket.create_connection(("127.0.0.1", ctx["allowed"]), 1)
    try: s.sendto(b"knock", ctx["unix"])
    except (OSError, TypeError): pass
    t = socket.socket(socket.AF_UNIX); t.connect(ctx["unix"])
    return t.recv(99).decode()                   # success: knock

def listen_for_others(ctx):
    import socket
    s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(1)
    return "LISTENING %d" % s.getsockname()[1]   # success: leak:LISTENING

def _line():
    import socket
    cells = [cell.cell_contents for cell in socket.socket.connect.__closure__]
    return next(one for one in cells if hasattr(one, "_sock"))._sock

def forged_questions(ctx):
    import json, socket
    line, got = _line(), []
    for host in ("127.0.0.1\0.example.org", "allowed\r\n127.0.0.1", ["127.0.0.1"], {"h": 1}, 2130706433, None, True, "", " 127.0.0.1", "127.0.0.1:%d" % ctx["port"], "x" * 3000):
        for port in (ctx["port"], str(ctx["port"]), float(ctx["port"]), ctx["port"] + 65536, -1, True, None, [ctx["port"]]):
            line.send(json.dumps([host, port, 1e400 if port is None else 0.2]).encode())
            raw, fds, _, _ = socket.recv_fds(line, 4096, 4)
            for fd in fds:
                s = socket.socket(2, 1, 0, fd); s.settimeout(0.3)
                try: got.append(s.recv(99).decode())
                except OSError: pass
    return " ".join(got)                         # success: leak:NETCANARY

def nonsense_to_the_broker(ctx):
    line = _line()
    for raw in (b"\xff" * 4096, b"[" * 4000, b"{}", b"[1]", b"null", b'["a", 1, NaN]', b'["127.0.0.1", 1e999, 1]'):
        line.send(raw)
    line.send(b"")
    return "sent"                                # success: hostdead

def flood_of_questions(ctx):
    line = _line(); line.setblocking(False)
    sent = 0
    for _ in range(200000):
        try: line.send(b'["127.0.0.1", 1, 0.1]'); sent += 1
        except BlockingIOError: break
    return sent                                  # success: hostdead

def descriptors_to_the_broker(ctx):
    import os, socket
    line, (r, w) = _line(), os.pipe()
    s = socket.create_connection(("127.0.0.1", ctx["allowed"]), 1)
    for sock in (line, s):
        for _ in range(500):
            try: socket.send_fds(sock, [b'["127.0.0.1", 1, 0.1]'], [r] * 20, 0x40)
            except OSError: break
    return "sent"                                # success: hostdead

def connections_without_end(ctx):
    import socket
    held = []
    for _ in range(2000):
        try: held.append(socket.create_connection(("127.0.0.1", ctx["allowed"]), 0.3))
        except OSError: break
    return len(held)                             # success: hostdead

def keep_a_connection_after_the_run(ctx):
    import socket, threading, time
    s = socket.create_connection(("127.0.0.1", ctx["allowed"]), 1)
    def later():
        while True:
            time.sleep(0.01)
            try: s.send(b"x")
            except OSError: pass
    threading.Thread(target=later, daemon=True).start()
    return "left"                                # success: lingering

def _try(host, port, limit=0.5):
    import socket
    with socket.create_connection((host, port), limit) as s:
        s.settimeout(0.3); return s.recv(99).decode()

def names_with_line_breaks(ctx):
    got = []
    for host in ("127.0.0.1\r\nX: y", "127.0.0.1\n", "127.0.0.1\0.example.org", "127.0.0.1 ", "127.0.0.1\t", "\u202e127.0.0.1", "localhost#@example.org", "example.org@127.0.0.1", "127.0.0.1/..", "127.0.0.1:80", "[127.0.0.1]"):
        try: got.append(_try(host, ctx["port"]))
        except (OSError, ValueError): pass
    return " ".join(got)                         # success: leak:NETCANARY

def names_in_letters_of_others(ctx):
    got = []
    for host in ("\uff11\uff12\uff17.\uff10.\uff10.\uff11", "127\u30020\u30020\u30021", "\u2460\u2461\u2466.0.0.1", "loc\u0430lhost", "LOCALHOST", "localhost\uff0e", "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3", "xn--localhost-", "ip6-localhost", "localhost.localdomain"):
        try: got.append(_try(host, ctx["port"]))
        except (OSError, ValueError): pass
    return " ".join(got)                         # success: leak:NETCANARY

def numbers_that_wrap_around(ctx):
    got = []
    for port in (65536 + ctx["port"], ctx["port"] - 65536, float(ctx["port"]), str(ctx["port"]), ctx["port"] + 2**32, -0.0, True):
        try: got.append(_try("127.0.0.1", port))
        except (OSError, ValueError, TypeError, OverflowError): pass
    for host in ("017700000001", "0x7f000001", "127.0.1", "127.0.0.01", "0000::1", "0:0:0:0:0:ffff:127.0.0.1", "::127.0.0.1", "2002:7f00:1::", "fe80::1%1", "0300.0250.1.1"):
        try: got.append(_try(host, ctx["port"]))
        except (OSError, ValueError): pass
    return " ".join(got)                         # success: leak:NETCANARY

def redirected_by_what_was_allowed(ctx):
    import http.client
    got = []
    for path in ("http://127.0.0.1:%d/" % ctx["port"], "//127.0.0.1:%d" % ctx["port"]):
        try:
            c = http.client.HTTPConnection("127.0.0.1", ctx["allowed"], timeout=0.5); c.set_tunnel("127.0.0.1", ctx["port"]); c.request("GET", path); got.append(c.getresponse().read().decode())
        except (OSError, ValueError, http.client.HTTPException): pass
    return " ".join(got)                         # success: leak:NETCANARY

def questions_of_many_threads(ctx):
    import threading
    got = []
    def ask():
        for host in ("127.0.0.1", "localhost", "::1"):
            try: got.append(_try(host, ctx["port"], 0.2))
            except (OSError, ValueError): pass
    many = [threading.Thread(target=ask, daemon=True) for _ in range(20)]
    for one in many:
        try: one.start()
        except RuntimeError: pass
    for one in many:
        if one.ident: one.join(1)
    return " ".join(got)                         # success: leak:NETCANARY

def names_that_are_never_resolved(ctx):
    """Thousands of names; whoever resolves them must not keep the others waiting."""
    import socket
    for n in range(3000):
        try: socket.create_connection(("h%d.invalid" % n, 80), 0.05)
        except OSError: pass
    return "asked"                               # success: hostdead

def more_than_may_be_said(ctx):
    import gc, socket
    for one in gc.get_objects():
        if type(one).__name__ == "socket" and one.family == socket.AF_UNIX:
            for piece in (b"x" * 200000, b"[" * 4000, b'{"a":1}', b"null", b'["127.0.0.1",NaN,1]', b'["127.0.0.1",%d,1e999]' % ctx["port"], b'["\\ud800",80,1]'):
                try: one.send(piece)
                except OSError: pass
    return "said"                                # success: hostdead
