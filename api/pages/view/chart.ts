/** What `assets/chart.js` draws: seconds since 1970, and a value or nothing for each of them in every series. */
export interface Chart {
  readonly times: readonly number[];
  readonly series: readonly {
    readonly name: string;
    /** The name of a colour of the style. */
    readonly tone: string;
    readonly stepped: boolean;
    readonly values: readonly (number | null)[];
  }[];
  /** What the values are; by default numbers. */
  readonly unit?: 'seconds';
  /** Whether the times are days in UTC, which every viewer calls by the same name. */
  readonly isByDay?: boolean;
}
