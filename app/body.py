"""Reading a request body: media type, decompression and size, with constant memory beyond the limit."""

import zlib
from collections.abc import Callable, Iterator

import zstandard
from starlette.requests import Request

from app.errors import ProblemError

MIB = 1024 * 1024
CHUNK = 64 * 1024
"""Bytes that are decompressed before the size is looked at again."""

Decompress = Callable[[bytes], Iterator[bytes]]


async def read_body(request: Request, max_mb: int) -> bytes:
    """
    Return the decompressed body.

    Raises
    ------
    ProblemError
        413 above the limit (counted after decompression), 415 for another media type or coding, 400 for broken compression.
    """
    _require_json(request)
    decompress = _decompressor(request.headers.get("content-encoding", "identity").strip().lower())
    limit = max_mb * MIB
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise _too_large(max_mb)
    parts: list[bytes] = []
    size = 0
    async for received in request.stream():
        for part in decompress(received):
            size += len(part)
            if size > limit:
                raise _too_large(max_mb)
            parts.append(part)
    return b"".join(parts)


def _too_large(max_mb: int) -> ProblemError:
    return ProblemError("BODY_TOO_LARGE", f"The body is larger than {max_mb} MiB, which counts after decompression.")


def _require_json(request: Request) -> None:
    given = request.headers.get("content-type", "")
    media_type = given.split(";")[0].strip().lower()
    if media_type != "application/json" and not (media_type.startswith("application/") and media_type.endswith("+json")):
        named = "no Content-Type" if not given else "another Content-Type"
        raise ProblemError("UNSUPPORTED_MEDIA_TYPE", f"The request has {named}; this path reads application/json.")


def _decompressor(coding: str) -> Decompress:
    if coding in ("", "identity"):
        return lambda received: iter((received,))
    if coding in ("gzip", "x-gzip"):
        return _gzip()
    if coding == "zstd":
        return _zstd()
    raise ProblemError("UNSUPPORTED_ENCODING", "Content-Encoding may be gzip, zstd or identity.")


def _gzip() -> Decompress:
    machine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    def decompress(received: bytes) -> Iterator[bytes]:
        try:
            while received:
                yield machine.decompress(received, CHUNK)
                received = machine.unconsumed_tail
        except zlib.error as error:
            raise ProblemError("INVALID_COMPRESSION", "The body is not gzip.") from error

    return decompress


def _zstd() -> Decompress:
    machine = zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj(write_size=CHUNK, read_across_frames=False)

    def decompress(received: bytes) -> Iterator[bytes]:
        try:
            for start in range(0, len(received), CHUNK // 64):
                if machine.eof:
                    return
                yield machine.decompress(received[start : start + CHUNK // 64])
        except zstandard.ZstdError as error:
            raise ProblemError("INVALID_COMPRESSION", "The body is not zstd.") from error

    return decompress
