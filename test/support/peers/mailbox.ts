import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Certificate } from '../engines/certificates.ts';

/** A mail as the server received it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** By name in lower case, unfolded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly secure: boolean;
}

/** The error reply to a command. */
interface Refused {
  readonly code: number;
  readonly text: string;
}

/** A mail server on its own port. */
export interface Mailbox {
  /** smtp:// or smtps://, without user and password. */
  readonly url: string;
  /** Every accepted mail, in order. */
  readonly mails: ReceivedMail[];
  /** Mails offered so far, accepted or not. */
  offered: number;
  /** The errors that the server answers from now on: `recipient` to every RCPT TO, `mail` to the data of every mail. */
  refuse: { readonly recipient?: Refused; readonly mail?: Refused };
  /** The server awaits it before it answers a recipient. */
  busy: Promise<void>;
  close(): Promise<void>;
}

export interface MailboxOptions {
  /** TLS certificate; TLS is offered by STARTTLS or used from the start. */
  readonly tls?: Certificate & { readonly from: 'start' | 'STARTTLS' };
  /** The login that the server requires. */
  readonly login?: { readonly user: string; readonly pass: string };
}

export async function openMailbox({ tls, login }: MailboxOptions = {}): Promise<Mailbox> {
  const problem = ({ code, text }: Refused) => Object.assign(new Error(text), { responseCode: code });
  const server = new SMTPServer({
    logger: false,
    secure: tls?.from === 'start',
    ...(tls === undefined ? {} : { key: tls.key, cert: tls.cert }),
    disabledCommands: [...(tls?.from === 'STARTTLS' ? [] : ['STARTTLS']), ...(login === undefined ? ['AUTH'] : [])],
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, answer) => {
      if (username === login?.user && password === login?.pass) answer(null, { user: username });
      else answer(problem({ code: 535, text: 'no' }));
    },
    onRcptTo: async (_address, _session, answer) => {
      mailbox.offered += 1;
      await mailbox.busy;
      answer(mailbox.refuse.recipient && problem(mailbox.refuse.recipient));
    },
    onData: async (stream, { envelope, secure }, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      if (mailbox.refuse.mail !== undefined) return answer(problem(mailbox.refuse.mail));
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      const to = envelope.rcptTo.map(({ address }) => address);
      mailbox.mails.push({ from, to, secure, ...parse(Buffer.concat(chunks).toString('latin1')) });
      answer();
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const mailbox: Mailbox = {
    url: `${tls?.from === 'start' ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
    mails: [],
    offered: 0,
    refuse: {},
    busy: Promise.resolve(),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return mailbox;
}

/** Parses a mail whose text is quoted-printable. */
function parse(raw: string): Pick<ReceivedMail, 'headers' | 'text'> {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const bytes = raw
    .slice(end + 4)
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return {
    headers: Object.fromEntries(headers) as Record<string, string>,
    text: Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n'),
  };
}
