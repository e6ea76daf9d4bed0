/** The names of metrics and labels that an expression of PromQL reads. */
export interface ReadNames {
  readonly metrics: readonly string[];
  /** A label that a metric is filtered by. */
  readonly matchers: readonly { readonly metric: string; readonly label: string }[];
  /** Labels by which an aggregation groups. */
  readonly groups: readonly string[];
}

const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);
const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;

/** Reads the names in an expression, as Grafana and Prometheus have it: `sum by (le) (rate(a_bucket{b="c"}[5m]))`. */
export function readNames(expression: string): ReadNames {
  const plain = expression.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\[[^\]]*\]/g, '');
  const groups = [...plain.matchAll(GROUPING)].flatMap(([, labels = '']) => labels.match(/\w+/g) ?? []);
  const selectors = plain.replace(GROUPING, '');
  const found = [...selectors.matchAll(/(?<![\w.:$])([a-z_]\w*)\s*(?:\{([^}]*)\})?(?!\w|\s*\()/gi)];
  const named = found.flatMap(([, metric = '', labels = '']) =>
    WORDS.has(metric.toLowerCase()) ? [] : [{ metric, labels: labels.match(/\w+(?=\s*[!=])/g) ?? [] }],
  );
  return {
    metrics: named.map(({ metric }) => metric),
    matchers: named.flatMap(({ metric, labels }) => labels.map((label) => ({ metric, label }))),
    groups,
  };
}

/** The names of the series in texts for Prometheus, each with the labels that it has had. */
export function scrapedNames(texts: readonly string[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  const labelsOf = (name: string) => names.get(name) ?? names.set(name, new Set()).get(name) ?? new Set();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const [, typed = '', type] = /^# TYPE (\w+) (\w+)/.exec(line) ?? [];
    // A histogram or counter with labels has no series before its first use.
    if (type === 'histogram') for (const part of ['bucket', 'sum', 'count']) labelsOf(`${typed}_${part}`);
    else if (type !== undefined) labelsOf(typed);
    const [, name, labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) continue;
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) labelsOf(name).add(label);
    labelsOf(name);
  }
  return names;
}
