import { readFile } from 'node:fs/promises';
import { UsageError } from './failure.ts';
import type { Host } from './host.ts';

/** The text of a file, or of standard input for `-`. @throws UsageError when the file cannot be read, or is not UTF-8. */
export async function readInput(host: Host, file: string): Promise<string> {
  const bytes = file === '-' ? await bytesOf(host.stdin) : await readBytes(file);
  try {
    // Replacement characters would be delivered as the customer's text.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is not UTF-8`);
  }
}

function readBytes(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read ${file}: ${error.code ?? error.message}`);
  });
}

async function bytesOf(stream: Host['stdin']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
