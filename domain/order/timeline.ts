import { LIMITS } from '../limits.ts';
import { makeNote, type Note } from './standing.ts';
import { ATTENTIONS, type Attention } from './status.ts';

/** What there is to be told of an order: what happened to it, and what about it needs attention. */
export class Journal {
  /** Not written to PostgreSQL yet. */
  unwritten: Note[] = [];
  /** The last that happened, oldest first, for the Temporal UI. */
  readonly recent: Note[] = [];
  /** How many notes there are; each has its number. */
  notes: number;
  /** Refusals that were told lately. */
  private refusals: { readonly what: string; readonly at: number }[] = [];
  private readonly flags = new Set<Attention>();
  /** The attention that PostgreSQL knows. */
  private known: Attention;

  constructor(notes: number, known: Attention) {
    this.notes = notes;
    this.known = known;
  }

  /** The last in the list of attentions that holds. */
  get attention(): Attention {
    return ATTENTIONS.findLast((attention) => this.flags.has(attention)) ?? 'none';
  }

  /** Whether there is something that PostgreSQL does not know. */
  get isUntold(): boolean {
    return this.unwritten.length > 0 || this.attention !== this.known;
  }

  has(attention: Attention): boolean {
    return this.flags.has(attention);
  }

  raise(...attentions: readonly Attention[]): void {
    for (const attention of attentions) this.flags.add(attention);
  }

  clear(...attentions: readonly Attention[]): void {
    for (const attention of attentions) this.flags.delete(attention);
  }

  /** An attempt's own commit has shown that it is not known whether a batch was placed. */
  knownUncertain(): void {
    this.raise('uncertain');
    this.known = 'uncertain';
  }

  /** Nothing needs attention any more, and whoever ended the order has written that. */
  calm(): void {
    this.flags.clear();
    this.known = 'none';
  }

  /** Whether a refusal is to be told: not the same one again and again, nor ever new ones without end. */
  isNewRefusal(at: number, what: string): boolean {
    const since = at - LIMITS.refusalsNotedMinutes * 60_000;
    this.refusals = this.refusals.filter((one) => one.at > since);
    if (this.refusals.length >= LIMITS.refusalsNoted || this.refusals.some((one) => one.what === what)) return false;
    this.refusals.push({ what, at });
    return true;
  }

  /** Notes of this actor are another's. */
  protected renameActor(was: string, is: string): void {
    const renamed = (note: Note): Note => (note.actor === was ? { ...note, actor: is } : note);
    this.unwritten = this.unwritten.map(renamed);
    this.recent.splice(0, this.recent.length, ...this.recent.map(renamed));
  }

  note(at: number, type: string, actor: string, data: Note['data'] = {}): void {
    this.notes += 1;
    const note = makeNote(this.notes, at, type, actor, data);
    this.unwritten.push(note);
    this.remember(note);
  }

  /** Shows what has happened in the Temporal UI; whoever says it has written it down, or will. */
  remember(note: Note): void {
    this.recent.push(note);
    if (this.recent.length > LIMITS.recentNotes) this.recent.shift();
  }

  /** So many notes, and this attention, are written down; what came meanwhile is still to be. */
  told(notes: number, attention: Attention): void {
    this.unwritten = this.unwritten.slice(notes);
    this.known = attention;
  }
}
