"""`--ping on` with a hub and a subscriber of others (flask-websub), behind nginx as a CDN that keeps copies."""

import json
import os
import threading
import time

import celery
import flask
from flask_websub.hub import Hub, SQLite3HubStorage
from flask_websub.subscriber import SQLite3SubscriberStorage, SQLite3TempSubscriberStorage, Subscriber
from werkzeug.serving import make_server

import caches
from origin import Origin, ask, eventually, free_port

# How long the CDN keeps a copy.
KEPT = 8
SITE = """\
title: Pings
hubs: ["http://127.0.0.1:{port}/hub", "http://127.0.0.1:{port}/busy"]
cache: {{max_age: 1800, s_maxage: {kept}, stale_while_revalidate: 0, stale_if_error: 86400}}
"""
# As the hub sends it, and as readers do.
CODINGS = [None, "identity", "gzip", "gzip, deflate", "gzip, deflate, br", "gzip, deflate, br, zstd"]
POLLED = "/categories/xin-wen/atom.xml"


class Websub:
    """A hub, a subscriber, and a second hub that refuses the first ping, on one port."""

    def __init__(self, directory):
        os.makedirs(directory)
        self.port, self.delivered, self.forms = free_port(), [], []
        app = flask.Flask("websub")
        app.config.update(PUBLISH_SUPPORTED=True, SERVER_NAME=f"127.0.0.1:{self.port}")
        tasks = celery.Celery("tasks", broker="memory://")
        tasks.conf.update(task_always_eager=True, task_eager_propagates=True)
        place = lambda name: os.path.join(directory, name)
        hub = Hub(SQLite3HubStorage(place("hub")), tasks)
        self.subscriber = Subscriber(SQLite3SubscriberStorage(place("subs")), SQLite3TempSubscriberStorage(place("temp")))
        app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
        app.register_blueprint(self.subscriber.build_blueprint(url_prefix="/callbacks"))
        self.subscriber.add_listener(lambda topic, _, body: self.delivered.append((time.monotonic(), topic, body)))

        @app.post("/busy")
        def busy():
            self.forms.append((time.monotonic(), dict(flask.request.form)))
            return ("later", 503, {"Retry-After": "2"}) if len(self.forms) == 1 else ("yes", 202)

        self.app = app
        self.server = make_server("127.0.0.1", self.port, app, threaded=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def subscribe(self, topic):
        with self.app.app_context():
            hub = f"http://127.0.0.1:{self.port}/hub"
            callback = self.subscriber.subscribe(topic_url=topic, hub_url=hub, secret=None)
        eventually("the hub confirms the subscription", lambda: callback in self.confirmed())

    def confirmed(self):
        class Known:
            def __contains__(known, callback):
                try:
                    return bool(self.subscriber.storage[callback])
                except KeyError:
                    return False

        return Known()


def arrives(websub, port, path, body, begun):
    """Each delivery has the new bytes, and is at most five seconds after the public URL shows them everywhere."""
    shown = lambda: all(ask(port, path, {"Accept-Encoding": coding} if coding else {}).decoded() == body for coding in CODINGS[:5])
    eventually("the CDN shows the new bytes", shown, KEPT + 15)
    new = time.monotonic()
    eventually("the subscriber gets them", lambda: websub.delivered, 5)
    at, topic, delivered = websub.delivered.pop(0)
    assert topic.endswith(path) and delivered == body, f"{topic}: {len(delivered)} bytes, not {len(body)}"
    assert begun < at < new + 5, f"delivered {at - new:.1f} s after the public URL had the new bytes"


def checked(program, directory):
    websub = Websub(os.path.join(directory, "websub"))
    port, admin = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    origin = Origin(program, os.path.join(directory, "origin"), url, ["--ping", "on"], f"127.0.0.1:{admin}")
    origin.write("feeds/site.yaml", SITE.format(port=websub.port, kept=KEPT))
    origin.start()
    front = caches.nginx(origin, os.path.join(directory, "nginx"), port)
    try:
        websub.subscribe(f"{url}/rss.xml")
        # The copies that the hub will get are younger than others, so they stay longer.
        for coding in CODINGS:
            if coding == "gzip, deflate":
                time.sleep(KEPT / 2)
            front.get("/rss.xml", coding)
        assert front.get(POLLED).status == 200
        begun = time.monotonic()
        origin.article(7, "an edit for hubs")
        origin.shows("an edit for hubs")
        arrives(websub, port, "/rss.xml", origin.get("/rss.xml").body, begun)

        fresh = lambda: {form["hub.topic"] for _, form in websub.forms[1:]}
        topics = {f"{url}{path}" for path in ["/rss.xml", "/atom.xml", "/feed.json", POLLED]}
        eventually("all topics are told to the busy hub", lambda: fresh() == topics)
        (first, form), again = websub.forms[0], [at for at, other in websub.forms[1:] if other == websub.forms[0][1]]
        assert form["hub.mode"] == "publish" and form["hub.url"] == form["hub.topic"], form
        assert len(again) == 1 and again[0] - first >= 2, f"sent again after {[at - first for at in again]} s"

        # The same bytes in a new file are no news.
        told = len(websub.forms)
        origin.article(7, "an edit for hubs")
        time.sleep(3)
        assert not websub.delivered and len(websub.forms) == told, "a ping for unchanged bytes"

        metrics = ask(admin, "/metrics").body.decode()
        for hub, outcome, count in [("hub", "sent", 4), ("busy", "sent", 4), ("busy", "retried", 1), ("busy", "failed", 0)]:
            line = f'feedmill_pings_total{{hub="http://127.0.0.1:{websub.port}/{hub}",outcome="{outcome}"}} {count}'
            assert line in metrics, f"no {line} in {metrics}"
        assert f'feedmill_ping_oldest_seconds{{hub="http://127.0.0.1:{websub.port}/hub"}} 0' in metrics, metrics
        hubs = {hub["url"].rsplit("/")[-1]: hub for hub in json.loads(ask(admin, "/status").body)["hubs"]}
        assert (hubs["hub"]["sent"], hubs["hub"]["failed"], hubs["hub"]["open"]) == (4, 0, 0) and hubs["hub"]["last"], hubs
    finally:
        front.stop()
        origin.stop()
        websub.server.shutdown()
