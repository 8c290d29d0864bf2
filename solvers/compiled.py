"""
Compiled kernels: one decorator, one cache folder, one command that fills it.

A kernel is a flat function over NumPy arrays, compiled by Numba with the interpreter's lock released and without fast
mathematics, so that a check that recomputes its numbers agrees to the last digit. Kernels live in files named `*_kernels.py`
and call kernels of their own folder only. Numba's own cache notices an edit of the file of a kernel, but not of a kernel in
another file that it calls; so each folder's kernels have a cache named by a hash of them all, of the versions and of the
processor, and an edit of any of them starts an empty one.

`python -m solvers.compiled` (`make kernels`) compiles everything ahead, so that no request ever waits for a compiler.
"""

import importlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import llvmlite
import llvmlite.binding
import numba
import numpy as np

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

ROOT = Path(__file__).resolve().parent
PATTERN = "*_kernels.py"
KEY_LENGTH = 16

WITHOUT_ALLOCATION = {ROOT / "routing", ROOT / "routing" / "pairs", ROOT / "routing" / "plain"}
"""Folders whose kernels make no arrays, but for those that say `allocates`."""

_WARM_UPS: list[Callable[[], object]] = []


def kernel_files(root: Path = ROOT) -> list[Path]:
    """Return the files that hold kernels, sorted."""
    return sorted(root.rglob(PATTERN))


def cache_key(files: list[Path]) -> str:
    """Return a hash of the kernel files, of the compiler's versions and of the processor."""
    processor = f"{llvmlite.binding.get_host_cpu_name()} {llvmlite.binding.get_host_cpu_features().flatten()}"
    digest = sha256(f"{numba.__version__} {llvmlite.__version__} {np.__version__} {processor}".encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:KEY_LENGTH]


def cache_home() -> Path:
    """Return the folder of all caches: beside the packages, or a temporary one where that cannot be written."""
    beside = ROOT.parent / ".kernels"
    for folder in (beside, Path(tempfile.gettempdir()) / f"shadowprice-kernels-{os.getuid()}"):
        with suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            if os.access(folder, os.W_OK) and folder.stat().st_uid == os.getuid():
                return folder
    return beside


HOME = cache_home()


@cache
def cache_of(folder: Path) -> Path:
    """Return the cache of the kernels of one folder; this file tells how they are compiled."""
    return HOME / cache_key([Path(__file__).resolve(), *sorted(folder.glob(PATTERN))])


def kernel(*signatures: str, inline: bool = False, allocates: bool = False) -> Callable[[FunctionT], FunctionT]:
    """
    Compile a function for the given signatures when its module is imported, from the cache where it can.

    Without a signature it is compiled for the types that another kernel calls it with. With `inline` its body is put in the
    place of each call: for the smallest ones, where passing many arrays would take longer than the work itself. `allocates` is
    for a kernel that makes arrays in a folder of `WITHOUT_ALLOCATION`.
    """
    translate: Any = numba.njit  # its overloads cannot be told apart with a list of signatures
    options = {"cache": True, "nogil": True, "fastmath": False, "error_model": "numpy", "forceinline": inline}

    def compiled(function: FunctionT) -> FunctionT:
        folder = Path(function.__code__.co_filename).resolve().parent
        # Without reference counters: with many arrays they take longer at every call than the kernel's own work.
        options["_nrt"] = allocates or folder not in WITHOUT_ALLOCATION
        config: Any = numba.config  # its attributes are made at import
        config.CACHE_DIR = str(cache_of(folder))
        dispatcher: FunctionT = (
            translate(list(signatures), **options)(function) if signatures else translate(**options)(function)
        )
        return dispatcher

    return compiled


def warm_up(function: FunctionT) -> FunctionT:
    """Register a function without arguments that calls a kernel once on a tiny case; see `warm`."""
    _WARM_UPS.append(function)
    return function


def warm() -> None:
    """Call every registered kernel once: processes forked later share what a first call sets up."""
    for function in _WARM_UPS:
        function()


def import_kernels(folder: Path = ROOT) -> int:
    """Import every kernel file below a folder, which compiles it or loads it from the cache; return how many there are."""
    files = kernel_files(folder)
    for file in files:
        importlib.import_module(".".join(("solvers", *file.relative_to(ROOT).with_suffix("").parts)))
    return len(files)


def compile_folders() -> None:
    """Compile the folders whose kernels have no cache yet, as many side by side as there are cores, the largest first."""
    sizes: dict[Path, int] = {}
    for file in kernel_files():
        sizes[file.parent] = sizes.get(file.parent, 0) + file.stat().st_size
    missing = sorted((folder for folder in sizes if not cache_of(folder).exists()), key=lambda folder: -sizes[folder])
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        list(pool.map(import_kernels, missing))


def main() -> None:
    """Compile all kernels and delete the caches of earlier versions."""
    started = time.monotonic()
    compile_folders()
    count = import_kernels()
    warm()
    used = {cache_of(file.parent) for file in kernel_files()}
    for folder in HOME.glob("*"):
        if folder not in used:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{count} kernel files are compiled ({time.monotonic() - started:.1f} s).")  # noqa: T201


if __name__ == "__main__":
    # A module that runs as a program has another name than the one that the kernels import.
    importlib.import_module("solvers.compiled").main()
