import { describe, expect, it } from 'vitest';
import { loadConfig as loadWorkerConfig } from '../../activities/runtime/config.ts';
import { loadConfig as loadApiConfig } from '../../api/config.ts';

const least = {
  DATABASE_URL: 'postgres://holdfast:secret@127.0.0.1:5432/holdfast',
  HOLDFAST_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
};
const mail = { SMTP_URL: 'smtps://panel:p%40ss@mail.example:465', MAIL_FROM: 'Example Panel <orders@panel.example>' };

describe.each([
  ['the API', loadApiConfig],
  ['the worker', loadWorkerConfig],
])('%s', (_, load) => {
  it('sends no e-mail unless it is told by which server and from whom', () => {
    expect(load(least)).toMatchObject({ CURRENCY: 'USD', ALLOW_LOOPBACK_URLS: false });
    expect(load({ ...least, SMTP_URL: '', MAIL_FROM: '' }).SMTP_URL).toBeUndefined();
    expect(load({ ...least, ...mail })).toMatchObject(mail);
    expect(load({ ...least, SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM: 'orders@panel.example' })).toBeDefined();
  });

  it.each([
    { SMTP_URL: mail.SMTP_URL },
    { MAIL_FROM: mail.MAIL_FROM },
    { ...mail, SMTP_URL: '' },
    { ...mail, SMTP_URL: 'https://panel:hidden@mail.example' },
    { ...mail, SMTP_URL: 'smtps://panel:hidden@mail.example/inbox' },
    { ...mail, SMTP_URL: 'smtps:panel:hidden' },
    { ...mail, SMTP_URL: 'mail.example:465' },
    { ...mail, MAIL_FROM: 'orders' },
    { ...mail, MAIL_FROM: 'Panel <orders@panel.example>, <eve@panel.example>' },
    { ...mail, MAIL_FROM: 'Panel\r\nBcc: eve@panel.example <orders@panel.example>' },
    { ...mail, MAIL_FROM: '<orders@panel.example>' },
  ])('does not start with %j, and says so without the password', (wrong) => {
    const start = () => load({ ...least, ...wrong });
    expect(start).toThrow(/environment variables are missing or wrong:\n {2}(SMTP_URL|MAIL_FROM): /);
    expect(start).not.toThrow(/hidden|p%40ss/);
  });
});
