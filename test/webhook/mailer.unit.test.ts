import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createMailer, type Mail, type MailerOptions } from '../../net/mailer.ts';
import { newAuthority } from '../support/engines/certificates.ts';
import { freePort } from '../support/engines/engines.ts';
import { type Mailbox, type MailboxOptions, openMailbox } from '../support/peers/mailbox.ts';

const mail: Mail = { to: 'ann@example.com', subject: 'order.completed: order 7', text: 'Order 7.\n', id: 'evt_42.7' };
const from = 'Example Panel <orders@panel.example>';

const open: Mailbox[] = [];
afterEach(async () => {
  for (const mailbox of open.splice(0)) await mailbox.close();
});
async function mailboxOf(options?: MailboxOptions): Promise<Mailbox> {
  const mailbox = await openMailbox(options);
  open.push(mailbox);
  return mailbox;
}
const send = (url: string, options: Partial<MailerOptions> = {}, what: Partial<Mail> = {}, totalMs = 15_000) =>
  createMailer({ url, from, ...options }).send({ ...mail, ...what }, totalMs);
const withLogin = (url: string, user: string, pass: string) =>
  url.replace('://', `://${encodeURIComponent(user)}:${encodeURIComponent(pass)}@`);

test('a mail is given to the mail server, marked as sent by a program, with an id that stays', async () => {
  const mailbox = await mailboxOf();
  const text = `Zoë's order, ${'a long line '.repeat(200)}\n.\nand its end`;
  for (let time = 0; time < 2; time += 1) {
    expect(await send(mailbox.url, {}, { text })).toEqual({ kind: 'taken', status: 250 });
  }
  const [first, second] = mailbox.mails;
  expect(first).toMatchObject({ from: 'orders@panel.example', to: ['ann@example.com'] });
  expect(first?.text.trimEnd()).toBe(text);
  expect(first?.headers).toMatchObject({
    from: 'Example Panel <orders@panel.example>',
    to: 'ann@example.com',
    subject: 'order.completed: order 7',
    'message-id': '<evt_42.7@panel.example>',
    'auto-submitted': 'auto-generated',
    'content-type': 'text/plain; charset=utf-8',
  });
  expect(second?.headers['message-id']).toBe(first?.headers['message-id']);
});

test('no header and no recipient can be put into a mail', async () => {
  const mailbox = await mailboxOf();
  const evil = {
    subject: 'Hello\r\nBcc: eve@example.com',
    id: 'evt_1>\r\nX-Evil: 1',
    text: 'Hi\r\nBcc: eve@example.com',
  };
  await send(mailbox.url, {}, evil);
  for (const to of ['ann@example.com\r\nRCPT TO:<eve@example.com>', 'ann@example.com, eve@example.com']) {
    expect(await send(mailbox.url, {}, { to })).toEqual({ kind: 'refused', status: 553, permanent: true });
  }
  expect(mailbox.mails).toHaveLength(1);
  for (const { headers, to } of mailbox.mails) {
    expect(Object.keys(headers)).not.toContain('bcc');
    expect(Object.keys(headers)).not.toContain('x-evil');
    expect(to).toEqual(['ann@example.com']);
  }
});

test.each([
  ['a recipient that does not exist', { recipient: { code: 550, text: 'no such user' } }, 550, true],
  ['a recipient to be tried later', { recipient: { code: 450, text: 'greylisted' } }, 450, false],
  ['a mail that it does not want', { mail: { code: 554, text: 'spam' } }, 554, true],
  ['a mail that it has no room for now', { mail: { code: 452, text: 'full' } }, 452, false],
])('%s is what the mail server says', async (_, refuse, status, permanent) => {
  const mailbox = await mailboxOf();
  mailbox.refuse = refuse;
  expect(await send(mailbox.url)).toEqual({ kind: 'refused', status, permanent });
  expect(mailbox.mails).toEqual([]);
});

test('a login that is refused is no fault of the mail', async () => {
  const mailbox = await mailboxOf({ login: { user: 'panel', pass: 'p@ss:w/rd' } });
  expect(await send(withLogin(mailbox.url, 'panel', 'wrong'))).toEqual({ kind: 'failed', error: 'login' });
  expect(await send(withLogin(mailbox.url, 'panel', 'p@ss:w/rd'))).toMatchObject({ kind: 'taken' });
});

test('a password is not sent in the clear to another machine', async () => {
  const mailbox = await mailboxOf({ login: { user: 'panel', pass: 'secret' } });
  // An address of the same machine that does not look like one.
  const url = withLogin(mailbox.url.replace('127.0.0.1', '[::ffff:127.0.0.1]'), 'panel', 'secret');
  expect(await send(url)).toEqual({ kind: 'failed', error: 'tls' });
  expect(mailbox.offered).toBe(0);
});

test.each(['start', 'STARTTLS'] as const)(
  'with TLS from %s the certificate must be the mail server’s own',
  async (begin) => {
    const authority = await newAuthority('an authority');
    const own = await mailboxOf({ tls: { ...(await authority.issue('127.0.0.1')), from: begin } });
    const other = await mailboxOf({ tls: { ...(await authority.issue('127.0.0.2')), from: begin } });
    expect(await send(own.url, { ca: authority.cert })).toMatchObject({ kind: 'taken' });
    expect(own.mails).toMatchObject([{ secure: true }]);
    expect(await send(own.url)).toEqual({ kind: 'failed', error: 'tls' });
    expect(await send(other.url, { ca: authority.cert })).toEqual({ kind: 'failed', error: 'tls' });
    expect([...own.mails.slice(1), ...other.mails]).toEqual([]);
  },
);

test('a mail server that is not there, or silent, or drips, is given up in time', async () => {
  expect(await send(`smtp://127.0.0.1:${await freePort()}`)).toEqual({ kind: 'failed', error: 'no_connection' });
  for (const greeting of ['', '220-still\r\n']) {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      const drip = setInterval(() => socket.write(greeting), 20);
      socket.on('close', () => clearInterval(drip));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await send(`smtp://127.0.0.1:${port}`, {}, {}, 300)).toEqual({ kind: 'failed', error: 'timeout' });
    // The server closes only after every connection has.
    await new Promise((resolve) => server.close(resolve));
  }
});

test('what it says instead of a greeting is no word about the mail', async () => {
  const server = createServer((socket) => void socket.on('error', () => {}).end('554 nobody home\r\n')).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await send(`smtp://127.0.0.1:${port}`)).toMatchObject({ kind: 'failed' });
  await new Promise((resolve) => server.close(resolve));
});
