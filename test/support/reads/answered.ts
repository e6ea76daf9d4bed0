import type { Answer } from '../../../domain/order/asks.ts';
import { answerIn } from '../../../workflows/contract.ts';

/** What an order answers to an update, also where it changes nothing and is rejected with its answer. */
export async function answered<A extends Answer>(update: Promise<A>): Promise<A> {
  try {
    return await update;
  } catch (error) {
    const answer = answerIn<A>(error);
    if (answer === undefined) throw error;
    return answer;
  }
}
