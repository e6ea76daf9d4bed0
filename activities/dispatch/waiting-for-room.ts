/** An order that has not asked for so long waits in another process, or no longer. */
const FORGOTTEN_MS = 180_000;

/** The orders of this process that wait for room at each provider: the more there are, the more seldom each asks. */
export class WaitingForRoom {
  readonly #asked = new Map<number, Map<number, number>>();

  /** An order found no room; returns how many wait there, this one included. */
  add(provider: number, orderId: number, now = Date.now()): number {
    const orders = this.#asked.get(provider) ?? new Map<number, number>();
    this.#asked.set(provider, orders);
    // The orders that asked last are at the end.
    orders.delete(orderId);
    orders.set(orderId, now);
    for (const [order, at] of orders) {
      if (at > now - FORGOTTEN_MS) break;
      orders.delete(order);
    }
    return orders.size;
  }

  /** An order waits no longer. */
  delete(orderId: number): void {
    for (const [provider, orders] of this.#asked) {
      if (orders.delete(orderId) && orders.size === 0) this.#asked.delete(provider);
    }
  }
}
