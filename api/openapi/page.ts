import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { ERRORS } from '../../domain/errors.ts';
import { type ApiDocument, type Operation, operationsOf } from './document.ts';
import { typeText } from './schema-text.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 62rem; margin: 0 auto; padding: 1rem }
code, pre { font: 0.9em/1.5 ui-monospace, monospace }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid #8886; border-radius: 4px }
summary { cursor: pointer; padding: 0.35rem 0 }
details { border-top: 1px solid #8884 }
details[open] { padding-bottom: 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 1rem 0.25rem 0; border-top: 1px solid #8884 }
.method { display: inline-block; min-width: 4.5rem; font-weight: 600 }
.note { opacity: 0.75 }
`;

const anchorOf = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/** The fields of a parameter list, as rows. */
const parameterRows = ({ parameters = [] }: Operation): Html[] =>
  parameters.flatMap((parameter) =>
    '$ref' in parameter
      ? []
      : html`<tr><td><code>${parameter.name}</code></td><td>${parameter.in}${parameter.required === true ? ', required' : ''}</td>
<td><code>${typeText(parameter.schema)}</code></td><td>${parameter.description ?? ''}</td></tr>`,
  );

const contentOf = (content: Record<string, { schema?: unknown }> = {}): Html[] =>
  Object.entries(content).map(([type, { schema }]) => html`<p><code>${type}</code></p><pre>${typeText(schema)}</pre>`);

function bodyOf({ requestBody }: Operation): Html | '' {
  if (requestBody === undefined || '$ref' in requestBody) return '';
  return html`<h4>Body</h4>${contentOf(requestBody.content)}`;
}

/** The answers of a success. One table lists the errors of all routes. */
const answersOf = ({ responses }: Operation): Html[] =>
  Object.entries(responses ?? {})
    .filter(([status]) => /^[23]/.test(status))
    .map(
      ([status, answer]: [string, { description?: string; content?: Record<string, { schema?: unknown }> }]) =>
        html`<h4>${status} ${answer.description ?? ''}</h4>${contentOf(answer.content)}`,
    );

function scopeOf({ security }: Operation): string {
  const scopes = (security ?? []).flatMap(({ key }) => key ?? []);
  return scopes.length === 0 ? '' : `Scope ${scopes.join(', ')}. `;
}

const operationHtml = (method: string, path: string, operation: Operation): Html => {
  const rows = parameterRows(operation);
  return html`<details id="${operation.operationId ?? ''}">
<summary><span class="method">${method.toUpperCase()}</span> <code>${path}</code> <span class="note">${operation.summary ?? ''}</span></summary>
<p>${scopeOf(operation)}${operation.description ?? ''}</p>
${rows.length === 0 ? '' : html`<h4>Parameters</h4><table>${rows}</table>`}
${bodyOf(operation)}
${answersOf(operation)}
</details>`;
};

const errorRows = Object.entries(ERRORS).map(
  ([code, { status, title, v2 }]) =>
    html`<tr id="error-${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td><td>${v2}</td></tr>`,
);

/** The document as one page that needs no script and loads nothing. */
export function docsPage(document: ApiDocument): Html {
  const operations = operationsOf(document);
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))];
  const schemas = Object.entries(document.components?.schemas ?? {});
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${document.info.title} API</title>
<style>${raw(STYLE)}</style></head>
<body>
<h1>${document.info.title} API</h1>
<p>${document.info.description ?? ''}</p>
<p><a href="/openapi.json">This page as an OpenAPI 3.1 document</a></p>
<nav>${tags.map((tag) => html`<a href="#${anchorOf(tag)}">${tag}</a> · `)}<a href="#objects">objects</a> · <a href="#errors">errors</a></nav>
${tags.map(
  (tag) => html`<h2 id="${anchorOf(tag)}">${tag}</h2>
${operations
  .filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag)
  .map(({ method, path, operation }) => operationHtml(method, path, operation))}`,
)}
<h2 id="objects">objects</h2>
${schemas.map(
  ([name, schema]) =>
    html`<details id="object-${name}"><summary><code>${name}</code> <span class="note">${schema.description ?? ''}</span></summary><pre>${typeText(schema)}</pre></details>`,
)}
<h2 id="errors">errors</h2>
<p>REST v1 answers with the status and the code, as <code>application/problem+json</code>; panel API v2 answers with HTTP 200 and the text.</p>
<table><tr><th>code</th><th>v1</th><th></th><th>v2</th></tr>${errorRows}</table>
</body>
</html>`;
}
