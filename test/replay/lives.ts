/** The kinds of life whose histories are kept, by what the simulated provider is told to do. */
export const LIVES = [
  { name: 'plain-completed', link: 'https://example.com/p/1?sim=seconds:1' },
  { name: 'plain-partial', link: 'https://example.com/p/2?sim=seconds:1,partial:600' },
  { name: 'plain-canceled', link: 'https://example.com/p/3?sim=delay:100,cancel' },
  { name: 'plain-refused', link: 'https://example.com/p/4?sim=refuse' },
] as const;
