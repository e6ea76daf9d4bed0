import type { FC } from 'hono/jsx';

export interface Tab {
  readonly href: string;
  readonly text: string;
  readonly isHere: boolean;
}

/** Links to the parts of a page, the one that is shown marked. */
export const Tabs: FC<{ label: string; tabs: readonly Tab[] }> = ({ label, tabs }) => (
  <nav class="tabs" aria-label={label}>
    <ul>
      {tabs.map(({ href, text, isHere }) => (
        <li>
          <a href={href} {...(isHere ? { 'aria-current': 'page' } : {})}>
            {text}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);
