/** An order that has not asked for this long waits in another process, or no longer waits. */
const FORGOTTEN_MS = 180_000;

/** Counts this process's orders that wait for room at each provider, or other peer: the more orders wait, the less often each asks. */
export class WaitingForRoom {
  readonly #asked = new Map<number | string, Map<number, number>>();

  /** Adds an order that found no room; returns how many orders wait at the provider, this one included. */
  add(provider: number | string, orderId: number, now = Date.now()): number {
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

  /** Removes an order that no longer waits. */
  delete(orderId: number): void {
    for (const [provider, orders] of this.#asked) {
      if (orders.delete(orderId) && orders.size === 0) this.#asked.delete(provider);
    }
  }
}
