/** Every limit that a caller, a provider or a history can reach, in one place. */
export const LIMITS = {
  /** Characters of a target link. */
  link: 2048,
  /** Items of one run of an order. */
  quantity: 1_000_000_000,
  /** The start count of a batch, as staff may set it. */
  startCount: 1_000_000_000_000,
  /** Runs of a drip-feed. */
  runs: 10_000,
  /** Batches of one order that have not ended: with more, no further run begins. Temporal takes 2 MB about an order. */
  openBatches: 2_000,
  /** Minutes between two runs: at most sixty days. */
  intervalMinutes: 86_400,
  /** Link parameters that a service can ignore beside the built-in list. */
  linkParameters: 50,
  /** Days from placing an order to its scheduled start. */
  scheduleDays: 365,
  /** Characters of a caller's own reference. */
  reference: 255,
  /** Keys of an order's metadata; characters of a key, and of its value. */
  metadataKeys: 20,
  metadataKey: 40,
  metadataValue: 500,
  /** Characters of an Idempotency-Key. */
  idempotencyKey: 255,
  /** Bytes of a request body: enough for a thousand comments in any script, percent-encoded. */
  body: 524_288,
  /** Fields of one call of panel API v2; each item of a list counts. */
  fields: 1_000,
  /** Nesting depth of lists and objects in JSON from outside; deeper JSON is read as malformed. */
  jsonDepth: 64,
  /** Commas in the JSON of a request: enough for the largest import and the longest list of comments. */
  jsonItems: 25_000,
  /** Commas in the JSON of a list of orders. */
  listItems: 100_000,
  /** Commas in the JSON of a provider's answer: enough for a page of 1,000 orders with 20 fields each. */
  answerItems: 20_000,
  /** Validation errors shown in one answer. */
  errorsShown: 20,
  /** Bytes of the request body of a list of orders. */
  listBody: 2_097_152,
  /** Bytes of the body of a form that signs in or out: strangers may send it. */
  signInBody: 16_384,
  /** Fields of one form of the pages. The largest one has `idsPerRequest` orders and a few more. */
  formFields: 1_000,
  /** Lines of a list of orders that are placed while the caller waits; longer lists are placed by a workflow. */
  linesAtOnce: 100,
  /** Lines of one list of orders; lines of all lists of one account that wait to be placed. */
  listLines: 10_000,
  waitingLines: 20_000,
  /** Lines of all stored lists of one account, until housekeeping has deleted those of the lists that ended. */
  storedLines: 500_000,
  /**
   * Lists of orders that one API process reads and judges at the same time: all, and of one account. Further ones of the account
   * that wait for their turn, and the milliseconds for which they do.
   */
  listsAtOnce: 8,
  listsOfAccount: 2,
  listsWaiting: 10,
  listWaitMs: 5_000,
  /** Faults that the quote of a list shows; beyond that each line shows its first one. */
  listFaults: 2_000,
  /** Orders that one API process always places at the same time, however long that takes. */
  placingAlways: 20,
  /**
   * Milliseconds that a new order may have to wait for those before it; otherwise it is refused. An account with fewer than
   * `placingFew` orders in the line may wait longer, so that no other account keeps it out.
   */
  placingWaitMs: 5_000,
  placingWaitFewMs: 7_500,
  placingFew: 3,
  /** Milliseconds for which an order that was let in waits for its turn: those before it may take longer than was thought. */
  placingTurnMs: 6_500,
  /** Orders of one API process that the engines have at the same time; the others wait, and their accounts have turns. */
  placingAtOnce: 16,
  /** Milliseconds for which an order keeps its slot at most. */
  placingSlotMs: 4_000,
  /**
   * Requests to orders (cancel, pause, resume, refill, decisions) that one API process sends to the engines at the same time: all,
   * and of one account. Further ones of the account that wait for their turn, and the milliseconds for which they do; beyond that
   * the order is not asked. Milliseconds for which a request keeps its slot at most.
   */
  asksAtOnce: 16,
  asksOfAccount: 8,
  asksWaiting: 200,
  askWaitMs: 5_000,
  askSlotMs: 4_000,
  /** Days for which refused claims and the lines of ended lists are kept. */
  refusedDays: 30,
  /** Days for which an Idempotency-Key and its stored answer are kept; that of an order also until the order is archived. */
  keyDays: 30,
  /** Days after its end for which the counts of a list of orders are kept. */
  listDays: 365,
  /** Characters of one text line of a list of orders: a link and the other fields. */
  listLine: 4_096,
  /** Bytes of a request's first line and its headers together. */
  headers: 16_384,
  /** Orders in one bulk decision of staff. */
  bulkOrders: 10_000,
  /** Lines of a list field of an order: comments, user names, hashtags, keywords, groups. */
  lines: 10_000,
  /** Characters of one line of a list field, or of a field that is one line. */
  lineLength: 2_500,
  /** Posts of a subscription. */
  posts: 100_000,
  /** Order ids in one request of panel API v2. */
  idsPerRequest: 100,
  /** Rows of a CSV file that one query reads. */
  csvPage: 500,
  /** Ids in one list of ids of REST v1. */
  idsInList: 300,
  /** Characters of the name of an account, key, provider, service or category. */
  name: 200,
  /** Order ids in one status call to a provider. */
  statusCallIds: 100,
  /** Settled batches that a provider is asked about in one round, beside all running ones. */
  postSettlementChecksPerRound: 1_000,
  /** Hours after a settlement in which the customer is refunded what a provider takes back. Then the order is archived. */
  correctionHours: 72,
  /**
   * Archived orders, and batches of them, that one transaction compacts: at most 25 × 180 points of curves, so none takes long.
   * Transactions of one run: about 200,000 orders with one batch.
   */
  compactedOrders: 200,
  compactedBatches: 25,
  compactionSteps: 10_000,
  /** Activities for orders that one worker runs at the same time. */
  activitySlots: 1_000,
  /**
   * Activities of one worker that ask one provider to stop orders or to refill them at the same time, and that ask one counter:
   * each holds a slot while the other side hangs.
   */
  asksOfProvider: 20,
  asksOfCounter: 50,
  /** The most that a profile may set: sends in flight at a provider (half of a worker's slots), unclear answers in a row. */
  parallelSends: 500,
  breakAfter: 100,
  /**
   * When more orders than this, and more than half, get Canceled or Partial as a provider's last word within these minutes, what
   * the provider takes back after settlements is held until staff decide.
   */
  shortOrders: 20,
  shortOrdersMinutes: 10,
  /** Order ids in one decision of staff about held corrections. */
  heldOrders: 1_000,
  /** Bytes of one answer of a provider. */
  providerAnswer: 262_144,
  /** Bytes of a provider's catalogue, and services in it. A larger catalogue is not read at all. */
  catalogueAnswer: 8_388_608,
  catalogueServices: 20_000,
  /** Commas in the JSON of a provider's catalogue: 30 for each service. */
  catalogueItems: 600_000,
  /** Services that one request imports from a provider. */
  importedAtOnce: 5_000,
  /** Days for which changes of provider catalogues are kept. */
  catalogueChangeDays: 180,
  /** Pages of a provider's list of orders that one search for an unknown send reads; orders shown as its candidates. */
  listedPages: 20,
  candidates: 20,
  /** Latest attempts of an order that staff see. */
  attemptsShown: 200,
  /** Orders of one status that are counted for the view of an account, and its latest keys there. */
  ordersCounted: 1_000,
  keysShown: 50,
  /** Latest requests of an account that are kept, and for how many days at most. */
  recentRequests: 100,
  recentRequestDays: 7,
  /** Latest movements of money, and latest events, of an order that staff see with it. */
  moneyShown: 200,
  eventsShown: 100,
  /** Hours for which a late order is watched; afterwards its whole cost counts as lost. */
  lateOrderHours: 720,
  /** Bytes of one answer of a counter source. */
  counterAnswer: 16_384,
  /** Further counts of a target that does not show what was delivered; then a person decides. */
  rechecks: 5,
  /** Reads of one key that one API process runs at the same time, and further reads that may wait. */
  readsOfKey: 4,
  readsWaiting: 200,
  /** Transactions of one account that one API process runs at the same time, and further ones that may wait. */
  transactionsOfAccount: 4,
  transactionsWaiting: 200,
  /** Rows that one page of a list reads at most, when its filters are served by no index. */
  rowsRead: 2_000,
  /** Seconds after which the stored figures of a service are too old to show; housekeeping renews them earlier. */
  statsMaxAge: 600,
  statsRenewAfter: 240,
  /** Event streams that one key may have open at one API process. */
  streamsPerKey: 20,
  /** Hours of a session of the pages; open sessions of one key; minutes for which a link that signs in once is valid. */
  sessionHours: 12,
  sessionsOfKey: 50,
  signInLinkMinutes: 10,
  /** Orders whose numbers one stream of an account's events shows. */
  ordersFollowed: 100,
  /** Points of a batch's delivery curve that are stored, and those that are left once its order is archived. */
  samples: 200,
  samplesKept: 20,
  /** Points of an order's delivery curve in one answer. */
  samplesShown: 1_000,
  /** Latest batches that an order's view shows. */
  batchesShown: 50,
  /** Batches that have not ended, of an order that waits for a person. */
  openBatchesShown: 5,
  /** Minutes from a provider's answer to a stop request to the next request. */
  stopAgainMinutes: 10,
  /** Minutes from a customer's pause of an order to their next one: each pause and its end are kept for ever. */
  pauseAgainMinutes: 10,
  /** Refusals that an order's timeline records within these minutes; the same refusal is recorded once. */
  refusalsNoted: 20,
  refusalsNotedMinutes: 10,
  /** Refill requests of an order within these minutes for which the target is counted and nothing is missing; further ones are refused. */
  vainRefills: 5,
  vainRefillsMinutes: 10,
  /** Hours for which the proof in an API request to an order is valid. */
  askProofHours: 24,
  /** Latest events of an order that the Temporal UI shows. */
  recentEvents: 12,
  /** Services, the cheapest first, that are looked at for the rest of an order. */
  reorderServices: 200,
  /** Saved views of the list of orders of one account; characters of a name, and of its query string. */
  orderViews: 20,
  viewName: 60,
  viewQuery: 1_000,
  /** Valid keys of an account that makes keys itself, and keys that it makes in a day, revoked ones too. */
  keys: 100,
  keysADay: 100,
  /** Webhooks of one account, and those that it makes in a day, deleted ones too. */
  webhooks: 10,
  webhooksADay: 100,
  /** Bytes of a webhook's answer that are read. Only its status counts. */
  webhookAnswer: 65_536,
  /**
   * Requests to webhooks that one process runs at the same time: to all webhooks, those of them that repeat a delivery, and
   * to one webhook.
   */
  webhookRequests: 128,
  webhookRetries: 64,
  webhookRequestsEach: 8,
  /** A webhook is disabled after this many events in a row that were given up, and these days without a success. */
  webhookPatience: 20,
  webhookPatienceDays: 3,
  /** Days for which ended deliveries stay in the log. */
  deliveryLogDays: 30,
  /** Days that one sum of a wallet's movements covers: each movement is read. */
  statementDays: 31,
  /** Services that an account has marked as favourites. */
  favourites: 200,
  /** Days that one report covers; weeks before it that the times of a service are compared with; subjects in a report. */
  reportDays: 92,
  reportWeeks: 4,
  reportRows: 200,
  /** Days for which the counts of calls to providers are kept; hours that one answer shows by minute, and by hour. */
  callDays: 7,
  callMinuteHours: 3,
  callHourHours: 24,
  /** Days for which resolved alerts are kept. */
  alertDays: 180,
  /** Characters of an e-mail address. */
  email: 254,
  /** Hours for which a confirmation code of an e-mail address is valid. */
  confirmHours: 72,
  /** Confirmation mails a day: to one address, and for one account. */
  confirmationsOfAddress: 3,
  confirmationsOfAccount: 20,
  /** Hours for which a webhook's old secret still signs after a change. */
  oldSecretHours: 24,
  /** Events in one replay of a period; seconds until the next replay of the same webhook's period, or of the same event. */
  replayEvents: 1_000,
  replayCooldown: 60,
  /** Tests of one webhook a minute. */
  testsAMinute: 20,
  /** Characters that are stored of a provider's text. */
  providerText: 300,
  /** Characters of a status word; a longer word is unknown. Characters of an unknown word that are shown. */
  statusWord: 100,
  shownWord: 60,
  /** Status words that staff can teach for one provider. */
  taughtWords: 200,
  /** Open alerts about unknown words of one provider. */
  wordAlerts: 20,
  /** Calls a second to a provider without list calls. */
  singleCallsPerSecond: 10,
  /** Orders that a provider without list calls is asked about in one round; and refills, and late orders. */
  singleOrdersPerRound: 100,
  singleOthersPerRound: 20,
  /** Hours for which no list call is made to a provider whose answers showed that it knows none. */
  noListsHours: 24,
} as const;

/** Deadlines, in milliseconds. */
export const DEADLINES = {
  /** How long a caller waits for the outcome of placing an order. */
  place: 10_000,
  /** How long a caller waits for a list of orders. Lines without a result by then are answered as unknown. */
  placeList: 24_000,
  /** How long an event stream stays open. The client then reconnects, and its key is checked again. */
  stream: 600_000,
  /** From taking an attempt to the last moment at which its request may begin to leave. */
  sendStart: 10_000,
  /** The whole HTTP exchange of one send. */
  send: 30_000,
  /** The whole HTTP exchange of one status call. */
  statusCall: 20_000,
  /** The whole HTTP exchange of reading a provider's catalogue. */
  catalogue: 30_000,
  /** The whole exchange with a webhook, including the DNS lookup. */
  webhook: 15_000,
  /** The whole exchange with the mail server for one mail. */
  mail: 30_000,
  /** Asking a counter source and storing its answer. */
  count: 5_000,
} as const;
