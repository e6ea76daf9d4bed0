import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptsLink, linkKey } from '../../domain/catalogue/link.ts';
import { LIMITS } from '../../domain/limits.ts';
import { isPattern } from '../../domain/text/pattern.ts';
import { runs } from '../support/run/scale.ts';

describe('a service without a pattern', () => {
  it.each([
    'https://example.com/p/1',
    'http://example.com',
    'HTTPS://Example.com/Path?x=1#top',
    'https://www.instagram.com/p/CxYz_-9/',
    'https://пример.рф/страница',
    'https://127.0.0.1:8080/x',
    'https://[::1]/x',
    `https://example.com/${'a'.repeat(LIMITS.link - 'https://example.com/'.length)}`,
  ])('takes %j', (link) => {
    expect(acceptsLink(link, null)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a user name', '@somebody'],
    ['an address without a scheme', 'example.com/p/1'],
    ['another scheme', 'ftp://example.com/x'],
    ['script', 'javascript:alert(1)'],
    ['script that looks like an address', 'javascript://example.com/%0aalert(1)'],
    ['data', 'data:text/html,x'],
    ['a local file', 'file:///etc/passwd'],
    ['a scheme without a host', 'https://'],
    ['a user name before the host', 'https://user@example.com/'],
    ['a user name and a password', 'https://user:secret@example.com/'],
    ['a space', 'https://example.com/a b'],
    ['a space before it', ' https://example.com/'],
    ['a line break after it', 'https://example.com/\n'],
    ['a header smuggled in', 'https://example.com/\r\nX-Evil: 1'],
    ['a tab that URL parsers drop', 'java\tscript:alert(1)'],
    ['a NUL', 'https://example.com/\u0000'],
    ['a zero-width space', 'https://example.com/\u200b'],
    ['text direction turned round', 'https://example.com/\u202egpj.exe'],
    ['a byte order mark', '\ufeffhttps://example.com/'],
    ['half a character', 'https://example.com/\ud800'],
    ['a no-break space', 'https://example.com/\u00a0'],
    ['a port that is none', 'https://example.com:99999/'],
    ['one character too many', `https://example.com/${'a'.repeat(LIMITS.link - 'https://example.com/'.length + 1)}`],
  ])('refuses %s', (_, link) => {
    expect(acceptsLink(link, null)).toBe(false);
  });
});

describe('a service with a pattern', () => {
  it('takes what the pattern describes as a whole, address or not', () => {
    expect(acceptsLink('@somebody', '@[a-z]{3,30}')).toBe(true);
    expect(acceptsLink('https://t.me/channel', 'https://t\\.me/\\w+')).toBe(true);
    expect(acceptsLink('https://example.com/', 'https://t\\.me/\\w+')).toBe(false);
  });

  it('is not fooled by a match in the middle, nor by alternatives', () => {
    expect(acceptsLink('x@somebodyx', '@[a-z]+')).toBe(false);
    expect(acceptsLink('ax', 'a|b')).toBe(false);
    expect(acceptsLink('b', 'a|b')).toBe(true);
  });

  it.each(['(a+)+', '(a|a)*', '(a|aa)+', '(.*a){20}'])(
    'written as %s does not keep anybody waiting, however long the link',
    (pattern) => {
      // A backtracking engine would practically never finish this.
      expect(acceptsLink(`${'a'.repeat(LIMITS.link - 1)}!`, pattern)).toBe(false);
    },
  );

  it.each(['(?=a)a', '(a)\\1', '(', 'a{1,100000}'])('cannot be %s', (pattern) => {
    expect(isPattern(pattern)).toBe(false);
  });

  it('still refuses what is empty, invisible or too long', () => {
    expect(acceptsLink('', '.*')).toBe(false);
    expect(acceptsLink('a\nb', '(?s).*')).toBe(false);
    expect(acceptsLink('a\u200bb', '.*')).toBe(false);
    expect(acceptsLink('a'.repeat(LIMITS.link + 1), 'a*')).toBe(false);
  });
});

describe('two spellings of a link', () => {
  it.each([
    ['http://example.com/p/1', 'https://example.com/p/1'],
    ['https://www.example.com/p/1', 'https://example.com/p/1'],
    ['https://EXAMPLE.com/p/1', 'https://example.com/p/1'],
    ['https://example.com/p/1/', 'https://example.com/p/1'],
    ['https://example.com/p/1#comments', 'https://example.com/p/1'],
    ['https://example.com:443/p/1', 'https://example.com/p/1'],
    ['https://example.com', 'https://example.com/'],
    ['@Somebody', '@somebody'],
    ['https://m.example.com/p/1', 'https://example.com/p/1'],
    ['https://mobile.www.example.com/p/1', 'https://example.com/p/1'],
    ['https://example.com./p/1', 'https://example.com/p/1'],
    ['https://example.com//p///1//', 'https://example.com/p/1'],
    ['http://example.com:80/p/1', 'https://example.com:443/p/1'],
    ['https://example.com/p/1?', 'https://example.com/p/1'],
    ['https://example.com/p/./x/../1', 'https://example.com/p/1'],
    ['https://example.com//.p//1//.', 'https://example.com/.p/1'],
    ['example.com/p/1', 'https://example.com/p/1'],
    ['https://example.com/watch?b=2&a=1', 'https://example.com/watch?a=1&b=2'],
    ['https://www.tiktok.com/%40somebody', 'https://www.tiktok.com/@somebody'],
    ['https://example.com/%7euser?q=%e2%82%ac', 'https://example.com/~user?q=€'],
    ['https://example.com/é', 'https://example.com/e\u0301'],
    ['https://example.com/p?q=a+b', 'https://example.com/p?q=a%20b'],
    ['https://пример.рф/p', 'https://xn--e1afmkfd.xn--p1ai/p'],
    ['https://www.instagram.com/p/Cx/?igsh=MzRlODBiNWFlZA==', 'https://instagram.com/p/Cx'],
    ['https://www.instagram.com/p/Cx/?img_index=2&igshid=1', 'https://instagram.com/p/Cx'],
    ['https://youtube.com/watch?v=aB&si=Zz&feature=shared&t=42s', 'https://m.youtube.com/watch?v=aB'],
    ['https://x.com/a/status/1?s=20&t=Zz', 'https://x.com/a/status/1'],
    ['https://www.tiktok.com/@a/video/1?_t=8&_r=1&is_from_webapp=1', 'https://tiktok.com/@a/video/1'],
    ['https://m.facebook.com/p/1?mibextid=x&__cft__[0]=y&__tn__=z', 'https://www.facebook.com/p/1'],
    ['https://example.com/p/1?UTM_Source=a&utm_whatever=b&gclid=c&fbclid=d', 'https://example.com/p/1'],
    ['https://open.spotify.com/track/1?si=a&context=b', 'https://open.spotify.com/track/1'],
  ])('%s and %s are one target', (one, other) => {
    expect(linkKey(one)).toBe(linkKey(other));
  });

  it.each([
    ['https://example.com/p/1', 'https://example.com/p/2'],
    ['https://example.com/p/aB', 'https://example.com/p/ab'],
    ['https://example.com/watch?v=1', 'https://example.com/watch?v=2'],
    ['https://m.me/somebody', 'https://me/somebody'],
    ['https://example.com/p/1?tab=photos', 'https://example.com/p/1'],
    ['https://www.youtube.com/watch?v=aB&list=PL1', 'https://www.youtube.com/watch?v=aB&list=PL2'],
    ['https://forum.example/topic?t=1', 'https://forum.example/topic?t=2'],
    ['https://example.com/p/a%2Fb', 'https://example.com/p/a/b'],
    ['https://example.com/p?a=1%262', 'https://example.com/p?a=1&2'],
    ['https://shop.example.com/p/1', 'https://example.com/p/1'],
    ['https://example.com:8443/p/1', 'https://example.com/p/1'],
    ['@somebody', '@somebody_else'],
  ])('%s and %s are two', (one, other) => {
    expect(linkKey(one)).not.toBe(linkKey(other));
  });

  it('with a parameter that the service passes over, in any case, are one target there alone', () => {
    const [one, other] = ['https://example.com/p/1?Campaign=a&x=1', 'https://example.com/p/1?x=1&campaign=b'];
    expect(linkKey(one, ['CAMPAIGN'])).toBe(linkKey(other, ['CAMPAIGN']));
    expect(linkKey(one)).not.toBe(linkKey(other));
    expect(linkKey(one, ['campaign'])).not.toBe(linkKey('https://example.com/p/1', ['campaign']));
  });

  const part = fc.constantFrom(
    ...[
      '/',
      '//',
      '?',
      '&',
      '=',
      '#',
      '%',
      '%41',
      '%2f',
      '%e9',
      '%C3%A9',
      '+',
      'é',
      '.',
      '..',
      'www.',
      'm.',
      'a',
      'B',
      '@',
      ':443',
      '[0]',
      'utm_x=1',
    ],
  );
  const odd = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.array(part, { maxLength: 30 }).map((parts) => `https://example.com${parts.join('')}`),
    fc.array(part, { maxLength: 30 }).map((parts) => parts.join('')),
    fc.array(part, { maxLength: 8 }).map((parts) => `http://${parts.join('')}example.com/${parts.join('')}`),
  );

  it('any text at all has a key, which is its own key, and the check never throws', () => {
    fc.assert(
      fc.property(odd, (link) => {
        const key = linkKey(link);
        expect(linkKey(key)).toBe(key);
        expect(typeof acceptsLink(link, null)).toBe('boolean');
      }),
      { numRuns: runs(3_000) },
    );
  });

  it.each(['/', '//', '%', '%41', 'a=1&', 'utm_a=1&', '[', '[0]', '.', 'www.', 'a.', '+', '#', 'é', '@', ':'])(
    'made of %j again and again take time that grows with their length alone',
    (piece) => {
      const texts = ['https://example.com/?', 'https://example.com/', 'https://', ''].map(
        (start) => start + piece.repeat(200_000),
      );
      const start = performance.now();
      for (const text of texts) linkKey(text);
      // With quadratic cost, one of them would take a quarter of an hour.
      expect(performance.now() - start).toBeLessThan(10_000);
    },
  );
});
