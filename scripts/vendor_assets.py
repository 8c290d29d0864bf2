"""
Fetch the third-party files that the pages use, and write the list of their SHA-256 sums.

Run it only to change a version: `python scripts/vendor_assets.py`. It needs npm; serving the files does not. The folder of a
package carries the version in its name, so that browsers may keep its files for ever.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "app" / "static"
VENDOR = STATIC / "vendor"
CHECKSUMS = STATIC / "CHECKSUMS.txt"


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the npm registry, and which of its files are served or state its licence."""

    name: str
    version: str
    files: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where its files go."""
        return VENDOR / f"{self.name}-{self.version}"


PACKAGES = (
    Package(
        "swagger-ui-dist",
        "5.35.0",
        ("LICENSE", "NOTICE", "swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt"),
    ),
    Package(
        "katex",
        "0.19.1",
        ("LICENSE", "dist/katex.min.css", "dist/katex.min.js", "dist/contrib/auto-render.min.js", "dist/fonts/*.woff2"),
    ),
)


def fetch(package: Package) -> None:
    """Replace the folder of a package by the wanted files of its published archive."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch the packages, and is not on the PATH.")
    shutil.rmtree(package.folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--silent", "--pack-destination", folder, f"{package.name}@{package.version}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  (a fixed command: name and version stand above)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            for member in archive.getmembers():
                name = member.name.partition("/")[2]
                content = archive.extractfile(member) if any(fnmatch(name, wanted) for wanted in package.files) else None
                if content is not None:
                    target = package.folder / name.removeprefix("dist/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content.read())


def checksums() -> str:
    """Return one line for each vendored file: its SHA-256 sum and its path, as `sha256sum --check` reads them."""
    files = sorted(path for path in VENDOR.rglob("*") if path.is_file())
    sums = [(hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(STATIC).as_posix()) for path in files]
    return "".join(f"{digest}  {name}\n" for digest, name in sums)


def main() -> None:
    """Fetch every package and write the sums."""
    for package in PACKAGES:
        fetch(package)
        sys.stdout.write(f"{package.name} {package.version}\n")
    CHECKSUMS.write_text(checksums())


if __name__ == "__main__":
    main()
