"""Places an order by panel API v2 and follows it to its end, as existing panels do: one address, a form, always HTTP 200.

Takes HOLDFAST_URL, HOLDFAST_KEY and HOLDFAST_SERVICE from the environment:

    python3 examples/python/panel_v2.py
"""

import json
import os
import time
import urllib.parse
import urllib.request
import uuid

URL = os.environ.get("HOLDFAST_URL", "http://127.0.0.1:3000") + "/api/v2"
KEY = os.environ["HOLDFAST_KEY"]
SERVICE = os.environ.get("HOLDFAST_SERVICE", "1")


def ask(action, **fields):
    form = urllib.parse.urlencode({"key": KEY, "action": action, **fields}).encode()
    with urllib.request.urlopen(URL, data=form, timeout=30) as answer:
        body = json.load(answer)
    if isinstance(body, dict) and set(body) == {"error"}:
        raise RuntimeError(body["error"])
    return body


print(f"{len(ask('services'))} services")
# request_id is an extension of Holdfast: with it a call that got no answer can be repeated without ordering twice.
order = ask("add", service=SERVICE, link="https://example.com/p/3", quantity=100, request_id=str(uuid.uuid4()))["order"]
print(f"placed order {order}")
while True:
    status = ask("status", order=order)
    # Partial and Canceled are ends too.
    if status["status"] in ("Completed", "Partial", "Canceled"):
        break
    time.sleep(0.5)
print(f"order {order} ended {status['status']}: charged {status['charge']}, remains {status['remains']}")
print(f"balance {ask('balance')['balance']}")
