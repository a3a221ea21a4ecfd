"""An object store on this machine: moto's S3 behind a door that can be shut after so many writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server


@dataclass
class Door:
    """Counts what is written or removed, and refuses it from the moment when `left` writes are done."""

    application: Any
    address: str = ""
    written: int = 0
    left: int | None = None
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, environment: dict[str, Any], start_response: Any) -> Any:
        if environment["REQUEST_METHOD"] in ("PUT", "POST", "DELETE"):
            with self._lock:
                self.written += 1
                shut = self.left == 0
                self.left = self.left - 1 if self.left else self.left
            if shut:
                start_response("403 Forbidden", [("Content-Type", "application/xml")])
                return [b"<Error><Code>AccessDenied</Code><Message>The door is shut.</Message></Error>"]
        return self.application(environment, start_response)


class _Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@contextmanager
def object_store() -> Iterator[Door]:
    """The store. Nobody but this machine reaches it; its buckets are those of this process."""
    door = Door(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, door, threaded=True, request_handler=_Silent)
    Thread(target=server.serve_forever, daemon=True).start()
    door.address = f"http://127.0.0.1:{server.server_port}"
    yield door
    server.shutdown()
    server.server_close()
