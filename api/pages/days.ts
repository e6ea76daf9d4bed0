const DAY_MS = 86_400_000;

/** A day of a date field as the time at which it begins, in UTC; other text stays, and v1 says what is wrong with it. */
export function dayStart(day: string | undefined, daysLater = 0): string | undefined {
  const at = dayAt(day);
  return at === undefined ? day : new Date(at + daysLater * DAY_MS).toISOString();
}

/** The day some days later; other text stays. */
export function dayAfter(day: string | undefined, days: number): string | undefined {
  const at = dayAt(day);
  return at === undefined ? day : new Date(at + days * DAY_MS).toISOString().slice(0, 10);
}

const dayAt = (day: string | undefined): number | undefined => {
  const at = day === undefined || !/^\d{4}-\d\d-\d\d$/.test(day) ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? undefined : at;
};
