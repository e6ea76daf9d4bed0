/** Characters of the bar. */
const WIDTH = 30;

export interface Bar {
  /** Draws the bar anew over itself; `share` is from 0 to 1. */
  show(share: number, says: string): void;
  /** Clears the line. */
  end(): void;
}

/** A progress bar on a terminal, as one line that is written over itself. */
export const createBar = (write: (text: string) => void): Bar => ({
  show: (share, says) => {
    const done = Math.min(1, Math.max(0, share));
    const drawn = '#'.repeat(Math.floor(done * WIDTH)).padEnd(WIDTH, '.');
    write(`\r[${drawn}] ${String(Math.floor(done * 100)).padStart(3)} %  ${says}\u001b[K`);
  },
  end: () => write('\r\u001b[K'),
});
