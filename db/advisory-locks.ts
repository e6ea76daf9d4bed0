/** The advisory locks of the database. The numbers differ from each other and from those that other programs use there. */
export const ADVISORY_LOCKS = {
  /** One process at a time migrates. */
  migrate: 4_215_001,
  /** One transaction at a time judges or changes routes. */
  routes: 4_215_002,
  /** One process at a time grants to the application's role: two at once would collide. */
  applicationRole: 4_215_003,
  /** One transaction at a time makes a staff account. */
  staffAccounts: 4_215_004,
} as const;
