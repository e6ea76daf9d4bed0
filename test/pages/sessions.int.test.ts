import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revokeKey } from '../../db/account/account-keys.ts';
import { createKey, findCaller } from '../../db/account/accounts.ts';
import { createSignInLink } from '../../db/account/sessions.ts';
import { LIMITS } from '../../domain/limits.ts';
import { serveApi } from '../support/worlds/api.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { hiddenFields, openVisitor } from '../support/worlds/visitor.ts';

let opened: ApiWorld;
beforeAll(async () => {
  opened = await apiWorld({ workers: false });
});
afterAll(() => opened.close());

const visitor = () => openVisitor(opened.api.url);
const newKey = async () => {
  const { account } = await opened.world.shop();
  return { account, ...(await createKey(opened.world.sql, { accountId: account, name: 'another' })) };
};

describe('signing in', () => {
  it('with an API key opens a session that no script reads and no other site sends', async () => {
    const answer = await visitor().signIn(opened.key);
    expect(answer.location).toBe('/app');
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^holdfast-app=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('anywhere but on this machine needs TLS', async () => {
    // fetch sets the host itself, so the API is told of a proxy instead, behind which it cannot see the browser's own scheme.
    const api = await serveApi({ ...opened.world, rates: { TRUSTED_PROXIES: 1 } });
    const person = openVisitor(api.url);
    const answer = await person.signIn(opened.key);
    const shown = await person.get('/app/mass');
    // A cookie without the prefix could come from another host of the domain.
    const planted = await openVisitor(api.url).get('/app/mass', {
      cookie: person.cookieHeader().replaceAll('__Host-', ''),
    });
    await api.close();
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-holdfast-app=[\w-]{43};.* Path=\/;.* Secure;/);
    expect([shown.status, planted.status]).toEqual([200, 303]);
  });

  it('keeps only a hash of the session’s token', async () => {
    const person = visitor();
    await person.signIn(opened.key);
    const token = person.cookies.get('holdfast-app') ?? '';
    const [row] = await opened.world.sql<{ kept: number }[]>`
      select count(*)::integer as kept from sessions where sessions::text like ${`%${token}%`}`;
    expect([token.length, row?.kept]).toEqual([43, 0]);
  });

  it('with a wrong key says so beside the field, and sends no cookie', async () => {
    const answer = await visitor().post('/app/sign-in', { key: 'hf_wrong' });
    expect(answer.status).toBe(401);
    expect(answer.html).toContain('<p class="error" id="key-error">The key is wrong, expired or revoked.</p>');
    expect(answer.html).not.toContain('hf_wrong');
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('with a key of staff leads to the pages of staff', async () => {
    const answer = await visitor().post('/app/sign-in', { key: opened.staff });
    expect([answer.status, answer.html.includes('who sign in at /ops')]).toEqual([401, true]);
  });

  it('too often from one address is refused', async () => {
    const api = await serveApi({ ...opened.world, rates: { ADDRESS_LIMIT_PER_SECOND: 0.001, ADDRESS_LIMIT_BURST: 3 } });
    const statuses: number[] = [];
    for (let guess = 0; guess < 5; guess += 1) {
      statuses.push((await openVisitor(api.url).post('/app/sign-in', { key: `hf_${guess}` })).status);
    }
    await api.close();
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  it('leads back to the page that was asked for, and never to another site', async () => {
    const person = visitor();
    const turnedAway = await person.get('/app/orders?status=Partial');
    expect([turnedAway.status, turnedAway.location]).toEqual([
      303,
      '/app/sign-in?next=%2Fapp%2Forders%3Fstatus%3DPartial',
    ]);
    const { next = '' } = hiddenFields((await person.get(turnedAway.location)).html);
    const back = await person.post('/app/sign-in', { key: opened.key, next });
    expect(back.location).toBe('/app/orders?status=Partial');
    for (const elsewhere of [
      'https://evil.example/',
      '//evil.example/app',
      '/\\evil.example',
      '/app/sign-out',
      '/v1/orders',
    ]) {
      expect((await person.post('/app/sign-in', { key: opened.key, next: elsewhere })).location).toBe('/app');
    }
  });

  it('with anything for an address or a form is answered as it should be', async () => {
    const person = visitor();
    for (const next of ['//', 'http://', '/\\', 'http://[', '%']) {
      expect((await person.get(`/app/sign-in?${new URLSearchParams({ next })}`)).status).toBe(200);
    }
    await person.signIn(opened.key);
    for (const path of ['/app/sign-in', '/app/sign-out']) {
      const headers = { cookie: person.cookieHeader(), 'content-type': 'application/json' };
      const answer = await fetch(opened.api.url + path, { method: 'POST', headers, body: '{}' });
      expect([path, answer.status]).toEqual([path, 400]);
    }
  });

  it('again ends the session that the browser had', async () => {
    const person = visitor();
    await person.signIn(opened.key);
    const cookie = person.cookieHeader();
    expect((await person.get('/app/mass', { cookie })).status).toBe(200);
    await person.signIn((await newKey()).key);
    expect((await visitor().get('/app/mass', { cookie })).status).toBe(303);
    expect((await person.get('/app/mass')).status).toBe(200);
  });

  it('by a link works once', async () => {
    const { id: keyId } = await newKey();
    const token = await createSignInLink(opened.world.sql, { keyId, desk: 'app' });
    const person = visitor();
    expect((await person.get(`/app/sign-in?link=${token}`)).html).toContain('content="0; url=/app"');
    expect((await person.get('/app')).status).toBe(200);
    const again = await visitor().get(`/app/sign-in?link=${token}`);
    expect([again.status, again.html.includes('used already')]).toEqual([410, true]);
  });
});

describe('a session', () => {
  it('ends at once when its key is revoked', async () => {
    const { id, key } = await newKey();
    const person = visitor();
    await person.signIn(key);
    expect((await person.get('/app/statement')).status).toBe(200);
    await opened.world.sql.begin((tx) => revokeKey(tx, id));
    expect((await person.get('/app/statement')).location).toBe('/app/sign-in?next=%2Fapp%2Fstatement');
  });

  it('ends with its twelve hours', async () => {
    const person = visitor();
    await person.signIn((await newKey()).key);
    expect((await person.get('/app')).status).toBe(200);
    await opened.world.sql`update sessions set expires_at = now()`;
    expect((await person.get('/app')).status).toBe(303);
  });

  it('ends with the sign-out', async () => {
    const person = visitor();
    await person.signIn(opened.key);
    const before = new Map(person.cookies);
    const { form_token = '' } = hiddenFields((await person.get('/app')).html);
    expect((await person.post('/app/sign-out', { form_token })).location).toBe('/app/sign-in');
    const cookie = [...before].map(([name, value]) => `${name}=${value}`).join('; ');
    expect((await person.get('/app', { cookie })).status).toBe(303);
  });

  it('is listed for its account, which can end it, and another account cannot', async () => {
    const { key } = await newKey();
    const [phone, desk, stranger] = [visitor(), visitor(), visitor()];
    await phone.signIn(key);
    await desk.signIn(key);
    await stranger.signIn(opened.key);
    const [onPhone] = await opened.world.sql<{ id: string }[]>`
      select s.id::text as id from sessions s join api_keys k on k.id = s.key_id
        where k.prefix = ${key.slice(3, 15)} order by s.id limit 1`;
    const session = onPhone?.id ?? '';
    expect((await desk.get('/app/sessions')).html).toContain(`name="session" value="${session}"`);
    await stranger.submit('/app/sessions', { session });
    expect((await phone.get('/app')).status).toBe(200);
    await desk.submit('/app/sessions', { session });
    expect((await phone.get('/app')).status).toBe(303);
  });

  it('with a key that may not manage keys neither sees nor ends those of other keys', async () => {
    const { account, key } = await newKey();
    const readers = { accountId: account, name: 'a reader', scopes: ['orders:read'] } as const;
    const { key: reading } = await createKey(opened.world.sql, readers);
    const [owner, reader, other] = [visitor(), visitor(), visitor()];
    await owner.signIn(key);
    await reader.signIn(reading);
    await other.signIn(reading);
    const sessionsOn = async (person: typeof owner) =>
      [...(await person.get('/app/sessions')).html.matchAll(/name="session" value="(\d+)"/g)].map(([, id = '']) => id);
    const [all, own] = [await sessionsOn(owner), await sessionsOn(reader)];
    expect([all.length, own.length]).toEqual([3, 2]);
    expect((await reader.get('/app/sessions')).html).not.toContain('another');
    await reader.submit('/app/sessions', { session: all.find((id) => !own.includes(id)) ?? '' });
    expect((await owner.get('/app/mass')).status).toBe(200);
    await reader.submit('/app/sessions', { session: own[0] ?? '' });
    expect((await other.get('/app/mass')).status).toBe(303);
  });

  it('is one of at most as many as a key may have', async () => {
    const { id, key } = await newKey();
    for (let number = 0; number < 3; number += 1) await visitor().signIn(key);
    await opened.world.sql`
      insert into sessions (hash, key_id, desk, agent, expires_at)
        select sha256(n::text::bytea), ${id}, 'app', '', now() + interval '1 hour' from generate_series(1, 100) n`;
    await visitor().signIn(key);
    const [row] = await opened.world.sql<{ open: number }[]>`
      select count(*)::integer as open from sessions where key_id = ${id}`;
    expect(row?.open).toBe(LIMITS.sessionsOfKey);
  });

  it('opens no route of REST v1: a key stays what the API asks for', async () => {
    const person = visitor();
    await person.signIn(opened.key);
    const { keyId } = (await findCaller(opened.world.sql, opened.key)) as { keyId: number };
    for (const headers of [{}, { keyOfSession: String(keyId) }, { 'x-key-of-session': String(keyId) }]) {
      const answer = await person.get('/v1/orders', headers);
      expect([answer.status, JSON.parse(answer.html).code]).toEqual([401, 'unauthorized']);
    }
  });
});

describe('a form', () => {
  it('from another site does nothing', async () => {
    const person = visitor();
    await person.signIn(opened.key);
    const fields = hiddenFields((await person.get('/app/developers')).html);
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const answer = await person.post('/app/developers', { ...fields, url: 'http://127.0.0.1:9/hook' }, foreign);
    expect([answer.status, answer.html.includes('the form came from another site')]).toEqual([403, true]);
    const { body } = await opened.api.v1('/v1/webhooks', { key: opened.key });
    expect(body.data).toEqual([]);
  });

  it('without the token of its session, or with another session’s, does nothing', async () => {
    const [person, other] = [visitor(), visitor()];
    await person.signIn(opened.key);
    await other.signIn((await newKey()).key);
    const foreign = hiddenFields((await other.get('/app/developers')).html).form_token ?? '';
    for (const form_token of ['', 'guessed', foreign]) {
      const fields = { key: 'k', url: 'http://127.0.0.1:9/hook', form_token };
      const answer = await person.post('/app/developers', fields);
      expect([answer.status, answer.html.includes('the form is not from this session')]).toEqual([403, true]);
    }
    expect((await opened.api.v1('/v1/webhooks', { key: opened.key })).body.data).toEqual([]);
  });

  it('with more fields than any page has is refused, and one with as many is read', async () => {
    const person = visitor();
    await person.signIn(opened.key);
    const { form_token = '' } = hiddenFields((await person.get('/app/mass')).html);
    const sent = (fields: number) => {
      const others = Array.from({ length: fields - 1 }, (_, at) => [`field-${at}`, '']);
      return person.post('/app/mass', { form_token, ...Object.fromEntries(others) });
    };
    expect((await sent(LIMITS.formFields)).html).toContain('Write or choose at least one line.');
    const refused = await sent(LIMITS.formFields + 1);
    expect([refused.status, refused.html.includes('too many fields')]).toEqual([422, true]);
  });

  it('that signs in has room for its key and for the address of a page, and for no more', async () => {
    const page = `/app/orders?q=${'x'.repeat(12_000)}`;
    expect((await visitor().post('/app/sign-in', { key: opened.key, next: page })).location).toBe(page);
    for (const path of ['/app/sign-in', '/app/sign-out', '/ops/sign-in']) {
      const refused = await visitor().post(path, { key: opened.key, next: 'x'.repeat(LIMITS.signInBody) });
      expect([refused.status, refused.html.includes('The request body is too large')]).toEqual([413, true]);
    }
  });

  it('of a session that has ended leads to the sign-in, which says so, and back to its page', async () => {
    const person = visitor();
    const { key } = await newKey();
    await person.signIn(key);
    const fields = hiddenFields((await person.get('/app/mass')).html);
    await opened.world.sql`update sessions set expires_at = now()`;
    const turnedAway = await person.post('/app/new?service=5', { ...fields, quantity: '10' });
    expect(turnedAway.status).toBe(303);
    const { html } = await person.get(turnedAway.location);
    expect(html).toContain('Your session has ended. Nothing was sent.');
    const back = await person.post('/app/sign-in', { key, next: hiddenFields(html).next ?? '' });
    expect(back.location).toBe('/app/new?service=5');
  });

  it('whose part is renewed after the session leads the whole page to the sign-in, and back', async () => {
    const page = `${opened.api.url}/app/new?service=5`;
    const part = { 'hx-request': 'true', 'hx-current-url': page };
    const answer = await visitor().post('/app/new/price?service=5', {}, part);
    expect([answer.status, answer.html]).toEqual([401, '']);
    const to = answer.headers.get('hx-redirect') ?? '';
    expect(hiddenFields((await visitor().get(to)).html).next).toBe('/app/new?service=5');
    const elsewhere = { ...part, 'hx-current-url': 'https://evil.example/app' };
    const foreign = await visitor().get('/app/mass/1/lines', elsewhere);
    expect(foreign.headers.get('hx-redirect')).toBe('/app/sign-in?next=%2Fapp');
  });
});
