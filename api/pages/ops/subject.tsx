import type { FC } from 'hono/jsx';

/** Where the subjects of alerts lead: `provider:3`, `route:7-2`, `word:3:Odd`. */
const OF_ALERTS: readonly (readonly [RegExp, string])[] = [
  [/^order:(\d+)$/, '/ops/orders/'],
  [/^provider:(\d+)$/, '/ops/providers/'],
  [/^word:(\d+):/, '/ops/providers/'],
  [/^service:(\d+)$/, '/ops/services/'],
  [/^route:(\d+)-/, '/ops/services/'],
];

/** Where the subjects of the audit log lead: `accounts/1001/keys`. */
const OF_AUDIT = /^(accounts|orders|providers|services)\/(\d+)(\/|$)/;

/** The page of a subject; undefined when it has none. */
export function pageOfSubject(subject: string): string | undefined {
  const [, place, id] = OF_AUDIT.exec(subject) ?? [];
  if (place !== undefined) return `/ops/${place}/${id}`;
  for (const [pattern, page] of OF_ALERTS) {
    const found = pattern.exec(subject)?.[1];
    if (found !== undefined) return page + found;
  }
  return undefined;
}

/** What an alert or an entry of the audit log is about, as a link to its page; with its name, when that is known. */
export const Subject: FC<{ of: string; name?: string | null }> = ({ of, name = null }) => {
  const page = pageOfSubject(of);
  const text = name ?? of;
  return (
    <span>
      {page === undefined ? text : <a href={page}>{text}</a>}
      {name === null ? '' : <span class="quiet"> {of}</span>}
    </span>
  );
};
