import type { FC } from 'hono/jsx';
import type { Alert, Provider } from '../../../../client/openapi.ts';
import { TEACHABLE } from '../../../../domain/delivery/words.ts';
import { type RefusedForm, refusedIn, typedOr } from '../../form-key.ts';
import { textOf } from '../../page.ts';
import { Choice, Field, inputOf, Status, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { Do } from './parts.tsx';

/** A status word that Holdfast does not know, from its open alert. */
export interface UnknownWord {
  readonly word: string;
  readonly detail: string;
  readonly at: string;
}

/** The words of a provider that have an open alert. */
export function unknownWords(provider: number, alerts: readonly Alert[]): UnknownWord[] {
  const start = `word:${provider}:`;
  return alerts
    .filter(({ kind, subject }) => kind === 'provider_word' && subject.startsWith(start))
    .map(({ subject, detail, at }) => ({ word: subject.slice(start.length), detail, at }));
}

const MEANINGS = TEACHABLE.map((status) => [status, status] as const);

const UNKNOWN: readonly Column[] = [
  { name: 'Word' },
  { name: 'What is known' },
  { name: 'Since', kind: 'number' },
  { name: 'Teach', kind: 'action' },
];

const LEARNED: readonly Column[] = [{ name: 'Word' }, { name: 'Means' }, { name: 'Forget', kind: 'action' }];

interface WordsProps {
  readonly provider: Provider;
  readonly unknown: readonly UnknownWord[];
  readonly token: string;
  readonly refused: RefusedForm | undefined;
}

const Unknown: FC<Pick<WordsProps, 'unknown' | 'token'>> = ({ unknown, token }) => (
  <Table columns={UNKNOWN} caption="Words that are not known">
    {unknown.map(({ word, detail, at }) => (
      <Row
        columns={UNKNOWN}
        cells={[
          <b>{word}</b>,
          detail,
          <Time at={at} />,
          <Do what="teach" token={token} class="inline">
            <input type="hidden" name="word" value={word} />
            <select name="means" aria-label={`What ${word} means`}>
              {MEANINGS.map(([status]) => (
                <option value={status}>{status}</option>
              ))}
            </select>
            <button type="submit" class="plain" aria-label={`Teach ${word}`}>
              Teach
            </button>
          </Do>,
        ]}
      />
    ))}
  </Table>
);

/** The status words of the provider: those that nothing is known about, and those that staff have taught. */
export const Words: FC<WordsProps> = ({ provider: { statusWords }, unknown, token, refused }) => {
  const learned = Object.entries(statusWords);
  const here = refusedIn(refused, 'teach');
  const word = { name: 'word', label: 'Word' };
  return (
    <section id="words" aria-label="Words">
      <h2>Words</h2>
      {unknown.length === 0 ? (
        <p class="quiet">Every word it says is known.</p>
      ) : (
        <Unknown unknown={unknown} token={token} />
      )}
      {learned.length === 0 ? (
        ''
      ) : (
        <Table columns={LEARNED} caption="Words that staff have taught">
          {learned.map(([one, means]) => (
            <Row
              columns={LEARNED}
              cells={[
                <b>{one}</b>,
                <Status status={means} />,
                <Do what="forget" token={token}>
                  <input type="hidden" name="word" value={one} />
                  <button type="submit" class="plain" aria-label={`Forget ${one}`}>
                    Forget
                  </button>
                </Do>,
              ]}
            />
          ))}
        </Table>
      )}
      <details class="act below" open={here !== undefined}>
        <summary>Teach a word…</summary>
        <Do what="teach" token={token} refused={here} class="stack">
          <Field {...word}>
            <input {...inputOf(word)} required maxlength={100} autocomplete="off" value={typedOr(here, 'word')} />
          </Field>
          <Choice
            name="means"
            label="Means"
            value={here === undefined ? undefined : textOf(here.form, 'means')}
            options={MEANINGS}
          />
          <button type="submit">Teach the word</button>
        </Do>
      </details>
    </section>
  );
};
