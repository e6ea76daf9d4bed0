"""Places an order, follows it to its end, cancels another, pages through all orders and asks for a refill.

Takes HOLDFAST_URL, HOLDFAST_KEY and HOLDFAST_SERVICE from the environment:

    python3 examples/python/orders.py
"""

import os
import uuid

from holdfast import Holdfast, Problem

holdfast = Holdfast(os.environ.get("HOLDFAST_URL", "http://127.0.0.1:3000"), os.environ["HOLDFAST_KEY"])
service = int(os.environ.get("HOLDFAST_SERVICE", "1"))


def buy(sale, link):
    """`sale` is your own name for what you sell: a repeat with the same name, also after a crash, is still one order."""
    body = {"service": service, "link": link, "quantity": 100, "reference": sale}
    order = holdfast.post("/v1/orders", body, idempotency_key=sale)
    print(f"placed order {order['id']}, price {order['price']} {order['currency']}")
    return order["id"]


def tell_end(order_id):
    order = holdfast.ended(order_id)
    print(f"order {order_id} ended {order['status']}: charged {order['charge']}, refunded {order['refunded']}")


first = buy(f"sale-{uuid.uuid4()}", "https://example.com/p/1")
tell_end(first)

second = buy(f"sale-{uuid.uuid4()}", "https://example.com/p/2")
asked = holdfast.post(f"/v1/orders/{second}/cancel", {"reason": "changed my mind"})
print(f"cancel of order {second}: {asked['message']}")
tell_end(second)

ids = [order["id"] for order in holdfast.each("/v1/orders", limit=1)]
print(f"{len(ids)} orders, newest first: {' '.join(map(str, ids))}")

try:
    refill = holdfast.post(f"/v1/orders/{first}/refills")
    print(f"refill {refill['id']} of order {first}: {refill['status']}")
except Problem as problem:
    # Every refusal has a stable code, and says why.
    if problem.code != "refill_unavailable":
        raise
    print(f"no refill of order {first}: {problem.detail}")
