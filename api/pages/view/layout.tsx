import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import { type AssetName, assetUrl } from '../assets.ts';
import { FORM_TOKEN } from '../session/form-token.ts';
import { Notice } from './parts.tsx';

/** A place of the menu: its path below the desk, and its name. */
export interface Place {
  readonly path: string;
  readonly name: string;
  /** Paths of pages that belong to the place too. */
  readonly also?: readonly string[];
}

/** What the layout shows around a signed-in person's pages. */
export interface Surroundings {
  /** The first part of the path: `/app`. */
  readonly root: string;
  readonly places: readonly Place[];
  /** The path of the page, which the menu marks. */
  readonly here: string;
  /** The name of the person who is signed in. */
  readonly person: string;
  readonly formToken: string;
  /** Keys of the page, with what they do. */
  readonly keys: readonly (readonly [string, string])[];
  readonly notice: { readonly kind: 'done' | 'error'; readonly text: string } | undefined;
}

interface DocumentProps {
  readonly title: string;
  readonly assets?: readonly AssetName[];
  /** Where the browser goes by itself. */
  readonly goTo?: string;
}

/**
 * htmx adds no style of its own, which the content security policy would refuse. A refusal is a whole page: it replaces no part of
 * this one, which stays as it is and asks again.
 */
const HTMX = JSON.stringify({ includeIndicatorCSS: false, history: false, noSwap: [204, 304, '4xx', '5xx'] });

/** A whole HTML document. */
export const Document: FC<PropsWithChildren<DocumentProps>> = ({ title, assets = [], goTo, children }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="htmx-config" content={HTMX} />
      {goTo === undefined ? '' : <meta http-equiv="refresh" content={`0; url=${goTo}`} />}
      <title>{`${title} · Holdfast`}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href={assetUrl('style.css')} />
      {assets
        .filter((name) => name.endsWith('.css'))
        .map((name) => (
          <link rel="stylesheet" href={assetUrl(name)} />
        ))}
      {assets
        .filter((name) => name.endsWith('.js'))
        .map((name) => (
          <script src={assetUrl(name)} defer />
        ))}
      <script src={assetUrl('page.js')} defer />
    </head>
    <body>{children}</body>
  </html>
);

const isHere = (root: string, { path, also = [] }: Place, here: string): boolean =>
  path === '' ? here === root : [path, ...also].some((one) => here === root + one || here.startsWith(`${root + one}/`));

const KEYS = [
  ['?', 'this list'],
  ['Esc', 'close this list'],
] as const;

/** Keys of a page with a search, which has `data-search`. */
export const SEARCH_KEYS = [
  ['/', 'search'],
  ['Esc', 'clear the search'],
] as const;

const Help: FC<Pick<Surroundings, 'keys'>> = ({ keys }) => (
  <dialog id="help" aria-labelledby="help-title">
    <h2 id="help-title">Keys</h2>
    <dl class="facts">
      {[...keys, ...KEYS].map(([key, does]) => (
        <div>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
    <form method="dialog">
      <button type="submit">Close</button>
    </form>
  </dialog>
);

/** A page of a signed-in person. */
export const Layout: FC<DocumentProps & { around: Surroundings; body: Child }> = ({ around, body, ...document }) => {
  const { root, places, here, person, formToken, notice, keys } = around;
  return (
    <Document {...document}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href={root}>
          Holdfast
        </a>
        <nav aria-label="Pages">
          <ul>
            {places.map((place) => (
              <li>
                <a href={root + place.path} {...(isHere(root, place, here) ? { 'aria-current': 'page' } : {})}>
                  {place.name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <form method="post" action={`${root}/sign-out`}>
          <input type="hidden" name={FORM_TOKEN} value={formToken} />
          <a class="person" href={`${root}/sessions`}>
            {person}
          </a>
          <button type="submit" class="plain">
            Sign out
          </button>
        </form>
      </header>
      <main id="main" tabindex={-1}>
        {notice === undefined ? (
          ''
        ) : (
          <Notice kind={notice.kind} takesFocus>
            {notice.text}
          </Notice>
        )}
        {body}
      </main>
      <footer class="bottom" data-needs-script>
        <button type="button" class="plain" data-opens-help aria-haspopup="dialog">
          Keyboard
        </button>
      </footer>
      <Help keys={keys} />
    </Document>
  );
};

/** A page without a menu: sign-in, and errors before it. */
export const Bare: FC<PropsWithChildren<DocumentProps>> = ({ children, ...document }) => (
  <Document {...document}>
    <main id="main" class="bare">
      <p class="brand">Holdfast</p>
      {children}
    </main>
  </Document>
);
