"""An S3-compatible server on loopback, started once a run, with a fresh bucket for each test."""

from __future__ import annotations

import contextlib
import functools
import http.client
import os
import threading
import time
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3

from dedere.base.identifiers import RandomIdentifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_s3 import S3Client

# Fictional: the server accepts any.
os.environ.setdefault("AWS_ACCESS_KEY_ID", "testing")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "testing")
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")


@functools.cache
def _endpoint() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the server's own dependencies
        from moto.server import ThreadedMotoServer

        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


@contextlib.contextmanager
def storage_client() -> Iterator[tuple[S3Client, str]]:
    """A client of the server and the name of an empty bucket."""
    client = boto3.client("s3", endpoint_url=_endpoint())
    bucket = RandomIdentifiers().new()
    client.create_bucket(Bucket=bucket)
    try:
        yield client, bucket
    finally:
        client.close()


@contextlib.contextmanager
def storage() -> Iterator[tuple[str, str]]:
    """The server's address and the name of an empty bucket."""
    with storage_client() as (_client, bucket):
        yield _endpoint(), bucket


class Answer:
    """What the server answered, to be handed on as it is, or otherwise."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = status
        self.headers = [(name, value) for name, value in headers if name.lower() not in _OWN_HEADERS]
        self.body = body
        self.said_length = len(body)


_OWN_HEADERS = {"content-length", "transfer-encoding", "connection", "date", "server"}


@contextlib.contextmanager
def between(meddle: Callable[[str, str, Answer], None]) -> Iterator[str]:
    """The address of a storage service that hands everything on, and lets `meddle` (method, path, answer) spoil it."""
    target = urlsplit(_endpoint())

    class Between(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            connection = http.client.HTTPConnection(target.hostname or "", target.port or 0, timeout=30)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
            connection.request(self.command, self.path, self.rfile.read(length), headers)
            with connection.getresponse() as given:
                answer = Answer(given.status, given.getheaders(), given.read())
            connection.close()
            meddle(self.command, self.path, answer)
            with contextlib.suppress(OSError):  # whoever asked has given up
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(answer.said_length))
                self.end_headers()
                self.wfile.write(answer.body)
            self.close_connection = True

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass_on  # noqa: N815 - names of the standard library

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Between)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def wait(seconds: float) -> Callable[[str, str, Answer], None]:
    """A service that takes its time."""
    return lambda _method, _path, _answer: time.sleep(seconds)
