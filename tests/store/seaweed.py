"""SeaweedFS: a master, three volume servers of which each file is on two, and a filer with the interface of S3."""

import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from s3 import Store

ADMIN, WRITER = ("ADMIN", "admin-secret"), ("WRITER", "writer-secret-d41d8cd98f")


def free_ports(count):
    """Ports that are free together with those ten thousand higher, where the parts of the engine talk to each other."""
    ports, probes = [], []
    while len(ports) < count:
        port = random.randrange(11000, 22000)
        try:
            pair = []
            for number in (port, port + 10000):
                pair.append(socket.create_server(("127.0.0.1", number)))
            ports.append(port)
        except OSError:
            pass
        probes += pair
    for probe in probes:
        probe.close()
    return ports


class Seaweed:
    def __init__(self, work):
        self.work = pathlib.Path(work)
        self.weed = pathlib.Path(sys.executable).parent / "weed"
        identity = lambda name, keys, actions: {
            "name": name,
            "credentials": [{"accessKey": keys[0], "secretKey": keys[1]}],
            "actions": actions,
        }
        # Only an administrator makes buckets, or else the engine would make those that are missing.
        identities = [
            identity("admin", ADMIN, ["Admin", "Read", "List", "Tagging", "Write"]),
            identity("writer", WRITER, ["Read", "List", "Write"]),
        ]
        (self.work / "s3.json").write_text(json.dumps({"identities": identities}))
        # It has a leveldb of its own, so that nothing depends on files below the home directory.
        (self.work / "filer.toml").write_text(f'[leveldb2]\nenabled = true\ndir = "{self.work}/filer"\n')
        self.master, self.s3, self.metrics, filer, *volumes = free_ports(7)
        self.processes = {}
        for name in ["master", "volume1", "volume2", "volume3", "filer"]:
            (self.work / name).mkdir()
        self.start(
            "master", "master", f"-port={self.master}", f"-mdir={self.work}/master",
            "-defaultReplication=001", "-telemetry=false", "-volumeSizeLimitMB=64",
        )
        master = f"-master=127.0.0.1:{self.master}"
        for number, port in enumerate(volumes, 1):
            self.start(
                f"volume{number}", "volume", f"-port={port}",
                f"-dir={self.work}/volume{number}", master, "-max=20", "-rack=r", "-dataCenter=d", "-minFreeSpace=0",
            )
        self.start(
            "filer", "filer", f"-port={filer}", master, "-s3", f"-s3.port={self.s3}", f"-s3.config={self.work}/s3.json",
            f"-metricsPort={self.metrics}",
            "-s3.port.iceberg=0", "-s3.port.lance=0",
        )
        self.admin = Store(self.s3, *ADMIN)
        end = time.monotonic() + 60
        while True:
            try:
                self.admin.make("ready")
                if self.admin.put("ready", "x", b"x")[0] == 200:
                    break
            except (OSError, AssertionError):
                pass
            if time.monotonic() > end:
                self.stop()
                raise AssertionError("SeaweedFS does not start:\n" + (self.work / "filer.log").read_text()[-3000:])
            time.sleep(0.2)

    def start(self, name, *arguments):
        log = open(self.work / f"{name}.log", "ab")
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.work)}
        command = [self.weed, "-alsologtostderr=true", *arguments, "-ip=127.0.0.1"]
        self.processes[name] = subprocess.Popen(
            command, cwd=self.work, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
        log.close()

    def kill(self, name):
        self.processes.pop(name).kill()

    def stop(self):
        for process in self.processes.values():
            process.send_signal(signal.SIGKILL)
        for process in self.processes.values():
            process.wait()

    def requests(self):
        """How many requests of each kind the engine has answered, by its own metrics."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}/metrics", timeout=10) as response:
            text = response.read().decode()
        counts = {}
        for labels, number in re.findall(r"^SeaweedFS_s3_request_total\{(.*?)\} (\d+)", text, re.MULTILINE):
            kind = re.search(r'type="(\w+)"', labels).group(1)
            counts[kind] = counts.get(kind, 0) + int(number)
        return counts
