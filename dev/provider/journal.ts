import { mkdirSync } from 'node:fs';
import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Append-only JSON lines. `append` resolves once the line is on the disk. Lines that wait at the same time share one flush, so
 * many orders at once cost one.
 */
export class Journal {
  readonly #file: FileHandle;
  #waiting: { line: string; done: () => void; failed: (error: unknown) => void }[] = [];
  #flushing: Promise<void> | undefined;
  #broken: unknown;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens or makes the file and reads its entries. Drops a torn last line; throws when another line is not JSON. */
  static async open(path: string): Promise<{ journal: Journal; entries: unknown[] }> {
    mkdirSync(dirname(path), { recursive: true });
    const file = await open(path, 'a', 0o600);
    const bytes = await readFile(path);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    // A process killed while writing leaves half a line. Its request was never answered, so drop the line.
    if (whole < bytes.length) await truncate(path, whole);
    const lines = bytes.subarray(0, whole).toString('utf8').split('\n').filter(Boolean);
    return { journal: new Journal(file), entries: lines.map((line): unknown => JSON.parse(line)) };
  }

  append(entry: unknown): Promise<void> {
    // After a failed write the file may end in half a line: append nothing after it.
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    const line = `${JSON.stringify(entry)}\n`;
    return new Promise((done, failed) => {
      this.#waiting.push({ line, done, failed });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    // Lines appended in the same turn of the event loop share the flush.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#file.appendFile(batch.map(({ line }) => line).join(''));
        await this.#file.datasync();
        for (const { done } of batch) done();
      } catch (error) {
        this.#broken = error;
        for (const { failed } of [...batch, ...this.#waiting.splice(0)]) failed(error);
      }
    }
    this.#flushing = undefined;
  }

  async close(): Promise<void> {
    await this.#flushing;
    await this.#file.close();
  }
}
