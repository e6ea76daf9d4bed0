import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Client } from '../../client/index.ts';
import { type Caller, connectApi } from './connection.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { type Failure, failureOf } from './failure.ts';
import type { Host } from './host.ts';
import type { Sent } from './sent.ts';
import { plain, shellWord } from './terminal.ts';

/** Options that every command has. */
interface GlobalOptions {
  readonly json?: true;
  readonly url?: string;
}

/** What a command answers: one value with `--json`, else text. */
export interface Result {
  readonly json: unknown;
  readonly text: string;
  /** Default: done. */
  readonly exit?: ExitCode;
}

/** One run of a command. */
export interface Invocation<O> {
  readonly host: Host;
  readonly args: readonly string[];
  readonly options: O & GlobalOptions;
  /** The Idempotency-Key of what the command changes: `--key`, or a new one. */
  readonly key: string;
  readonly client: (caller: Caller) => Promise<Client>;
  /** Writes one line of an answer that has many: with `--json` the value, else the text. */
  readonly line: (json: unknown, text: string) => void;
}

export interface CommandKind {
  /** Whether the command changes something: then it takes `--key`, and a lost answer means that its outcome is not known. */
  readonly changes: boolean;
  /** Whether the key is printed before the request, so that a run that is killed can be repeated. */
  readonly printsKey?: boolean;
}

/** What the commands of one run share. */
export interface Session {
  readonly host: Host;
  /** The arguments as they were given. */
  readonly argv: readonly string[];
  /** Takes the exit code of the command that ran. */
  readonly end: (exit: ExitCode) => void;
}

/**
 * Makes `act` the action of a command. It prints the result, or the failure as one line, and ends the session with the exit code.
 * An act that answers line by line returns no result.
 */
export function runs<O extends object>(
  command: Command,
  session: Session,
  { changes, printsKey = false }: CommandKind,
  act: (invocation: Invocation<O>) => Promise<Result | undefined>,
): void {
  if (changes) {
    command.option(
      '--key <text>',
      'Idempotency-Key of the request: a repeat with it does nothing twice (default: new)',
    );
  }
  command.action(async () => {
    const { host } = session;
    const options = command.optsWithGlobals<O & GlobalOptions & { readonly key?: string }>();
    const key = options.key ?? randomUUID();
    const isJson = options.json === true;
    const line = (json: unknown, text: string) => host.out(isJson ? `${JSON.stringify(json)}\n` : `${text}\n`);
    let sent: Sent = { mayHaveArrived: false };
    const client = async (caller: Caller): Promise<Client> => {
      const connection = await connectApi(host, options.url, caller);
      sent = connection.sent;
      if (printsKey && options.key === undefined) host.err(`to repeat it safely: --key ${key}\n`);
      return connection.client;
    };
    try {
      const result = await act({ host, args: command.args, options, key, client, line });
      if (result !== undefined) host.out(isJson ? `${JSON.stringify(result.json)}\n` : result.text);
      session.end(result?.exit ?? EXIT.done);
    } catch (error) {
      const failure = failureOf(error, { changes, sent });
      const isUnknown = failure.exit === EXIT.unknown;
      const repeat = isUnknown ? repeatOf(session.argv, options.key === undefined ? key : undefined) : undefined;
      host.err(`holdfast: ${plain(sentence(failure, repeat))}\n`);
      if (isJson) host.out(`${JSON.stringify({ error: { ...failure, ...(changes ? { key } : {}), repeat } })}\n`);
      session.end(failure.exit);
    }
  });
}

/** A failure in one line, with the command that repeats it. */
function sentence({ code, detail, requestId }: Failure, repeat: string | undefined): string {
  const by = requestId === undefined ? '' : ` [request ${requestId}]`;
  const then = repeat === undefined ? '' : `; repeat, which does nothing twice: ${repeat}`;
  return `${code}: ${detail.trim()}${by}${then}`;
}

/** The command line that repeats a run, with its key. */
const repeatOf = (argv: readonly string[], key: string | undefined): string =>
  ['npx', 'holdfast', ...argv, ...(key === undefined ? [] : ['--key', key])].map(shellWord).join(' ');
