"""Clients that poll until they are stopped, and record every unexpected response."""

import http.client
import threading
import time


class Polls:
    """`threads` clients that poll `paths` in turn, each with a limit of requests and of time."""

    def __init__(self, port, paths, threads=4, most=20_000, seconds=900, pause=0.002, timeout=30):
        self.port, self.paths, self.most, self.pause, self.timeout = port, paths, most, pause, timeout
        self.end_at = time.monotonic() + seconds
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.answers, self.trouble = {}, []
        self.threads = [threading.Thread(target=self._poll, args=(index,), daemon=True) for index in range(threads)]
        for thread in self.threads:
            thread.start()

    def _poll(self, index):
        connection, tags, count = None, {}, 0
        while not self.stop.is_set() and count < self.most and time.monotonic() < self.end_at:
            path = self.paths[(count + index) % len(self.paths)]
            count += 1
            began = time.monotonic()
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
                headers = {"If-None-Match": tags[path]} if path in tags and count % 3 else {}
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                body = answer.read()
                tags[path] = answer.headers.get("ETag", "")
                self._note(answer.status, began, path, body)
                if count % 50 == 0:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException) as error:
                connection = None
                self._note(type(error).__name__, began, path, b"")
                time.sleep(0.01)
            time.sleep(self.pause)

    def _note(self, answer, began, path, body):
        with self.lock:
            self.answers[answer] = self.answers.get(answer, 0) + 1
            if answer not in (200, 304):
                self.trouble.append((began, time.monotonic(), answer, path, body[:200]))
            elif answer == 200 and not body:
                self.trouble.append((began, time.monotonic(), "200 without a body", path, b""))

    def finish(self):
        self.stop.set()
        for thread in self.threads:
            thread.join(60)
        return self.answers, self.trouble
