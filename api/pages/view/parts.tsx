import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import { FORM_TOKEN } from '../session/form-token.ts';
import { exactTime, explained, money, relative } from './formats.ts';

/** A time as a distance, with the exact time on hover. A script writes the exact one in the viewer's zone. */
export const Time: FC<{ at: string | null }> = ({ at }) => {
  if (at === null) return <span class="quiet">–</span>;
  const date = new Date(at);
  return (
    <time datetime={at} title={exactTime(date)}>
      {relative(date, new Date())}
    </time>
  );
};

/** When something happens next. A time that has passed means that it is due, and waits for its turn. */
export const Due: FC<{ at: string | null }> = ({ at }) =>
  at !== null && Date.parse(at) <= Date.now() ? <span>due</span> : <Time at={at} />;

/** When something was booked: the date and the time themselves, in UTC without script. */
export const Booked: FC<{ at: string }> = ({ at }) => (
  <time datetime={at} data-exact>
    {exactTime(new Date(at))}
  </time>
);

const TIME_IN_TEXT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** What a program or a provider said: a code of the network with what it means, and times as people read them. */
export const Said: FC<{ text: string }> = ({ text }) => (
  <>
    {text
      .split(TIME_IN_TEXT)
      .map((part) =>
        TIME_IN_TEXT.test(part) && !Number.isNaN(Date.parse(part)) ? <Booked at={part} /> : explained(part),
      )}
  </>
);

/** An exact amount. */
export const Amount: FC<{ of: string; currency?: string }> = ({ of, currency }) => (
  <span class="amount">
    {money(of)}
    {currency === undefined ? '' : <span class="quiet"> {currency}</span>}
  </span>
);

/** A share as a bar beside its number. */
export const Progress: FC<{ percent: number; of?: string }> = ({ percent, of = 'delivered' }) => (
  <span class="progress">
    <progress max={100} value={percent} aria-label={of} />
    <span class="number">{percent} %</span>
  </span>
);

/** A status, and what needs attention beside it. */
export const Status: FC<{ status: string; attention?: string }> = ({ status, attention = 'none' }) => (
  <span class="statuses">
    <span class={`badge is-${status.toLowerCase().replaceAll(' ', '-')}`}>{status}</span>
    {attention === 'none' ? '' : <span class="badge is-attention">{attention}</span>}
  </span>
);

/** The status of an order that a page follows, for those who listen: only its changes are read aloud. */
export const StatusSaid: FC<{ id: number; status: string; attention: string }> = ({ id, status, attention }) => (
  <p id="said" class="unseen" aria-live="polite">
    {`Order ${id}: ${status}${attention === 'none' ? '' : `, ${attention}`}`}
  </p>
);

/** A target: a link that leads away only when it is one; a user name or any other text stays text. */
export const Target: FC<{ link: string }> = ({ link }) =>
  /^https?:\/\//i.test(link) ? (
    <a class="target" href={link} rel="noreferrer noopener external">
      {link}
    </a>
  ) : (
    <span class="target">{link}</span>
  );

/** Says what to do where there is nothing to show. */
export const Empty: FC<PropsWithChildren> = ({ children }) => <div class="empty">{children}</div>;

/** A message above a page's content. Script gives the focus to one that takes it, so that it is read aloud. */
export const Notice: FC<PropsWithChildren<{ kind?: 'done' | 'error'; takesFocus?: boolean }>> = ({
  kind = 'done',
  takesFocus = false,
  children,
}) => (
  <div
    class={`notice is-${kind}`}
    role={kind === 'error' ? 'alert' : 'status'}
    {...(takesFocus ? { tabindex: -1 } : {})}
  >
    {children}
  </div>
);

/** A form that posts to its own page, or to `action`. */
export const PostForm: FC<
  PropsWithChildren<{ token: string; action?: string; class?: string; id?: string; upload?: boolean }>
> = ({ token, action, upload = false, children, ...rest }) => (
  <form
    method="post"
    {...(action === undefined ? {} : { action })}
    {...(upload ? { enctype: 'multipart/form-data' } : {})}
    {...rest}
  >
    <input type="hidden" name={FORM_TOKEN} value={token} />
    {children}
  </form>
);

interface FinalActProps {
  readonly token: string;
  /** The button, like `Revoke`. */
  readonly name: string;
  /** What it is about, like `the key shop`: buttons of many rows are told apart by it. */
  readonly of: string;
  /** What follows, before it is pressed. */
  readonly effect: string;
}

/** A button that opens the form for what cannot be taken back. `children` are the form's fields. */
export const FinalAct: FC<PropsWithChildren<FinalActProps>> = ({ token, name, of, effect, children }) => (
  <details class="act">
    <summary>
      {name}…<span class="unseen"> {of}</span>
    </summary>
    <PostForm token={token} class="stack">
      {children}
      <p class="quiet">{effect}</p>
      <button type="submit" class="danger">
        {name} {of}
      </button>
    </PostForm>
  </details>
);

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with the value; shown beside the field and read with it. */
  readonly error?: string | undefined;
}

const describedBy = ({ name, hint, error }: FieldProps): string | undefined =>
  [hint === undefined ? '' : `${name}-hint`, error === undefined ? '' : `${name}-error`].filter(Boolean).join(' ') ||
  undefined;

/** Attributes that connect an input to its label, hint and error. */
export const inputOf = (props: FieldProps) => {
  const described = describedBy(props);
  return {
    id: props.name,
    name: props.name,
    ...(described === undefined ? {} : { 'aria-describedby': described }),
    ...(props.error === undefined ? {} : { 'aria-invalid': 'true' as const }),
  };
};

/** An input with its label, a hint, and its error. */
export const Field: FC<PropsWithChildren<FieldProps>> = ({ name, label, hint, error, children }) => (
  <div class="field">
    <label for={name}>{label}</label>
    {children}
    {hint === undefined ? (
      ''
    ) : (
      <p class="hint" id={`${name}-hint`}>
        {hint}
      </p>
    )}
    {error === undefined ? (
      ''
    ) : (
      <p class="error" id={`${name}-error`}>
        {error}
      </p>
    )}
  </div>
);

/** A select whose chosen option is `value`. */
export const Choice: FC<
  FieldProps & { value?: string | undefined; options: readonly (readonly [string, string])[] }
> = ({ value = '', options, ...field }) => (
  <Field {...field}>
    <select {...inputOf(field)}>
      {options.map(([option, text]) => (
        <option value={option} selected={option === value}>
          {text}
        </option>
      ))}
    </select>
  </Field>
);

/** A heading with its actions at the right. */
export const Heading: FC<PropsWithChildren<{ text: Child }>> = ({ text, children }) => (
  <header class="heading">
    <h1>{text}</h1>
    {children === undefined ? '' : <div class="actions">{children}</div>}
  </header>
);

/** Leads from a page of a list to the next one. `here` is the page's address, whose other parameters stay. */
export const Pager: FC<{ here: URL; next: string | null }> = ({ here, next }) => {
  const isLater = here.searchParams.has('cursor');
  if (next === null && !isLater) return null;
  const first = new URL(here);
  first.searchParams.delete('cursor');
  const later = new URL(here);
  later.searchParams.set('cursor', next ?? '');
  return (
    <nav class="pager" aria-label="Pages of the list">
      {isLater ? <a href={first.pathname + first.search}>First page</a> : ''}
      {next === null ? (
        ''
      ) : (
        <a href={later.pathname + later.search} rel="next">
          Next page
        </a>
      )}
    </nav>
  );
};
