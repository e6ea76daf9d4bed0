import type { Log } from '../config.ts';
import { secondsSince } from '../elapsed.ts';
import type { Stack } from './stack.ts';

/** Prints lines with the seconds since the start. A closed terminal does not end the stack. */
export function terminalLog(to: NodeJS.WritableStream = process.stdout): Log {
  const started = Date.now();
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return (line) => to.write(`${secondsSince(started).padStart(6)} s  ${line}\n`);
}

/** Runs a step, then prints its name and how long it took. */
export async function step<T>(log: Log, what: string, run: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const result = await run();
  log(`${what} (${secondsSince(started)} s)`);
  return result;
}

/** The stack's addresses and keys, for the terminal. */
export function addresses(stack: Stack): string {
  return [
    `  API           ${stack.apiUrl}`,
    `  API docs      ${stack.apiUrl}/openapi.json`,
    `  Temporal UI   ${stack.temporalUiUrl || '(see your own Temporal server)'}`,
    `  Temporal      ${stack.temporalAddress}`,
    `  provider      ${stack.providerUrl}`,
    `  PostgreSQL    ${stack.databaseUrl}`,
    `  API key       ${stack.apiKey}`,
    `  staff key     ${stack.adminKey}`,
  ].join('\n');
}

/** A command that places an order, to paste as it is. Pasted twice, it shows that a repeat places no second order. */
export function orderCommand(stack: Stack, service: number, key: string): string {
  const body = JSON.stringify({ service, link: `https://example.com/p/${key}`, quantity: 1000 });
  return [
    `curl -sS ${stack.apiUrl}/v1/orders`,
    `-H 'Authorization: Bearer ${stack.apiKey}'`,
    `-H 'Idempotency-Key: ${key}'`,
    `-H 'Content-Type: application/json'`,
    `-d '${body}'`,
  ].join(' \\\n  ');
}
