from __future__ import annotations

import socket
import threading
from time import monotonic
from typing import Any

import pytest

from hat.engine.loop import CancelledError, Future, Loop, current_task, run, running, spawn
from hat.engine.sockets import READ
from hat.engine.thread import LoopThread
from hat.engine.waiting import Event, Lock, all_ended, happens, in_thread, sleep, timeout, timeout_at


async def forever() -> None:
    await Future[None]()


def test_tasks_take_turns_and_give_what_they_return() -> None:
    seen: list[str] = []

    async def count(name: str) -> str:
        for number in range(2):
            seen.append(f"{name}{number}")
            await sleep(0)
        return name

    async def talk() -> list[str]:
        return [await task for task in [spawn(count("a")), spawn(count("b"))]]

    assert run(talk()) == ["a", "b"]
    assert seen == ["a0", "b0", "a1", "b1"]


def test_who_waits_for_a_task_hears_its_error() -> None:
    async def fail() -> None:
        raise ValueError("no")

    async def talk() -> None:
        task = spawn(fail())
        await all_ended([task])
        assert isinstance(task.error, ValueError)
        await task

    with pytest.raises(ValueError, match="no"):
        run(talk())


def test_timers_go_off_in_order() -> None:
    seen: list[int] = []

    async def wait(number: int) -> None:
        await sleep(number / 1000)
        seen.append(number)

    async def talk() -> None:
        await all_ended([spawn(wait(number)) for number in (9, 3, 6)])

    run(talk())
    assert seen == [3, 6, 9]


def test_timers_called_off_are_forgotten() -> None:
    async def talk() -> int:
        for _ in range(2000):
            async with timeout(3600):
                await sleep(0)
        return len(running()._timers)

    assert run(talk()) < 1000


def test_a_cancel_is_raised_where_a_task_waits_and_may_be_taken_back() -> None:
    async def stubborn() -> str:
        try:
            await forever()
        except CancelledError:
            current_task().uncancel()
        await sleep(0)
        return "went on"

    async def talk() -> str:
        task = spawn(stubborn())
        await sleep(0)
        task.cancel()
        return await task

    assert run(talk()) == "went on"


def test_a_task_cancelled_before_its_first_turn_begins_and_ends_where_it_waits() -> None:
    seen: list[str] = []

    async def work() -> None:
        seen.append("begun")
        await forever()

    async def talk() -> None:
        task = spawn(work())
        task.cancel()
        await task

    with pytest.raises(CancelledError):
        run(talk())
    assert seen == ["begun"]


def test_cancelling_who_waits_leaves_the_task_alone() -> None:
    async def work() -> str:
        await sleep(0.005)
        return "done"

    async def talk() -> str:
        task = spawn(work())

        async def wait() -> str:
            return await task

        waiting = spawn(wait())
        await sleep(0)
        waiting.cancel()
        await all_ended([waiting])
        assert isinstance(waiting.error, CancelledError)
        return await task

    assert run(talk()) == "done"


def test_a_timeout_ends_its_block_alone() -> None:
    async def talk() -> str:
        with pytest.raises(TimeoutError):
            async with timeout(0.005):
                await forever()
        await sleep(0)
        async with timeout(3600), timeout_at(None):
            await sleep(0)
        return "went on"

    assert run(talk()) == "went on"


def test_an_inner_timeout_leaves_the_outer_one_running() -> None:
    async def talk() -> None:
        async with timeout(0.02):
            with pytest.raises(TimeoutError):
                async with timeout(0.001):
                    await forever()
            await forever()

    with pytest.raises(TimeoutError):
        run(talk())


def test_a_cancel_inside_a_timeout_stays_a_cancel() -> None:
    async def wait() -> None:
        async with timeout(0.0):
            await forever()

    async def talk() -> None:
        task = spawn(wait())
        await sleep(0)
        task.cancel()
        await task

    with pytest.raises(CancelledError):
        run(talk())


def test_a_lock_lets_one_in_at_a_time_in_order() -> None:
    async def talk() -> list[int]:
        lock, seen = Lock(), []

        async def work(number: int) -> None:
            async with lock:
                seen.append(number)
                await sleep(0)
                seen.append(number)

        tasks = [spawn(work(number)) for number in range(4)]
        await sleep(0)
        tasks[1].cancel()  # waits
        await all_ended(tasks)
        assert not lock.is_held
        return seen

    assert run(talk()) == [0, 0, 2, 2, 3, 3]


def test_a_lock_handed_to_a_cancelled_task_goes_on_to_the_next() -> None:
    async def talk() -> bool:
        lock = Lock()

        async def work() -> None:
            async with lock:
                await sleep(0)

        await lock.__aenter__()
        first, second = spawn(work()), spawn(work())
        await sleep(0)
        await lock.__aexit__()
        first.cancel()
        await all_ended([first, second])
        return second.error is None and not lock.is_held

    assert run(talk())


def test_an_event_wakes_all_who_wait() -> None:
    async def talk() -> list[str]:
        event, seen = Event(), []

        async def wait(name: str) -> None:
            await event.wait()
            seen.append(name)

        tasks = [spawn(wait("a")), spawn(wait("b"))]
        await sleep(0)
        event.set()
        await all_ended(tasks)
        event.clear()
        assert not event.is_set
        return seen

    assert run(talk()) == ["a", "b"]


def test_a_socket_wakes_who_waits_for_it() -> None:
    near, far = socket.socketpair()

    async def talk() -> bytes:
        waiting = spawn(happens(near.fileno(), READ))
        await sleep(0)
        far.send(b"x")
        await waiting
        return near.recv(1)

    with near, far:
        assert run(talk()) == b"x"


def test_what_holds_up_is_done_in_a_thread() -> None:
    async def talk() -> bool:
        with pytest.raises(ZeroDivisionError):
            await in_thread(divmod, 1, 0)
        return await in_thread(threading.get_ident) == threading.get_ident()

    assert not run(talk())


def test_a_loop_may_be_left_and_entered_again_also_inside_another() -> None:
    outer, inner = Loop(), Loop()

    async def give(value: int) -> int:
        assert running() is inner
        await sleep(0)
        return value

    async def talk() -> int:
        found = inner.run(give(1)) + inner.run(give(2))
        assert running() is outer
        return found

    assert outer.run(talk()) == 3
    outer.close()
    inner.close()
    with pytest.raises(RuntimeError, match="on a loop of the engine"):
        running()


def test_an_interrupt_ends_the_main_task_in_order() -> None:
    seen: list[str] = []

    async def interrupt() -> None:
        raise KeyboardInterrupt

    async def talk() -> None:
        spawn(interrupt())
        try:
            await forever()
        finally:
            await sleep(0)
            seen.append("ended")

    with pytest.raises(KeyboardInterrupt):
        run(talk())
    assert seen == ["ended"]


def test_a_thread_does_work_for_others_and_tells_how_it_ended() -> None:
    thread = LoopThread()
    ends: list[BaseException | None] = []
    told = threading.Event()

    def ended(error: BaseException | None) -> None:
        ends.append(error)
        told.set()

    async def fail() -> None:
        raise ValueError("no")

    def wait_for(work: Any, *, give_up: bool = False) -> None:
        told.clear()
        cancel = thread.begin(work, ended)
        if give_up:
            cancel()
        assert told.wait(20)

    async def good() -> None:
        assert monotonic()

    wait_for(good)
    wait_for(fail)
    wait_for(forever, give_up=True)
    thread.begin(forever, ended)
    thread.close()

    assert [type(end) for end in ends] == [type(None), ValueError, type(None), type(None)]
