import { rm } from 'node:fs/promises';
import { readIfThere, writeByRename } from '../files.ts';
import { type Home, homeAt } from './home.ts';

export type PartName = 'api' | 'worker' | 'temporal' | 'postgres' | 'provider';

/** stack.json: how to reach a running local stack. The file exists from "ready" until the stop. */
export type Stack = {
  apiUrl: string;
  /** Key of the demo account. */
  apiKey: string;
  /** Key with staff scope. */
  adminKey: string;
  /** host:port */
  temporalAddress: string;
  temporalNamespace: string;
  temporalUiUrl: string;
  /** Path of the `temporal` program. */
  temporalCli: string;
  /** Url of the database's owner; our programs connect as a role that owns nothing. */
  databaseUrl: string;
  providerUrl: string;
  /** Full url of the API's metrics. */
  metricsUrl: string;
  /** Pids of the running parts, updated when a part is started again. An engine that the stack did not start has none. */
  pids: Partial<Record<PartName, number>>;
};

/** Reads the stack file of a state folder; undefined when no stack is ready. */
export async function readStack(home: string): Promise<Stack | undefined> {
  const text = await readIfThere(homeAt(home).stackFile);
  return text === undefined ? undefined : (JSON.parse(text) as Stack);
}

export async function writeStack(home: Home, stack: Stack): Promise<void> {
  await writeByRename(home.stackFile, `${JSON.stringify(stack, undefined, 2)}\n`);
}

export async function removeStack(home: Home): Promise<void> {
  await rm(home.stackFile, { force: true });
}
