import type { OrderView } from '../../db/order/view.ts';
import type { MailResult } from '../../net/mailer.ts';
import type { PostResult } from './post.ts';

/** How an attempt ended. no_mailer: this installation no longer has a mail server. */
export type SendResult = PostResult | MailResult | { readonly kind: 'failed'; readonly error: 'no_mailer' };

/** An event as its receiver reads it. */
export interface ToldEvent {
  readonly type: string;
  readonly timestamp: string;
  readonly data:
    | { readonly webhook: number; readonly order?: never }
    | { readonly version: number | null; readonly refill?: number; readonly order: OrderView };
}
