import { waitForRoom } from '../../domain/dispatch/outcome.ts';
import { WaitingForRoom } from '../dispatch/waiting-for-room.ts';
import { expected } from './expected.ts';

/**
 * Bounds how many of this process's activities are busy with one peer at the same time: a provider, a counter or an account. A peer
 * that hangs, or that has much to do, then leaves slots for the others.
 */
export class Places {
  readonly #most: number;
  readonly #taken = new Map<string, number>();
  readonly #waiting = new WaitingForRoom();

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes a place, which the caller gives back; without a free one, says how many wait for this peer, `asker` included. */
  take(peer: string, asker: number): { readonly giveBack: () => void } | { readonly waiting: number } {
    const taken = this.#taken.get(peer) ?? 0;
    if (taken >= this.#most) return { waiting: this.#waiting.add(peer, asker) };
    this.#waiting.delete(asker);
    this.#taken.set(peer, taken + 1);
    const giveBack = () => {
      const left = (this.#taken.get(peer) ?? 1) - 1;
      if (left > 0) this.#taken.set(peer, left);
      else this.#taken.delete(peer);
    };
    return { giveBack };
  }

  /**
   * Does something while it has a place.
   * @throws ApplicationFailure without a free place: Temporal retries the activity, which holds no slot meanwhile and adds nothing
   * to the history.
   */
  async hold<T>(peer: string, asker: number, attempt: number, act: () => Promise<T>): Promise<T> {
    const place = this.take(peer, asker);
    if ('waiting' in place) {
      throw expected('as many activities as may are busy there', `${waitForRoom(attempt, place.waiting, asker)}s`);
    }
    try {
      return await act();
    } finally {
      place.giveBack();
    }
  }
}
