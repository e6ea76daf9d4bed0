import type { Answer } from '../../../domain/order/asks.ts';
import { answerIn } from '../../../workflows/contract.ts';

/** An order's answer to an update. An update that changes nothing is rejected; the answer is then in the error. */
export async function answered<A extends Answer>(update: Promise<A>): Promise<A> {
  try {
    return await update;
  } catch (error) {
    const answer = answerIn<A>(error);
    if (answer === undefined) throw error;
    return answer;
  }
}
