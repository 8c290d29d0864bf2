"""Reading a request body: media type, decompression and size, with constant memory beyond the limit."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import zstandard
from starlette.requests import Request

from app.errors import ProblemError

MIB = 1024 * 1024
PIECE = 1024
"""Compressed bytes that are decompressed before the size is looked at again: at most 1 MiB of gzip comes out of them."""

Machine = Any
"""A decompressor of zlib or zstandard: `decompress`, `eof`, `unused_data`."""


class Decompressor:
    """
    Decompresses a body that comes in pieces; several compressed members one after the other count as one text.

    Parameters
    ----------
    name
        Of the coding, for messages.
    start
        Makes the machine that reads one member; None when the body is not compressed.
    """

    def __init__(self, name: str, start: Callable[[], Machine] | None) -> None:
        self._name = name
        self._start = start
        self._machine: Machine = None

    def feed(self, received: bytes) -> Iterator[bytes]:
        """Yield what comes out of the next piece of the body."""
        if self._start is None:
            yield received
            return
        for place in range(0, len(received), PIECE):
            yield from self._decompress(self._start, received[place : place + PIECE])

    def finish(self) -> None:
        """
        End the body.

        Raises
        ------
        ProblemError
            400 when the last member is cut off.
        """
        if self._machine is not None:
            raise ProblemError("INVALID_COMPRESSION", f"The {self._name} data ends too early.")

    def _decompress(self, start: Callable[[], Machine], piece: bytes) -> Iterator[bytes]:
        try:
            while piece:
                self._machine = self._machine or start()
                yield self._machine.decompress(piece)
                piece = b""
                if self._machine.eof:
                    piece, self._machine = self._machine.unused_data, None
        except (zlib.error, zstandard.ZstdError) as error:
            raise ProblemError("INVALID_COMPRESSION", f"The body is not {self._name}.") from error


async def read_body(request: Request, max_mb: int, *, also: Sequence[str] = ()) -> bytes:
    """
    Return the decompressed body: JSON, or one of the media types that the endpoint takes `also`.

    Raises
    ------
    ProblemError
        413 above the limit (counted after decompression), 415 for another media type or coding, 400 for broken compression.
    """
    if media_type(request) not in also:
        _require_json(request, also)
    decompressor = _decompressor(request.headers.get("content-encoding", "identity").strip().lower())
    limit = max_mb * MIB
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise _too_large(max_mb)
    parts: list[bytes] = []
    size = 0
    async for received in request.stream():
        for part in decompressor.feed(received):
            size += len(part)
            if size > limit:
                raise _too_large(max_mb)
            parts.append(part)
    decompressor.finish()
    return b"".join(parts)


def _too_large(max_mb: int) -> ProblemError:
    return ProblemError("BODY_TOO_LARGE", f"The body is larger than {max_mb} MiB, which counts after decompression.")


def media_type(request: Request) -> str:
    """Return the media type of the body without its parameters, in small letters; empty where none is given."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


def _require_json(request: Request, also: Sequence[str]) -> None:
    given = media_type(request)
    if given != "application/json" and not (given.startswith("application/") and given.endswith("+json")):
        named = "no Content-Type" if not given else "another Content-Type"
        choice = "".join(f" or {other}" for other in also)
        detail = f"The request has {named}; send the header Content-Type: application/json{choice}."
        raise ProblemError("UNSUPPORTED_MEDIA_TYPE", detail)


def _decompressor(coding: str) -> Decompressor:
    if coding in ("", "identity"):
        return Decompressor("identity", None)
    if coding in ("gzip", "x-gzip"):
        return Decompressor("gzip", lambda: zlib.decompressobj(wbits=zlib.MAX_WBITS | 16))
    if coding == "zstd":
        machine = zstandard.ZstdDecompressor(max_window_size=2**27)
        return Decompressor("zstd", lambda: machine.decompressobj(read_across_frames=False))
    raise ProblemError("UNSUPPORTED_ENCODING", "Content-Encoding may be gzip, zstd or identity.")
