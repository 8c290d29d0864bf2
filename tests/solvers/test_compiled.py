"""The cache of compiled kernels: what it depends on, and that no request waits for a compiler."""

from pathlib import Path

import numba
import numpy as np

from solvers import compiled


def test_an_edit_of_any_kernel_file_starts_another_cache(tmp_path: Path):
    """A kernel that calls one in an edited file may not keep its old code."""
    first, second = tmp_path / "a_kernels.py", tmp_path / "b_kernels.py"
    first.write_text("x = 1\n")
    second.write_text("y = 1\n")
    before = compiled.cache_key(compiled.kernel_files(tmp_path))
    second.write_text("y = 2\n")
    assert compiled.cache_key(compiled.kernel_files(tmp_path)) != before


def test_the_key_depends_on_nothing_else(tmp_path: Path):
    """Other files come and go without a new compilation."""
    (tmp_path / "a_kernels.py").write_text("x = 1\n")
    before = compiled.cache_key(compiled.kernel_files(tmp_path))
    (tmp_path / "other.py").write_text("z = 1\n")
    assert compiled.cache_key(compiled.kernel_files(tmp_path)) == before


def test_each_folder_has_a_cache_of_its_own(tmp_path: Path):
    """An edit in one feature leaves the compiled kernels of the others."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a_kernels.py").write_text(f"x = {name!r}\n")
    assert compiled.cache_of(tmp_path / "one") != compiled.cache_of(tmp_path / "two")


def test_a_kernel_with_a_signature_is_compiled_at_once(tmp_path: Path, monkeypatch):
    """The first call finds machine code, which lies in the cache of the folder."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.setattr(compiled, "cache_of", lambda folder: tmp_path)
    total = compiled.kernel("float64(float64[::1])")(_total)
    assert total.signatures
    assert list(tmp_path.rglob("*.nbi"))
    assert total(np.array([1.0, 2.5])) == 3.5


def test_importing_all_kernels_compiles_and_calls_them():
    """What `make kernels` does succeeds on a warm cache."""
    assert compiled.import_kernels() == len(compiled.kernel_files())
    compiled.warm()


def _total(numbers):
    total = 0.0
    for number in numbers:
        total += number
    return total
