"""PostgreSQL, Redis and RabbitMQ of our own, to be killed and emptied; those of the machine stay alone."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from amqp import Connection as RabbitConnection
from redis import Redis

from tests.faults.processes import children, free_port, kill
from tests.web.fleet import listens

START_S = 120  # of a busy machine


class Service:
    """One server process that is started again whenever it ended."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self.name = name
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        deadline = time.monotonic() + START_S
        while not self.is_alive or not self.answers():
            assert time.monotonic() < deadline, f"{self.name} does not start, see {self._log}"
            if not self.is_alive:
                self._begin()
            time.sleep(0.1)

    def kill(self) -> None:
        """End it hard, with every process it made."""
        if self._process is not None:
            kill([self._process.pid, *children(self._process.pid)])
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(START_S)

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def answers(self) -> bool:
        return listens(self.port)

    def close(self) -> None:
        self.kill()

    def url(self, port: int) -> str:
        """Its address, as seen through a wire that listens on a port."""
        raise NotImplementedError

    @property
    def _log(self) -> Path:
        return self._folder / f"{self.name}.log"

    def _begin(self) -> None:
        raise NotImplementedError

    def _spawn(self, command: list[str], *, user: str | None = None, **environment: str) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._folder,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=[] if user else None,
            )


class Postgres(Service):
    """A cluster in a folder; it runs as user `postgres` where we are root, because it refuses root."""

    def __init__(self, folder: Path, data: Path, environment: Mapping[str, str]) -> None:
        super().__init__(folder, "postgres")
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
        found = str(programs[0]) if programs else shutil.which("initdb")
        if found is None:
            pytest.skip("no PostgreSQL server here")
        self._programs = Path(found).resolve().parent
        self._data = data / "postgres"
        self._environment = environment
        self._user = "postgres" if os.geteuid() == 0 else None
        self._log.touch()
        self._spawn(
            [found, "-D", str(self._data), "-U", "postgres", "-A", "trust", "--wal-segsize=1"],
            user=self._user,
        )
        assert self._process is not None
        assert self._process.wait(START_S) == 0, self._log.read_text()

    def url(self, port: int) -> str:
        return f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url(self.port), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _begin(self) -> None:
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "min_wal_size": "8MB",
            "max_wal_size": "64MB",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self._data), "-p", str(self.port), *options]
        self._spawn(command, user=self._user, **self._environment)


class RedisServer(Service):
    """Redis without persistence: what a kill leaves is nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "redis")
        self._program = shutil.which("redis-server") or pytest.skip("no redis-server here")

    def url(self, port: int) -> str:
        return f"redis://127.0.0.1:{port}/0"

    def empty(self, _queue: str) -> None:
        """Throw away all it holds."""
        with Redis(port=self.port) as connection:
            connection.flushall()

    def _begin(self) -> None:
        self._spawn([self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""])


class RabbitServer(Service):
    """RabbitMQ under a node name, ports and a folder of its own, with its own port mapper."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "rabbitmq")
        program = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
        self._program = str(program) if program.exists() else shutil.which("rabbitmq-server")
        mapper = shutil.which("epmd")
        if self._program is None or mapper is None:
            pytest.skip("no RabbitMQ server here")
        self._home = folder / "rabbitmq"
        self._home.mkdir()
        (self._home / "plugins").write_text("[].\n")
        (self._home / "nothing.conf").touch()
        port = free_port()
        self._environment = {
            "HOME": str(self._home),
            "ERL_EPMD_PORT": str(port),
            "RABBITMQ_NODENAME": f"faults-{secrets.token_hex(4)}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self._home / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._home / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._home / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(self._home / "nothing.conf"),
            "RABBITMQ_CONFIG_FILE": str(self._home / "nothing.conf"),
        }
        self._mapper = subprocess.Popen([mapper, "-port", str(port), "-address", "127.0.0.1"])

    def url(self, port: int) -> str:
        return f"amqp://guest:guest@127.0.0.1:{port}//"

    def empty(self, queue: str) -> None:
        """Throw away all that lies in a queue."""
        with RabbitConnection(f"127.0.0.1:{self.port}", "guest", "guest") as connection:
            connection.channel().queue_purge(queue)

    def forget(self, queue: str) -> None:
        """Throw away the queue itself."""
        with RabbitConnection(f"127.0.0.1:{self.port}", "guest", "guest") as connection:
            connection.channel().queue_delete(queue)

    def close(self) -> None:
        super().close()
        self._mapper.kill()
        self._mapper.wait(START_S)

    def _begin(self) -> None:
        assert self._program is not None
        self._spawn([self._program], **self._environment)


Broker = RedisServer | RabbitServer
