import { readFile } from 'node:fs/promises';
import { UsageError } from './failure.ts';
import type { Host } from './host.ts';

/** The text of a file, or of standard input for `-`. @throws UsageError when the file cannot be read. */
export async function readInput(host: Host, file: string): Promise<string> {
  if (file !== '-') {
    return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`cannot read ${file}: ${error.code ?? error.message}`);
    });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of host.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
