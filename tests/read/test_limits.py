"""Documents that take too long, need too much, or break their reader, each in a real process."""

import os
import signal
import time
from threading import Timer

import pytest

from tasks.read import Unreadable, read_all
from tasks.read.limits import Worker, read_limited
from tests.read.containers import compound, word
from tests.read.test_bundle import zipped

PAGE = b"<p>1</p>" * 500_000
"""Four million bytes, some seconds and some hundred million bytes of memory."""


def fault(worker: Worker, content: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        worker.read(content, "a.doc")
    return str(error.value)


def works(worker: Worker) -> bool:
    return worker.read(word("收入\r"), "b.doc")[1].text == ["收入\n"]


def test_one_process_reads_one_document_after_the_other() -> None:
    worker = Worker()
    assert works(worker)
    first = worker._process
    assert fault(worker, compound({})).startswith("a.doc: a compound file of an unknown kind")
    assert works(worker)
    assert worker._process is first is not None


def test_what_takes_too_long_is_stopped_and_the_next_one_is_read() -> None:
    worker = Worker(seconds=0.5)
    begun = time.monotonic()
    assert fault(worker, PAGE) == "a.doc: reading it took longer than 0.5 s: split it, or convert it to DOCX."
    assert time.monotonic() - begun < 5
    assert works(worker)


def test_what_needs_too_much_memory_is_told_and_the_next_one_is_read() -> None:
    worker = Worker(memory=100 * 1024**2)
    assert fault(worker, zipped({"a.txt": bytes(150 * 1024**2)})) == (
        "a.doc: reading it needs more than 0.1 GB of memory: split it."
    )
    assert works(worker)


def test_what_breaks_the_process_is_told_and_the_next_one_is_read() -> None:
    worker = Worker()
    assert works(worker)
    assert worker._process
    Timer(0.2, os.kill, (worker._process.pid, signal.SIGSEGV)).start()  # while it reads the page
    assert fault(worker, PAGE).startswith("a.doc: it broke its reader (SIGSEGV)")
    assert works(worker)


def test_a_process_that_grew_makes_room_for_another() -> None:
    worker = Worker(memory=500 * 1024**2)
    assert len(worker.read(zipped({"a.txt": "收入\n".encode() * 500_000}), "a.zip")[1].text) == 500_000
    assert worker._process is None
    assert works(worker)


def test_a_forked_process_has_a_worker_of_its_own() -> None:
    assert read_limited(word("收入\r"), "a.doc")[1].text == ["收入\n"]
    child = os.fork()
    if not child:
        signal.alarm(20)
        os._exit(read_limited(word("支出\r"), "b.doc")[1].text != ["支出\n"])
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert read_limited(word("结余\r"), "c.doc")[1].text == ["结余\n"]


def test_a_batch_goes_on_behind_a_hostile_document() -> None:
    bomb = zipped({"a.txt": bytes(300 * 1024**2)})
    batch = read_all([("1" * 64, "a.zip", bomb), ("2" * 64, "b.doc", word("收入\r")), ("3" * 64, "c.txt", b"1")])
    assert batch.formats == {"2" * 64: "doc", "3" * 64: "text"}
    assert batch.failures["1" * 64].startswith("a.zip: the archive unpacks to more than")
