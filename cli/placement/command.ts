import type { Command } from 'commander';
import { createBar } from '../command/bar.ts';
import { EXIT } from '../command/exit-codes.ts';
import { UsageError } from '../command/failure.ts';
import { readInput } from '../command/input.ts';
import { runs, type Session } from '../command/invocation.ts';
import { exitOf, massText, placeList } from './mass.ts';

/** `holdfast mass FILE`. */
export function addMassCommand(program: Command, session: Session): void {
  const mass = program
    .command('mass <file>')
    .description(
      'place a list of orders and wait for each line: service|link|quantity[|runs|interval]; - is standard input',
    );
  runs(mass, session, { changes: true, printsKey: true }, async ({ host, args: [file = ''], key, client }) => {
    const text = await readInput(host, file);
    if (text.trim() === '') throw new UsageError(`${file} has no lines`);
    const bar = host.isTerminal ? createBar(host.err) : undefined;
    const show = (ended: number, total: number) => bar?.show(ended / Math.max(1, total), `${ended} of ${total} lines`);
    try {
      const result = await placeList(await client('customer'), text, { key, wait: host.wait, show });
      const exit = exitOf(result);
      const again = exit === EXIT.unknown ? `send the list again with --key ${key}; no line is placed twice\n` : '';
      return { json: { ...result, key }, text: `${massText(result)}${again}`, exit };
    } finally {
      bar?.end();
    }
  });
}
