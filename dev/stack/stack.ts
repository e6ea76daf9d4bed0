import { rm } from 'node:fs/promises';
import { readIfThere, writeByRename } from '../files.ts';
import { type Home, homeAt } from './home.ts';

export type PartName = 'api' | 'worker' | 'temporal' | 'postgres' | 'provider';

/** stack.json: how to reach a running local stack. It is there from "all is ready" to the stop. */
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
  /** As its owner; our programs are a role that owns nothing. */
  databaseUrl: string;
  providerUrl: string;
  /** The whole address of the API's metrics. */
  metricsUrl: string;
  /** The working processes themselves, renewed when one is started again. An engine that is not ours has none. */
  pids: Partial<Record<PartName, number>>;
};

/** The running stack of a state folder, or undefined when none is ready there. */
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
