"""Serving on the loopback interface, and nowhere else."""

from __future__ import annotations

import errno
import socket

import uvicorn
from starlette.types import ASGIApp

from scorer.errors import InputError
from scorer.practice.scoring import BackgroundScorer

HOST = "127.0.0.1"
# One port every time: a browser keeps drafts by address.
DEFAULT_PORT = 8017
# Beyond this many requests at a time others are told to come back.
_MOST_AT_ONCE = 256


def listen(port: int | None) -> socket.socket:
    """A listening socket on the loopback interface, at `port` (None: the usual one, or any where that is taken).

    Raises InputError where the port cannot be had.
    """
    try:
        return socket.create_server((HOST, DEFAULT_PORT if port is None else port))
    except OSError as error:
        if port is None and error.errno == errno.EADDRINUSE:
            return socket.create_server((HOST, 0))
        wanted = DEFAULT_PORT if port is None else port
        raise InputError(f"port {wanted} cannot be used: {error.strerror}; choose another with --port") from error


def serve(app: ASGIApp, listening: socket.socket, scorer: BackgroundScorer) -> None:
    """Answer requests until the process is told to stop. Raises what loading the scorer raised, at once."""
    config = uvicorn.Config(
        app,
        http="h11",
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="on",
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)

    def stop_on_failure(_: object) -> None:
        server.should_exit = server.should_exit or _failed(scorer)

    scorer.loading.add_done_callback(stop_on_failure)
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        return
    if _failed(scorer):
        scorer.loading.result()


def _failed(scorer: BackgroundScorer) -> bool:
    loading = scorer.loading
    return loading.done() and not loading.cancelled() and loading.exception() is not None
