"""A small client for REST v1 of Holdfast: Python 3.9 and its standard library, nothing else.

What does nothing twice is tried again when no answer came, under the same Idempotency-Key, and as late as Retry-After says.
"""

import http.client
import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

TRIES = 5
LONGEST_WAIT = 30.0


class Problem(Exception):
    """The API refused. `code` is stable; `detail` is for a person."""

    def __init__(self, status, problem):
        self.status = status
        self.code = problem.get("code")
        self.detail = problem.get("detail", f"HTTP {status}")
        super().__init__(f"{self.code}: {self.detail}")


class Unreachable(Exception):
    """No answer came, or one that says nothing of an earlier try. A repeat with `idempotency_key` does nothing twice."""

    def __init__(self, idempotency_key):
        self.idempotency_key = idempotency_key
        super().__init__("no answer")


class Holdfast:
    def __init__(self, url, key, timeout=30.0):
        self.url = url.rstrip("/")
        self.key = key
        self.timeout = timeout

    def get(self, path, **query):
        return self._call("GET", path, query=query)

    def post(self, path, body=None, idempotency_key=None):
        return self._call("POST", path, body=body, idempotency_key=idempotency_key or str(uuid.uuid4()))

    def each(self, path, **query):
        """Every row of a list, over all its pages."""
        while True:
            page = self.get(path, **query)
            yield from page["data"]
            if page["nextCursor"] is None:
                return
            query["cursor"] = page["nextCursor"]

    def ended(self, order_id, every=0.5, within=3600.0):
        """The order, once it is Completed, Partial or Canceled."""
        deadline = time.monotonic() + within
        while True:
            order = self.get(f"/v1/orders/{order_id}")
            if order["status"] in ("Completed", "Partial", "Canceled"):
                return order
            if time.monotonic() > deadline:
                raise TimeoutError(f"order {order_id} is still {order['status']}")
            time.sleep(every)

    def _call(self, method, path, query=None, body=None, idempotency_key=None):
        address = self.url + path
        if query:
            address += "?" + urllib.parse.urlencode(query)
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        may_be_done = False
        for tried in range(1, TRIES + 1):
            request = urllib.request.Request(address, data=data, headers=headers, method=method)
            wait = min(0.5 * 2 ** (tried - 1), LONGEST_WAIT) * random.uniform(0.5, 1)
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                problem = Problem(error.code, _problem_in(error))
                was_turned_away = problem.status == 429 or problem.code == "overloaded"
                if problem.status not in (429, 502, 503, 504) or tried == TRIES:
                    if may_be_done and (was_turned_away or problem.status in (401, 403)):
                        raise Unreachable(idempotency_key) from problem
                    raise problem from None
                may_be_done = may_be_done or not was_turned_away
                told = error.headers.get("Retry-After", "")
                if told.isdigit():
                    wait = min(float(told), LONGEST_WAIT)
            except (OSError, http.client.HTTPException, ValueError):
                # The request may have taken effect, also when its answer broke off: a repeat with the same key finds out.
                may_be_done = True
                if tried == TRIES:
                    raise Unreachable(idempotency_key) from None
            time.sleep(wait)
        raise AssertionError("unreachable")


def _problem_in(error):
    """The body of a refusal; empty when it is not from the API, or broke off."""
    try:
        problem = json.load(error)
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    return problem if isinstance(problem, dict) else {}
