"""Network. ctx: port (a TCP service of the platform on 127.0.0.1), udp (a UDP service), unix (path of a socket of the platform), abstract (name of an abstract socket). Whoever is reached answers NETCANARY or notes the knock."""

def tcp_loopback(ctx):
    import socket
    return socket.create_connection(("127.0.0.1", ctx["port"]), 1).recv(99).decode()       # success: leak:NETCANARY

def tcp_loopback_v6_mapped(ctx):
    import socket
    s = socket.socket(socket.AF_INET6); s.settimeout(1); s.connect(("::ffff:127.0.0.1", ctx["port"]))
    return s.recv(99).decode()                   # success: leak:NETCANARY

def tcp_by_urllib(ctx):
    import urllib.request
    return urllib.request.urlopen("http://127.0.0.1:%d/" % ctx["port"], timeout=1).read().decode()     # success: knock

def tcp_by_raw_syscall(ctx):
    import ctypes, struct
    l = ctypes.CDLL(None, use_errno=True); fd = l.syscall(41, 2, 1, 0)
    if fd < 0: raise OSError(ctypes.get_errno(), "socket")
    l.syscall(42, fd, struct.pack(">HH4s8x", 0x0200, ctx["port"], bytes([127, 0, 0, 1])), 16)
    b = ctypes.create_string_buffer(99); n = l.syscall(0, fd, b, 99)
    return b.raw[:max(n, 0)].decode()            # success: leak:NETCANARY

def udp_send(ctx):
    import socket
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"knock", ("127.0.0.1", ctx["udp"]))     # success: knock

def udp_by_sendmsg_on_own_pair(ctx):
    import os, socket
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    a.sendto(b"knock", ctx["unix"])              # success: knock

def unix_socket(ctx):
    import socket
    s = socket.socket(socket.AF_UNIX); s.settimeout(1); s.connect(ctx["unix"])
    return s.recv(99).decode()                   # success: leak:NETCANARY

def abstract_socket(ctx):
    import socket
    s = socket.socket(socket.AF_UNIX); s.settimeout(1); s.connect("\0" + ctx["abstract"])
    return s.recv(99).decode()                   # success: leak:NETCANARY

def listen_for_others(ctx):
    import socket
    s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(1)
    return "LISTENING %d" % s.getsockname()[1]   # success: leak:LISTENING

def resolve_a_name(ctx):
    import socket
    return "RESOLVED %s" % socket.gethostbyname("localhost.example.test")        # success: leak:RESOLVED

def exotic_sockets(ctx):
    """packet, netlink, vsock, bluetooth, alg, xdp, raw ICMP, io over tun"""
    import socket
    got = []
    for family, kind, number in ((17, 3, 3), (16, 3, 0), (40, 1, 0), (31, 3, 1), (38, 5, 0), (44, 3, 0), (2, 3, 1), (29, 3, 1)):
        try: socket.socket(family, kind, number); got.append(str(family))
        except OSError: pass
    return "REACHED " + " ".join(got) if got else "none"     # success: leak:REACHED
