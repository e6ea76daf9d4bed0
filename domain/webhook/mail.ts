import { headerText, mailJson } from '../text/escape.ts';

/** The fields of an order that a mail says in words. The event's JSON in the mail has the rest. */
interface ToldOrder {
  readonly id: number;
  readonly status: string;
  readonly attention: string;
  readonly delivered: number;
  readonly totalQuantity: number;
  readonly charge: string;
  readonly refunded: string;
  readonly currency: string;
}

/** An event as webhooks receive it. */
export interface ToldEvent {
  readonly type: string;
  readonly timestamp: string;
  readonly data: { readonly order?: ToldOrder };
}

/** A mail in plain text. Its subject has no text from a customer, a provider or a target. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** The mail about one event. */
export function eventMail(webhook: number, event: ToldEvent): MailText {
  const { type, data } = event;
  return {
    subject: headerText(data.order === undefined ? type : `${type}: order ${data.order.id}`),
    text: [
      data.order === undefined ? `This is the test mail of webhook ${webhook}.` : sentences(data.order),
      `${type}, as webhooks get it:\n\n${mailJson(event)}`,
      `Webhook ${webhook} sends these mails because this address was confirmed. DELETE /v1/webhooks/${webhook} ends it. An event can arrive twice, with the same Message-ID.`,
      '',
    ].join('\n\n'),
  };
}

function sentences({ id, status, attention, delivered, totalQuantity, charge, refunded, currency }: ToldOrder): string {
  return [
    `Order ${id} is ${status}${attention === 'none' ? '' : ` (${attention})`}.`,
    `${delivered} of ${totalQuantity} delivered.`,
    `Charged: ${charge} ${currency}. Refunded: ${refunded} ${currency}.`,
  ].join('\n');
}

/** The mail that asks the owner of an address for consent. */
export function confirmationMail(webhook: number, code: string, hours: number): MailText {
  return {
    subject: 'Confirm this address for news of orders',
    text: [
      'An account wants e-mail about its orders sent to this address.',
      `If that is you, confirm it within ${hours} hours with this code:\n\n    ${code}`,
      `Send it to POST /v1/webhooks/${webhook}/confirm as {"code": "${code}"}.`,
      'If it is not you, do nothing: nothing else will be sent here.',
      '',
    ].join('\n\n'),
  };
}
