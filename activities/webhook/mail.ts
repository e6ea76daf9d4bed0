import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import { confirmationMail, eventMail } from '../../domain/webhook/mail.ts';
import { CONFIRM_EVENT, type DeliveryRound, eventName } from '../../domain/webhook/webhooks.ts';
import { confirmationCode } from '../../net/confirmation.ts';
import type { Deps } from '../runtime/deps.ts';
import type { SendResult, ToldEvent } from './attempt.ts';

/** Mails an event to an address, once. */
export function createSendMail({ mailer, masterKey, log }: Deps) {
  return async ({ event, endpoint }: DeliveryRound, email: string, told: ToldEvent): Promise<SendResult> => {
    if (mailer === undefined) return { kind: 'failed', error: 'no_mailer' };
    const text =
      told.type === CONFIRM_EVENT
        ? confirmationMail(endpoint, confirmationCode(masterKey, { webhook: endpoint, email }), LIMITS.confirmHours)
        : eventMail(endpoint, told);
    const result = await mailer.send({ to: email, ...text, id: `${eventName(event)}.${endpoint}` }, DEADLINES.mail);
    // The log has neither the address nor the mail server's words, which may quote it.
    if (result.kind !== 'taken') log.warn({ event, webhook: endpoint, ...result }, 'a mail was not taken');
    return result;
  };
}
