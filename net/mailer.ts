import { createTransport } from 'nodemailer';
import { isTlsError } from './tls-errors.ts';

/** A plain text, to one address. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The part before the @ of its Message-ID, the same for every attempt. */
  readonly id: string;
}

/** Why the mail server gave no verdict on a mail. login: the mail server takes no mail from us. */
export type MailError = 'no_connection' | 'tls' | 'login' | 'timeout' | 'broken_answer';

/** permanent: the same mail would be refused again. */
export type MailResult =
  | { readonly kind: 'taken'; readonly status: number }
  | { readonly kind: 'refused'; readonly status: number; readonly permanent: boolean }
  | { readonly kind: 'failed'; readonly error: MailError };

export interface Mailer {
  /** Gives a mail to the mail server, on a connection of its own, within `totalMs` milliseconds. Never throws. */
  send(mail: Mail, totalMs: number): Promise<MailResult>;
}

export interface MailerOptions {
  /** smtps://user:password@host:port, with TLS from the beginning; smtp://…, with STARTTLS where it is offered. */
  readonly url: string;
  /** The sender of mails: an address, or a name and `<address>`. */
  readonly from: string;
  /** Certificates trusted instead of the usual ones, in PEM. */
  readonly ca?: string;
}

/** Milliseconds for one step, so that a silent mail server is given up before the total time is over. */
const STEP_MS = 10_000;
const ANSWER_BYTES = 16_384;

/** One plain address; any other text may be several addresses, or more than an address. */
const ONE_ADDRESS = /^[^\s\p{C}<>()[\]\\",;:@]+@[^\s\p{C}<>()[\]\\",;:@]+$/u;
/** The mail server's reply when it takes a mail. */
const TAKEN = 250;
const NO_ADDRESS: MailResult = { kind: 'refused', status: 553, permanent: true };

/** A refusal in these steps is about this mail; a refusal in any other step would meet every mail. */
const ABOUT_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE']);
const ERRORS: Readonly<Record<string, MailError>> = {
  EAUTH: 'login',
  ENOAUTH: 'login',
  ETLS: 'tls',
  EABORT: 'timeout',
  ETIMEDOUT: 'timeout',
  EPROTOCOL: 'broken_answer',
};

/** The address of the sender. */
export const addressOf = (from: string): string => /<([^<>]+)>$/.exec(from)?.[1] ?? from;

const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);

export function createMailer({ url: text, from, ca }: MailerOptions): Mailer {
  const url = new URL(text);
  const sender = addressOf(from);
  const domain = sender.slice(sender.lastIndexOf('@') + 1);
  const secure = url.protocol === 'smtps:';
  const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const transport = createTransport({
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // A password is never sent in the clear, even when an attacker in between hides that TLS is offered.
    requireTLS: user !== '' && !isLoopback(url.hostname),
    ...(user === '' ? {} : { auth: { user, pass } }),
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    name: domain,
    dnsTimeout: STEP_MS,
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    maxResponseSize: ANSWER_BYTES,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  return {
    async send({ to, subject, text: body, id }, totalMs) {
      if (!ONE_ADDRESS.test(to)) return NO_ADDRESS;
      try {
        const { response } = await transport.sendMail({
          from,
          to,
          envelope: { from: sender, to: [to] },
          subject,
          text: body,
          textEncoding: 'quoted-printable',
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: AbortSignal.timeout(totalMs),
        });
        return { kind: 'taken', status: Number.parseInt(response, 10) || TAKEN };
      } catch (error) {
        return resultOf(error as MailTrouble);
      }
    },
  };
}

/** Nodemailer's fields of an error. */
interface MailTrouble {
  readonly code?: string;
  readonly responseCode?: number;
  readonly permanent?: boolean;
  readonly originalCode?: string;
}

function resultOf({ code = '', responseCode, permanent = false, originalCode = '' }: MailTrouble): MailResult {
  if (responseCode !== undefined && ABOUT_THE_MAIL.has(code)) {
    return { kind: 'refused', status: responseCode, permanent };
  }
  if (isTlsError(originalCode) || isTlsError(code)) return { kind: 'failed', error: 'tls' };
  return { kind: 'failed', error: ERRORS[code] ?? 'no_connection' };
}
