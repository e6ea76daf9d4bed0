/** Every limit that a caller, a provider or a history can run into, in one place. */
export const LIMITS = {
  /** Characters of a target link. */
  link: 2048,
  /** Items an order may have in one run. */
  quantity: 1_000_000_000,
  /** Runs of a drip-feed. */
  runs: 10_000,
  /** Minutes between two runs: sixty days. */
  intervalMinutes: 86_400,
  /** Parameters of links that a service passes over beside those that never make another target. */
  linkParameters: 50,
  /** Days from placing an order to its start. */
  scheduleDays: 365,
  /** Characters of a caller's own reference. */
  reference: 255,
  /** Characters of an Idempotency-Key. */
  idempotencyKey: 255,
  /** Bytes of a request body: a thousand comments in any script, percent-encoded. */
  body: 524_288,
  /** Fields of one call of panel API v2, each item of a list counted. */
  fields: 1_000,
  /** Lists and objects inside each other in JSON that comes from outside; a deeper one is no JSON to us. */
  jsonDepth: 64,
  /** Commas in the JSON of a request: as many as the largest import, or list of comments, has. */
  jsonItems: 25_000,
  /** The same in a list of orders. */
  listItems: 100_000,
  /** The same in an answer of a provider: a page of 1,000 orders with 20 fields each. */
  answerItems: 20_000,
  /** What is wrong with a request that is said in one answer. */
  errorsShown: 20,
  /** Bytes of a list of orders. */
  listBody: 2_097_152,
  /** Orders of a list that are placed while its caller waits. */
  linesAtOnce: 100,
  /** Orders of a list, and orders of all lists of one account that wait to be placed. */
  listLines: 10_000,
  waitingLines: 20_000,
  /** Days for which a request that became no order is known, and so are the lines of a list that has ended. */
  refusedDays: 30,
  /** Characters of one line of text in it: a link, and what stands around it. */
  listLine: 4_096,
  /** Bytes of a request's first line and its headers together. */
  headers: 16_384,
  /** Orders that staff decide about in one request. */
  bulkOrders: 10_000,
  /** Lines of a list: comments, user names, hashtags, keywords, groups. */
  lines: 10_000,
  /** Characters of one of them, or of a field that is one line. */
  lineLength: 2_500,
  /** Posts of a subscription. */
  posts: 100_000,
  /** Order ids in one request of panel API v2. */
  idsPerRequest: 100,
  /** Characters of a name: account, key, provider, service, category. */
  name: 200,
  /** Order ids in one status call to a provider. */
  statusCallIds: 100,
  /** Settled batches that a provider is asked about in one round, beside all that run. */
  postSettlementChecksPerRound: 1_000,
  /** Hours after its settlement in which what a provider takes back goes back to the customer. */
  correctionHours: 72,
  /** Activities that a worker runs at the same time for orders. */
  activitySlots: 1_000,
  /** The most that a profile may say: sends in flight at a provider (half of a worker's slots), unclear answers in a row. */
  parallelSends: 500,
  breakAfter: 100,
  /**
   * Orders, and then more than half, of a provider's last words within so many minutes that may be Canceled or Partial; with more,
   * what it takes back after a settlement is held until staff decide.
   */
  shortOrders: 20,
  shortOrdersMinutes: 10,
  /** Orders that staff may name by id in one decision about held corrections. */
  heldOrders: 1_000,
  /** Bytes of one answer of a provider. */
  providerAnswer: 262_144,
  /** Bytes of a provider's catalogue, and services in it; of one with more nothing is read. */
  catalogueAnswer: 8_388_608,
  catalogueServices: 20_000,
  /** Commas in it: 30 for each. */
  catalogueItems: 600_000,
  /** Services that are made of a provider's in one request. */
  importedAtOnce: 5_000,
  /** Days for which changes of what providers sell are kept. */
  catalogueChangeDays: 180,
  /** Pages of a provider's list of orders that are read in one look, and orders there that are shown as what a send may be. */
  listedPages: 20,
  candidates: 20,
  /** Attempts of an order, the last of them, that are shown to staff. */
  attemptsShown: 200,
  /** Hours in which an order that turned up late is asked about; then its whole price counts as lost. */
  lateOrderHours: 720,
  /** Bytes of one answer of a counter source. */
  counterAnswer: 16_384,
  /** Looks at a target that does not show what was delivered, after the first, before a person is called. */
  rechecks: 5,
  /** Reads of one key that are worked on at the same time by one API process, and that wait for that. */
  readsOfKey: 4,
  readsWaiting: 200,
  /** Seconds for which figures of a service are given as they are; housekeeping renews them sooner. */
  statsMaxAge: 600,
  statsRenewAfter: 240,
  /** Streams of events that one key may have open at the same time, at one API process. */
  streamsPerKey: 20,
  /** Points of the delivery curve kept for an order. */
  samples: 200,
  /** Points of an order's delivery curve in one answer. */
  samplesShown: 1_000,
  /** The last batches of an order that are shown with it. */
  batchesShown: 50,
  /** Minutes before a provider that was asked to stop a batch is asked again. */
  stopAgainMinutes: 10,
  /** Refused messages of an order that its timeline tells in so many minutes; the same one is told once. */
  refusalsNoted: 20,
  refusalsNotedMinutes: 10,
  /** Hours in which what the API asks of an order counts as asked by the API. */
  askProofHours: 24,
  /** The latest events of an order that the Temporal UI shows. */
  recentNotes: 12,
  /** Webhooks an account may have. */
  webhooks: 10,
  /** Bytes of a webhook's answer that are read; its status is all that counts. */
  webhookAnswer: 65_536,
  /** Requests to webhooks at the same time, and of these to one webhook, in a process. */
  webhookRequests: 128,
  webhookRequestsEach: 8,
  /** Events in a row that a webhook may give up, for so many days without a success, before it is disabled. */
  webhookPatience: 20,
  webhookPatienceDays: 3,
  /** Days for which deliveries that are over stay in the log. */
  deliveryLogDays: 30,
  /** Characters of an e-mail address. */
  email: 254,
  /** Hours in which an e-mail address can be confirmed. */
  confirmHours: 72,
  /** Mails a day that ask to confirm an address: to one address, and for one account. */
  confirmationsOfAddress: 3,
  confirmationsOfAccount: 20,
  /** Hours in which a webhook's secret still signs after it was changed. */
  oldSecretHours: 24,
  /** Events in one replay of a period; seconds until the next such replay of the webhook, or of the same one event. */
  replayEvents: 1_000,
  replayCooldown: 60,
  /** Tests of one webhook a minute. */
  testsAMinute: 20,
  /** Characters of a provider's words that are kept. */
  providerText: 300,
  /** Characters of a status word: a longer word is unknown. An unknown word is shown up to this length. */
  statusWord: 100,
  shownWord: 60,
  /** Status words that staff can teach of one provider. */
  taughtWords: 200,
  /** Unknown words of one provider with an open alert. */
  wordAlerts: 20,
  /** Calls a second to a provider that is asked about each order, or refill, by itself. */
  singleCallsPerSecond: 10,
  /** Orders that such a provider is asked about in one round, each in its turn; and of refills, and of late orders, so many. */
  singleOrdersPerRound: 100,
  singleOthersPerRound: 20,
  /** Hours for which a provider that showed that it knows no lists is not sent one. */
  noListsHours: 24,
} as const;

/** Deadlines, in milliseconds. */
export const DEADLINES = {
  /** How long a caller waits for the outcome of placing an order. */
  place: 10_000,
  /** The same for a list of orders: lines that had no turn by then are said to be unknown. */
  placeList: 24_000,
  /** How long a stream of events may stay open; then its client comes again, and its key is looked at again. */
  stream: 600_000,
  /** From taking an attempt to the last moment its request may start to leave. */
  sendStart: 10_000,
  /** The whole exchange of one send with a provider. */
  send: 30_000,
  /** The whole exchange of one status call. */
  statusCall: 20_000,
  /** The whole exchange in which a provider says all that it sells. */
  catalogue: 30_000,
  /** The whole exchange with a webhook, looking up its name included. */
  webhook: 15_000,
  /** The whole exchange with the mail server for one mail. */
  mail: 30_000,
  /** Asking a counter source, and writing down what it said. */
  count: 5_000,
} as const;
