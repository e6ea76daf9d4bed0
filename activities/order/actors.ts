import type { OrderStateChange } from '../../db/order/order-state.ts';
import { actorOfUi, NAME_TYPED } from '../../domain/order/actors.ts';
import type { Ask } from '../../domain/order/asks.ts';
import { isProved } from '../../net/ask-proof.ts';
import type { Deps } from '../runtime/deps.ts';

/** The actor of a message: with a valid proof the actor that the API names, else the name typed in the Temporal UI. */
export function actorOf({ masterKey }: Pick<Deps, 'masterKey'>, orderId: number, ask: Ask, at: number): string {
  const { by, update, message } = ask;
  const { proof } = message as { readonly proof?: unknown };
  const proved =
    typeof proof === 'string' && isProved(masterKey, { orderId, update, message: message as object }, proof, at);
  return proved ? by : actorOfUi([...by].slice(0, NAME_TYPED).join(''));
}

/** Replaces each stand-in in a change with the actor that `actorOf` found. */
export function withActors(change: OrderStateChange, actors: Readonly<Record<string, string>>): OrderStateChange {
  const named = <T extends string | null>(actor: T): T | string => (actor === null ? actor : (actors[actor] ?? actor));
  return {
    ...change,
    pausedBy: named(change.pausedBy),
    canceledBy: named(change.canceledBy),
    notes: change.notes.map((note) => ({ ...note, actor: named(note.actor) })),
  };
}
