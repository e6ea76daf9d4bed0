import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../domain/limits.ts';
import { acceptsLink, linkKey } from '../../domain/link.ts';
import { isPattern } from '../../domain/pattern.ts';

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
      // An engine that tries every way would not be done with this in the lifetime of the sun.
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
  ])('%s and %s are one target', (one, other) => {
    expect(linkKey(one)).toBe(linkKey(other));
  });

  it.each([
    ['https://example.com/p/1', 'https://example.com/p/2'],
    ['https://example.com/p/aB', 'https://example.com/p/ab'],
    ['https://example.com/watch?v=1', 'https://example.com/watch?v=2'],
    ['https://m.example.com/p/1', 'https://example.com/p/1'],
    ['https://example.com:8443/p/1', 'https://example.com/p/1'],
    ['@somebody', '@somebody_else'],
  ])('%s and %s are two', (one, other) => {
    expect(linkKey(one)).not.toBe(linkKey(other));
  });

  it('any text at all has a key, and the check never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl({ withQueryParameters: true })), (link) => {
        expect(typeof linkKey(link)).toBe('string');
        expect(typeof acceptsLink(link, null)).toBe('boolean');
      }),
      { numRuns: 3_000 },
    );
  });
});
