"""Receives webhooks: accepts only signed requests, answers at once, and handles each event once.

Python 3.9 and its standard library. Takes WEBHOOK_SECRET (whsec_...) and PORT from the environment:

    python3 examples/python/webhook_receiver.py
"""

import base64
import hashlib
import hmac
import json
import os
import queue
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
PORT = int(os.environ.get("PORT", "8080"))
MOST_BYTES = 1_000_000
TOLERANCE = 300

work = queue.Queue()
# The ids of handled events, and the newest known version of each order. In production, store the whole event under a unique index
# on its id, then answer, then handle it from the row: a crash in between loses nothing.
handled = set()
versions = {}
lock = threading.Lock()


def is_genuine(headers, body):
    """Whether one of the signatures is ours. `body`: the bytes as they arrived, which the signature covers."""
    event_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not event_id or not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE:
        return False
    digest = hmac.new(SECRET, f"{event_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    given = headers.get("webhook-signature", "").encode().split(b" ")
    return any([hmac.compare_digest(one, expected) for one in given])


def handle(event_id, event):
    """Handles the event. Events come in any order: the order with the highest version counts."""
    order = event["data"].get("order")
    if order is None:
        print(f"handled {event_id}: {event['type']}", flush=True)
    elif versions.get(order["id"], 0) > order["version"]:
        print(f"handled {event_id}: {event['type']}, old news", flush=True)
    else:
        versions[order["id"]] = order["version"]
        what = f"order {order['id']} {order['status']}, charged {order['charge']}"
        print(f"handled {event_id}: {event['type']}, {what}", flush=True)


def work_off():
    while True:
        handle(*work.get())


class Receiver(BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self):
        size = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(size) if 0 <= size <= MOST_BYTES else b""
        if not is_genuine(self.headers, body):
            return self.answer(401)
        event_id = self.headers["webhook-id"]
        with lock:
            seen = event_id in handled
            handled.add(event_id)
        if seen:
            print(f"seen before: {event_id}", flush=True)
        else:
            work.put((event_id, json.loads(body)))
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


threading.Thread(target=work_off, daemon=True).start()
server = ThreadingHTTPServer(("127.0.0.1", PORT), Receiver)
print(f"listening on {PORT}", flush=True)
server.serve_forever()
