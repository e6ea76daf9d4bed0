import { createHash } from 'node:crypto';

/**
 * The decisions of a seed. Every decision has a name, and the same name always gets the same answer. So what happens at one place
 * does not depend on how many decisions were made elsewhere.
 */
export class Chance {
  readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** At least 0, below 1. */
  roll(...name: readonly (string | number)[]): number {
    const digest = createHash('sha256')
      .update(`${this.seed}/${name.join('/')}`)
      .digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  }

  occurs(probability: number, ...name: readonly (string | number)[]): boolean {
    return this.roll(...name) < probability;
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number, ...name: readonly (string | number)[]): number {
    return from + Math.floor(this.roll(...name) * (to - from + 1));
  }

  /** One of the choices, each as likely as its weight. */
  pick<T>(choices: readonly (readonly [weight: number, choice: T])[], ...name: readonly (string | number)[]): T {
    let left = this.roll(...name) * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    throw new Error('nothing to choose from');
  }
}
