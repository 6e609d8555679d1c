"""The functions of a project, good and bad, for tests of the sandbox."""

from __future__ import annotations

SOURCE = '''\
import os
import sys
import time
from os.path import basename
from httprunner import __version__
from httprunner.exceptions import ParamsError
from httprunner.built_in import gen_random_string
from loguru import logger
from neighbour import helped

calls = [0]


def add(a, b=1):
    """Add two numbers.

    Slowly.
    """
    return a + b


alias = lambda: "lambda"


class Callable:
    def __call__(self):
        return "object"


instance = Callable()
native = len


def count():
    calls[0] += 1
    return calls[0]


def give(value):
    return value


def kind(value):
    return type(value).__name__


def set_header(request, name, value):
    request["headers"][name] = value
    request["auth"] = ("user", "pass")


def only_read(response):
    return [response.status_code, response.text, response.elapsed.total_seconds(), *response.json]


def change_response(response):
    response.status_code = 299
    response.json["code"] = 99
    response.headers["content-TYPE"] = "x/y"
    response.mine = {"a": 1}


def read_response(response):
    raw = response.resp_obj
    return [response.status_code, response.headers["content-type"], raw.json()["code"], repr(response)]


def missing_attribute(response):
    return response.nothing


def env(name):
    return os.environ[name]


def set_env(name, value):
    os.environ[name] = value


def speak():
    print("one")
    logger.info("two {}", 2)
    os.write(1, b"to nobody")


def shout(size):
    print("x" * size)


def fail():
    raise ValueError("key is empty")


def assert_it():
    assert False, "not even"


def opened():
    return open("data.txt", "rb")


def encoder():
    from requests_toolbelt import MultipartEncoder
    return MultipartEncoder({"a": "1", "f": ("n.txt", open("data.txt", "rb"), "text/plain")}, boundary="B")


def name_of(file):
    return basename(file.name)


def endless():
    while True:
        pass


def leave():
    os._exit(7)


def exit_politely():
    sys.exit(2)


def fill_memory():
    return bytearray(100 << 30)


def deep():
    value = []
    for _ in range(5000):
        value = [value]
    return value


def huge(size):
    return "x" * size


def recursive():
    value = []
    value.append(value)
    return value


class Strange:
    def __repr__(self):
        raise RuntimeError("no")


def strange():
    return Strange()


def multiply():
    import time
    for _ in range(400):
        if os.fork() == 0:
            time.sleep(600)
    time.sleep(600)


def background():
    import subprocess
    return subprocess.Popen(["sleep", "600"]).pid
'''
