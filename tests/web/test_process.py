"""The supervisor with real child processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from hat.error import UsageError
from hat.web.lock import FolderLock
from hat.web.process import BACKOFF_S, address, listen, when_it_answers

TIMEOUT_S = 30


def supervisor(tmp_path: Path, body: str) -> subprocess.Popen[str]:
    """A process that supervises; `body` makes the parts and sees `folder` for notes of the children."""
    program = f"""
    import sys
    from pathlib import Path
    from hat.web.process import Part, Supervisor
    folder = Path({str(tmp_path)!r})
    start = "import os, sys, time, pathlib\\nfolder = pathlib.Path(sys.argv[1])\\n"
    def child(code):
        return (sys.executable, "-c", start + code, str(folder))
    {textwrap.indent(textwrap.dedent(body), "    ").strip()}
    sys.exit(supervisor.run(parts))
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_part_that_dies_is_started_again(tmp_path: Path) -> None:
    process = supervisor(
        tmp_path,
        """
        parts = [Part("worker", child(
            "count = len(list(folder.iterdir())); (folder / str(count)).touch()\\n"
            "print(count, flush=True)\\n"
            "os.kill(os.getpid(), 9) if count < 1 else sys.stdin.read()"))]
        supervisor = Supervisor(grace_s=5)
        """,
    )

    assert (line(process), line(process)) == ("0", "1")
    process.terminate()
    _, errors = process.communicate(timeout=TIMEOUT_S)

    assert process.returncode == 0
    assert "worker was killed by signal 9; starting it again" in errors


def test_a_part_used_wrongly_ends_all_with_its_code(tmp_path: Path) -> None:
    process = supervisor(
        tmp_path,
        """
        parts = [Part("web", child("sys.exit(2)")), Part("worker", child("sys.stdin.read()"))]
        supervisor = Supervisor(grace_s=5)
        """,
    )

    process.communicate(timeout=TIMEOUT_S)

    assert process.returncode == 2


def test_a_part_that_ran_before_is_started_again_whatever_its_code(tmp_path: Path) -> None:
    """The web process says 2 as well when its disk is full at its second start."""
    process = supervisor(
        tmp_path,
        """
        parts = [Part("web", child(
            "count = len(list(folder.iterdir())); (folder / str(count)).touch()\\n"
            "print(count, flush=True)\\n"
            "os.kill(os.getpid(), 9) if count == 0 else sys.exit(2) if count == 1 else sys.stdin.read()"))]
        supervisor = Supervisor(grace_s=5)
        """,
    )

    assert [line(process) for _ in range(3)] == ["0", "1", "2"]
    process.terminate()
    process.communicate(timeout=TIMEOUT_S)

    assert process.returncode == 0


def test_what_waits_for_an_answer_is_not_content_with_a_fault() -> None:
    """A refusal will do: who set HAT_ALLOWED_HOSTS may have left this address out."""
    statuses = iter((500, 503, 400))
    asked: list[int] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(next(statuses))
            self.send_response(asked[-1])
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    ready = threading.Event()
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        when_it_answers(server.socket, "/healthz", ready.set)
        assert ready.wait(TIMEOUT_S), asked
        server.shutdown()

    assert asked == [500, 503, 400]


def test_a_part_that_ends_all_ends_the_others_cleanly(tmp_path: Path) -> None:
    process = supervisor(
        tmp_path,
        """
        parts = [
            Part("worker", child(
                "import signal\\nsignal.signal(15, lambda *_: (print('clean', flush=True), sys.exit(0)))\\n"
                "(folder / 'up').touch(); time.sleep(60)")),
            Part("job", child("\\nwhile not (folder / 'up').exists(): time.sleep(0.01)"), ends_all=True),
        ]
        supervisor = Supervisor(grace_s=5)
        """,
    )

    output, _ = process.communicate(timeout=TIMEOUT_S)

    assert (process.returncode, output.strip()) == (0, "clean")


def test_a_child_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    process = supervisor(
        tmp_path,
        """
        parts = [Part("stubborn", child(
            "import signal\\nsignal.signal(15, signal.SIG_IGN)\\n"
            "print(os.getpid(), flush=True)\\ntime.sleep(60)"))]
        supervisor = Supervisor(grace_s=0.1)
        """,
    )

    pid = int(line(process))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=TIMEOUT_S)

    assert process.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    """The child says it is gone through a pipe that closes with it."""
    process = supervisor(
        tmp_path,
        """
        parts = [Part("worker", child(
            "import signal, threading\\nfrom hat.web.process import end_with_parent\\n"
            "end_with_parent(lambda: os._exit(0))\\nprint('up', flush=True)\\ntime.sleep(60)"))]
        supervisor = Supervisor(grace_s=5)
        """,
    )
    assert line(process) == "up"

    process.kill()
    process.wait(timeout=TIMEOUT_S)

    # The child holds the other end of our pipe: it reads as ended only when the child is gone.
    assert line(process) == ""
    process.communicate(timeout=TIMEOUT_S)


def test_the_wait_between_two_starts_grows_to_a_limit() -> None:
    assert list(BACKOFF_S) == sorted(BACKOFF_S)
    assert BACKOFF_S[0] == 0
    assert BACKOFF_S[-1] <= 10


def test_a_taken_port_is_named_with_its_option() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(UsageError, match=f"port {port} of 127.0.0.1 cannot be opened") as refused:
            listen("127.0.0.1", port)

    assert refused.value.hint.endswith("choose another port with --port")


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_does_not_exist_is_refused(port: int) -> None:
    with pytest.raises(UsageError, match="cannot be opened"):
        listen("127.0.0.1", port)


def test_the_address_of_a_socket_that_listens_everywhere_is_this_machine() -> None:
    with socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))
        port = everywhere.getsockname()[1]

        assert address(everywhere) == f"http://127.0.0.1:{port}"


def test_a_second_instance_on_a_data_folder_is_refused(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.take()
    first.say("process 7, http://127.0.0.1:8700")

    with pytest.raises(UsageError, match=r"in use by another HAT \(process 7, http://127.0.0.1:8700\)"):
        second.take()

    first.release()
    second.take()
    second.release()
