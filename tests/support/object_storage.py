"""An S3-compatible server on loopback, started once a run, with a fresh bucket for each test."""

from __future__ import annotations

import contextlib
import functools
import os
import warnings
from typing import TYPE_CHECKING

import boto3

from dedere.base.identifiers import RandomIdentifiers

if TYPE_CHECKING:
    from collections.abc import Iterator

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
