// Made by `npm run client:types` from the OpenAPI document. Do not edit.

export interface paths {
    "/v1/admin/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts, newest first */
        get: operations["getAdminAccounts"];
        put?: never;
        /** Open an account */
        post: operations["postAdminAccounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account with its wallet, its orders by status, and its latest keys */
        get: operations["getAdminAccountsById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts/{id}/debits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take money out of a wallet, once for each reference
         * @description For a payment that was reversed, or a payout. The wallet never falls below zero: a debit above its balance is refused, and takes nothing. The customer reads the reference in the statement; the reason is for the audit log.
         */
        post: operations["postAdminAccountsByIdDebits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts/{id}/deposits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put money into a wallet, once for each reference */
        post: operations["postAdminAccountsByIdDeposits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts/{id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An account's keys, newest first, without their secrets */
        get: operations["getAdminAccountsByIdKeys"];
        put?: never;
        /** Make a key; only this answer shows it */
        post: operations["postAdminAccountsByIdKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts/{id}/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest requests of an account, newest first
         * @description A request appears a few seconds after its answer. Its query, headers and body are not kept. Under heavy load, and when the API process is killed, some are left out. Requests without a valid key, and those of the pages, are not among them.
         */
        get: operations["getAdminAccountsByIdRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts/{id}/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An account's movements of its wallet, newest first
         * @description The same as the customer's own `GET /v1/statement`. With `Accept: text/csv` the answer is a file with every row from `cursor` on, whatever `limit` is. A text that a spreadsheet would run as a formula begins with an apostrophe there, also behind a semicolon.
         */
        get: operations["getAdminAccountsByIdStatement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts, newest first */
        get: operations["getAdminAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/alerts/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that you have seen an open alert
         * @description The first who says so stays; a repeat changes nothing. The alert ends when its cause is over. When the cause comes back, it is a new alert that staff have not seen.
         */
        post: operations["postAdminAlertsByIdAcknowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/alerts/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resolve an open alert whose cause nothing looks at again
         * @description Possible for provider_word, webhook_failing, order_unplaceable: the next time that it happens is a new alert. Any other alert ends by itself when its cause is over, and is refused with 409.
         */
        post: operations["postAdminAlertsByIdResolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/alerts/{id}/snooze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put an open alert off for some minutes, from now on */
        post: operations["postAdminAlertsByIdSnooze"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What staff did, newest first */
        get: operations["getAdminAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key at once; it cannot be enabled again
         * @description To replace a key without a gap, make the new key first: an account may have any number of valid keys.
         */
        delete: operations["deleteAdminKeysById"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/late-orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Late orders and their losses, newest first */
        get: operations["getAdminLateOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the last proof of the ledger found
         * @description The ledger is proved every minute. This reads the stored result and proves nothing.
         */
        get: operations["getAdminLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The orders of all accounts, newest first */
        get: operations["getAdminOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One order of any account, with its attempts, its money and its last events */
        get: operations["getAdminOrdersById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every attempt to place an order with a provider, newest first */
        get: operations["getAdminOrdersByIdAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order of any account
         * @description As POST /v1/orders/{id}/cancel.
         */
        post: operations["postAdminOrdersByIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/{id}/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set the start count and what remains of a batch
         * @description For what the provider says wrongly or not at all. The order shows the new numbers, and its timeline says who set them. No money moves: only the last word of a provider, or a resolution, settles an order. The next word of the provider replaces `remains`.
         */
        post: operations["postAdminOrdersByIdCounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/{id}/late-orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report a provider's order that turned up late
         * @description An order is late when its attempt was decided as not placed or given up, and the provider has it after all. Holdfast asks the provider to stop it and books its cost as a loss. The customer is not charged, and the order of the customer stays as it is. While an attempt is still `unknown`, resolve it with `attach` instead.
         */
        post: operations["postAdminOrdersByIdLateOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause an order of any account
         * @description As POST /v1/orders/{id}/pause.
         */
        post: operations["postAdminOrdersByIdPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/{id}/redispatch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send what is missing of an order on the next route
         * @description The provider is asked to stop; what it has not delivered goes to the next route when it says so. Possible while the order is stalled, paused or in review: pause a running order first.
         */
        post: operations["postAdminOrdersByIdRedispatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/{id}/refills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a refill of a Completed order of any account
         * @description By the rules of POST /v1/orders/{id}/refills.
         */
        post: operations["postAdminOrdersByIdRefills"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide about an order that waits for a person
         * @description The attention of the order decides which actions are possible; any other is refused, and noted in the timeline. When a refill waits, the decision is about the refill: `extend` waits on, `complete` closes it as Completed, `cancel` closes it as Rejected, `partial` gives back what is above `delivered`.
         */
        post: operations["postAdminOrdersByIdResolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused order of any account
         * @description As POST /v1/orders/{id}/resume.
         */
        post: operations["postAdminOrdersByIdResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/{id}/workflow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An order as its workflow knows it at this moment */
        get: operations["getAdminOrdersByIdWorkflow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/orders/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel, pause, resume, refill or redispatch many orders at once
         * @description The action is about the orders in ids, or about all that match the filter at this moment; at most 10000. Each order is asked once and has its own result. GET /v1/admin/reviews/resolutions/{id} has the progress. redispatch is possible only for orders that are stalled, paused or in review.
         */
        post: operations["postAdminOrdersActions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Providers, newest first, without their keys */
        get: operations["getAdminProviders"];
        put?: never;
        /** Add an upstream panel */
        post: operations["postAdminProviders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/providers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A provider, without its key */
        get: operations["getAdminProvidersById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a provider's address, key, cadence, the balance for its alert, or its profile
         * @description A new address must be one of the same panel, which knows the orders that it was sent: they are asked about there. After a new key, end a pause with `POST …/resume`. With lowBalance null there is no alert about the balance; a new lowBalance counts from the next check of the provider. Any other field replaces the old value, and null restores the default, from the next send and the next round of status calls on.
         */
        patch: operations["patchAdminProvidersById"];
        trace?: never;
    };
    "/v1/admin/providers/{id}/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many calls a provider got lately, how they ended and how long they took
         * @description Counts by minute or hour and action, kept for 7 days; nothing that was said. They are written every ten seconds. One answer has at most 3 hours by minute, or 24 hours by hour.
         */
        get: operations["getAdminProvidersByIdCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/providers/{id}/catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A provider's catalogue, as last read */
        get: operations["getAdminProvidersByIdCatalogue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/providers/{id}/catalogue/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes in a provider's catalogue, of services with a route, newest first */
        get: operations["getAdminProvidersByIdCatalogueChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/providers/{id}/catalogue/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a provider's services, each with a route to the provider
         * @description Uses the catalogue as last read. A service that was imported before is not made again: its result is `exists`. A service that cannot be sold stops no other: its result is `refused`.
         */
        post: operations["postAdminProvidersByIdCatalogueImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/providers/{id}/catalogue/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read a provider's balance and catalogue now
         * @description Holdfast also does this every 15 minutes. A check that takes longer than 10 seconds goes on after the answer 503: repeat the request to get its result.
         */
        post: operations["postAdminProvidersByIdCatalogueRefresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/providers/{id}/held-corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A provider's held corrections, newest first
         * @description Corrections after settlements are held when a provider takes back too much at once.
         */
        get: operations["getAdminProvidersByIdHeldCorrections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/providers/{id}/held-corrections/drop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Drop a provider's held corrections: the provider was mistaken
         * @description The orders stay as they are, also when the provider goes on saying the same. Another word of the provider about them counts again.
         */
        post: operations["postAdminProvidersByIdHeldCorrectionsDrop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/providers/{id}/held-corrections/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release a provider's held corrections: the provider means what it says
         * @description The customers get their money within a poll of the provider. From now on the words of the provider are counted anew.
         */
        post: operations["postAdminProvidersByIdHeldCorrectionsRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/providers/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a provider for some minutes
         * @description Holdfast sends the provider no orders: they take their next route, or wait. Orders that the provider has accepted go on.
         */
        post: operations["postAdminProvidersByIdPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/providers/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a provider
         * @description Ends a pause of any reason and resolves its alert. Waiting orders come back within minutes.
         */
        post: operations["postAdminProvidersByIdResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The reconciler's last report: PostgreSQL compared with Temporal
         * @description The reconciler runs every minute. A finding that it cannot repair is an alert.
         */
        get: operations["getAdminReconcile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/reports/outcomes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How orders ended by service or provider: shares Partial, Canceled and refilled
         * @description Of the orders that ended on these days (UTC), from counts that a schedule renews every ten minutes. Orders that no provider had are in by=service alone. At most 92 days, and the 200 rows with the most orders. With `Accept: text/csv` the answer is a file with the rows of `data`. A text that a spreadsheet would run as a formula begins with an apostrophe there, also behind a semicolon.
         */
        get: operations["getAdminReportsOutcomes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/reports/revenue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Revenue, cost and margin by day, service, provider or account
         * @description From totals that a schedule keeps: `asOf` says up to when. Money counts on the day (UTC) on which the ledger moved it. by=provider: the cost is each provider's own; the revenue of an order that went to several providers has id null. At most 92 days, and the 200 rows with the most revenue; `total` has all. With `Accept: text/csv` the answer is a file with the rows of `data`. A text that a spreadsheet would run as a formula begins with an apostrophe there, also behind a semicolon.
         */
        get: operations["getAdminReportsRevenue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/reports/times": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Time to the start and to Completed by service, beside its own last weeks
         * @description Of the orders that ended on these days (UTC), exact to about a tenth, from counts that a schedule renews every ten minutes. At most 31 days, and the 200 services with the most orders. The alert service_slow compares the last day with the weeks before. With `Accept: text/csv` the answer is a file with the rows of `data`. A text that a spreadsheet would run as a formula begins with an apostrophe there, also behind a semicolon. Each service has one line for these days and one for each of the weeks before.
         */
        get: operations["getAdminReportsTimes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders that wait for a person, oldest first */
        get: operations["getAdminReviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/reviews/resolutions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The progress of a decision about many orders, and each order's result
         * @description Of a decision of reviews/resolve, and of orders/actions.
         */
        get: operations["getAdminReviewsResolutionsById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/reviews/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide about many waiting orders at once
         * @description The decision is about the orders in ids, or about all that match the filter at this moment; at most 10000. Each order is decided about once and has its own result; an order that no longer waits is refused. If an order has several uncertain batches, the decision is about each.
         */
        post: operations["postAdminReviewsResolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Services with their routes, newest first */
        get: operations["getAdminServices"];
        put?: never;
        /** Offer a service */
        post: operations["postAdminServices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/services/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One service with its routes, and its version */
        get: operations["getAdminServicesById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a service: any field of a new service, its routes included, or whether it is sold
         * @description The change is made as a whole or not at all. An absent field stays as it is; `routes` replaces all routes, in order of preference. Orders placed before the change keep their price and terms, and a provider keeps what it has accepted; later sends take the new routes. Routes are judged at once by the catalogues as last read. A service that follows the rate of a provider gets its price from it at the next check of the provider. With `version` the change is refused when the service has changed since it was read.
         */
        patch: operations["patchAdminServicesById"];
        trace?: never;
    };
    "/v1/balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The wallet's balance */
        get: operations["getBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The events of all your orders, newest first or oldest first
         * @description To follow what happens, ask oldest first (`sort=at`), and go on with `after` and the id of the last event that you have: no event is missed, and none comes twice.
         */
        get: operations["getEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your keys, newest first, without their secrets
         * @description Expired and revoked keys are listed too.
         */
        get: operations["getKeys"];
        put?: never;
        /**
         * Make a key; only this answer shows it
         * @description The new key has at most the scopes of the key that makes it, expires no later, and shares its rate limits. Revoking a key does not revoke the keys that were made with it.
         */
        post: operations["postKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key of yours at once; it cannot be enabled again
         * @description A key may revoke itself.
         */
        delete: operations["deleteKeysById"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders, newest first or oldest first
         * @description With `Accept: text/csv` the answer is a file with every row from `cursor` on, whatever `limit` is. A text that a spreadsheet would run as a formula begins with an apostrophe there, also behind a semicolon.
         */
        get: operations["getOrders"];
        put?: never;
        /** Place an order */
        post: operations["postOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One order */
        get: operations["getOrdersById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order
         * @description If nothing of the order was sent, it ends at once and is refunded in full. Otherwise Holdfast asks the provider to stop, and refunds the rest when the provider says what it delivered.
         */
        post: operations["postOrdersByIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/delivery": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The delivery curve beside its plan */
        get: operations["getOrdersByIdDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/money": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ledger's lines of an order, with their sum */
        get: operations["getOrdersByIdMoney"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause an order
         * @description Until the order is resumed, Holdfast sends nothing more for it and its clocks stand still. The reasons private, throttled, overloaded and deleted are shown as the `reason` of the order. The next pause of the order is possible 10 minutes after this one.
         */
        post: operations["postOrdersByIdPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/refills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The refills of an order, newest first */
        get: operations["getOrdersByIdRefills"];
        put?: never;
        /**
         * Ask for a refill of a Completed order
         * @description Possible within refillDays of the Completed timestamp, one refill at a time, with a rest between two. A refusal says why. A repeat does no harm: it is refused while the first refill is under way.
         */
        post: operations["postOrdersByIdRefills"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/reorder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the rest of an order can be ordered again
         * @description The other services of the category and type that take the undelivered quantity now, with its price there. Refused as the reorder itself would be.
         */
        get: operations["getOrdersByIdReorder"];
        put?: never;
        /**
         * Order the rest of a Partial or Canceled order again, on another service
         * @description Places a new order for the undelivered quantity and the same target: the rest of a list of comments is its last lines, and that of a drip-feed is one run. The new order is judged, paid and delivered like any other, and its `reorderOf` names the first. An order can be ordered again once; its new order can be, too.
         */
        post: operations["postOrdersByIdReorder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused order
         * @description Runs that fell due during the pause are not sent in a burst: the rest of the schedule shifts.
         */
        post: operations["postOrdersByIdResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An order's timeline, oldest first or newest first: what happened, and who did it */
        get: operations["getOrdersByIdTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place a list of orders
         * @description As JSON or as text: service|link|quantity, or service|link|quantity|runs|interval. Each line is an order of its own, and a wrong line stops no other. Up to 100 lines are placed at once, and the answer 200 has their results in order. Up to 10000 lines are placed after the answer 202, and Location shows their progress. The same list with the same Idempotency-Key places nothing twice.
         */
        post: operations["postOrdersBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/batch/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The progress of a large list, and the results of its lines
         * @description With `Accept: text/csv` the answer is a file with every row from `cursor` on, whatever `limit` is. A text that a spreadsheet would run as a formula begins with an apostrophe there, also behind a semicolon.
         */
        get: operations["getOrdersBatchById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/batch/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel the waiting lines of a list
         * @description Orders that were placed stay; cancel them one by one. A repeat does no harm.
         */
        post: operations["postOrdersBatchByIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel many orders, each with its own answer
         * @description As `POST /v1/orders/{id}/cancel` for each id. An order that cannot be canceled, or that is not yours, is refused in its own row and stops no other.
         */
        post: operations["postOrdersCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/refills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for refills of many orders, each with its own answer
         * @description As `POST /v1/orders/{id}/refills` for each id. An order that cannot be refilled, or that is not yours, is refused in its own row and stops no other.
         */
        post: operations["postOrdersRefills"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What an order would cost, and whether it would be taken
         * @description Takes the body of `POST /v1/orders`, judges it by the same rules, and answers every fault at once. Nothing is written and nothing is held: the price and the rules may change until the order is placed. A body that does not match the schema is refused as a whole.
         */
        post: operations["postQuotes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quotes/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a list of orders would cost, and which lines would be taken
         * @description Takes the body of `POST /v1/orders/batch`, up to 10000 lines, and judges each line by the rules of `POST /v1/quotes`, as if it were the only one: `total` and `affordable` say what the accepted lines cost together, and two lines that want the same target do not know of each other. Nothing is written and nothing is held.
         */
        post: operations["postQuotesBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/refills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The refills of all your orders, newest first */
        get: operations["getRefills"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest requests of all your keys, newest first
         * @description A request appears a few seconds after its answer. Its query, headers and body are not kept. Under heavy load, and when the API process is killed, some are left out. Requests without a valid key, and those of the pages, are not among them.
         */
        get: operations["getRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All services that can be ordered */
        get: operations["getServices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{id}/favourite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a service a favourite
         * @description A repeat does no harm.
         */
        post: operations["postServicesByIdFavourite"];
        /**
         * Make a service no favourite any more
         * @description A repeat does no harm.
         */
        delete: operations["deleteServicesByIdFavourite"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How fast and how well a service has been delivered lately */
        get: operations["getServicesByIdStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/favourites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ids of your favourite services */
        get: operations["getServicesFavourites"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How fast and how well several services have been delivered lately */
        get: operations["getServicesStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/times": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How long several services took to Completed, day by day
         * @description The last 14 days (UTC), exact to about a tenth, from counts that a schedule renews every ten minutes; without drip-feeds, whose time is planned. A service that is not on sale, or that nothing was Completed of, is left out. Up to 300 services.
         */
        get: operations["getServicesTimes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The wallet's movements, newest first
         * @description With `Accept: text/csv` the answer is a file with every row from `cursor` on, whatever `limit` is. A text that a spreadsheet would run as a formula begins with an apostrophe there, also behind a semicolon.
         */
        get: operations["getStatement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statement/totals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What moved in the wallet in some days
         * @description The sums of the movements that `GET /v1/statement` lists from the beginning of `from` to the beginning of `to`, in UTC; exact up to the moment. At most 31 days.
         */
        get: operations["getStatementTotals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your saved views of the list of orders, by name */
        get: operations["getViews"];
        put?: never;
        /** Save a view of the list of orders, in place of the one with the same name */
        post: operations["postViews"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a saved view */
        delete: operations["deleteViewsById"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Webhooks, newest first */
        get: operations["getWebhooks"];
        put?: never;
        /**
         * Make a webhook for the events of orders
         * @description An e-mail address gets no event until it is confirmed with the code that is mailed to it.
         */
        post: operations["postWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One webhook */
        get: operations["getWebhooksById"];
        put?: never;
        post?: never;
        /** Delete a webhook */
        delete: operations["deleteWebhooksById"];
        options?: never;
        head?: never;
        /**
         * Change a webhook, disable or enable it
         * @description Disabling a webhook stops the events that wait; a replay sends them again.
         */
        patch: operations["patchWebhooksById"];
        trace?: never;
    };
    "/v1/webhooks/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm an e-mail address
         * @description The code that was mailed to the address is valid for 72 hours. A repeat does no harm.
         */
        post: operations["postWebhooksByIdConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The delivery log, newest event first */
        get: operations["getWebhooksByIdDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send events again
         * @description An event keeps its webhook-id, so that receivers recognise it; at most 1000 events at once. A period can be sent again once in 60 seconds, and so can a single event.
         */
        post: operations["postWebhooksByIdReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the secret of a webhook
         * @description The previous secret signs too for 24 hours; an older one no longer.
         */
        post: operations["postWebhooksByIdRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a webhook.test event
         * @description At most 20 tests a minute.
         */
        post: operations["postWebhooksByIdTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Accepted: {
            /** @enum {boolean} */
            accepted: true;
            id: number;
            /** @description A sentence that says what happens next */
            message: string;
        };
        AcceptedRefill: {
            /** @enum {boolean} */
            accepted: true;
            id: number;
            /** @description A sentence that says what happens next */
            message: string;
            refill: number;
        };
        Account: {
            balance: string;
            /** Format: date-time */
            createdAt: string;
            id: number;
            name: string;
        };
        AccountEvent: components["schemas"]["OrderEvent"] & {
            order: number;
        };
        AccountFile: {
            balance: string;
            /** Format: date-time */
            createdAt: string;
            currency: string;
            /** @description What is held for its open orders */
            held: string;
            id: number;
            /** @description The last 50, newest first */
            keys: components["schemas"]["Key"][];
            name: string;
            /** @description How many orders have each status. 1000 means that many or more */
            orders: {
                Canceled?: number;
                Completed?: number;
                "In progress"?: number;
                Partial?: number;
                Pending?: number;
                Processing?: number;
            };
        };
        /** @description Instead of ids: all orders that the action is possible for now and that match */
        ActionFilter: {
            account?: number;
            /** @enum {string} */
            attention?: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
            /**
             * Format: date-time
             * @description Orders placed at this moment or later
             */
            from?: string;
            link?: string;
            /** @description A provider that has the order now; for a refill, one that had it */
            provider?: number;
            service?: number;
            /** @enum {string} */
            status?: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
            /**
             * Format: date-time
             * @description Orders placed before this moment
             */
            to?: string;
        };
        Alert: {
            /**
             * Format: date-time
             * @description When a member of staff said that they have seen it
             */
            acknowledgedAt: string | null;
            acknowledgedBy: string | null;
            /** Format: date-time */
            at: string;
            /** @description Whether staff can resolve it now */
            canResolve: boolean;
            /** @example funds */
            detail: string;
            id: number;
            /** @enum {string} */
            kind: "provider_paused" | "ledger_drift" | "order_lost" | "workflow_orphaned" | "workflow_stuck" | "order_unplaceable" | "order_parked" | "batch_unwatched" | "provider_silent" | "events_behind" | "provider_balance" | "provider_currency" | "provider_word" | "route_gone" | "route_unprofitable" | "route_limits" | "webhook_failing" | "watch_failing" | "report_refused" | "provider_takes_back" | "delivered_after_refund" | "service_slow";
            /** Format: date-time */
            resolvedAt: string | null;
            /** @description Who of staff resolved it; null: it ended by itself */
            resolvedBy: string | null;
            snoozedBy: string | null;
            /**
             * Format: date-time
             * @description Until then staff do not want to see it
             */
            snoozedUntil: string | null;
            /** @example provider:3 */
            subject: string;
            /** @description The name of the provider or service that the subject is about; null for any other */
            subjectName: string | null;
        };
        Attempt: {
            attempt: number;
            batch: number;
            /** @description Orders of the provider that this attempt may have placed, and that no attempt is known to have placed */
            candidates: {
                /** Format: date-time */
                at: string | null;
                providerOrder: string;
                quantity: number | null;
                status: string | null;
            }[];
            /** @description Why the attempt has its route */
            choice: {
                /** @description The route's place in the order of preference; null with the routing `order` */
                preference: number | null;
                /** @description Open routes that it was chosen from */
                routes: number | null;
                /** @enum {string} */
                routing: "order" | "cheapest" | "fastest";
                why: string;
            };
            /** Format: date-time */
            decidedAt: string | null;
            /** @description The provider's error, if it refused */
            error: string | null;
            /** @description Whether Holdfast searches the provider's list of orders for this attempt */
            isLookedFor: boolean;
            /** Format: date-time */
            lookedAt: string | null;
            looks: number;
            /**
             * Format: date-time
             * @description Since when complete lists of the provider have not shown its order
             */
            noneSince: string | null;
            provider: number;
            providerName: string;
            providerOrder: string | null;
            providerService: string;
            quantity: number;
            /** @description What the connection and the answer showed */
            said: string | null;
            sends: number;
            /** Format: date-time */
            sentAt: string | null;
            /**
             * @description `unknown`: the batch may have been placed. `released`: it was decided as not placed, or given up
             * @enum {string}
             */
            state: "intent" | "sending" | "accepted" | "refused" | "unknown" | "released";
            /** @description The link, or the name of a subscription */
            target: string;
        };
        AuditEntry: {
            /** @example POST /v1/admin/accounts/:id/keys */
            action: string;
            /** @example staff: night shift */
            actor: string;
            /** Format: date-time */
            at: string;
            /** @description The request, without keys and secrets */
            detail?: unknown;
            id: number;
            /** @description The key of the request; null for an act in the Temporal UI */
            key: number | null;
            /** @description The id of the object that was made or changed */
            object: number | null;
            requestId: string;
            /** @example accounts/1001/keys */
            subject: string;
        };
        BatchCounts: {
            batch: number;
            delivered: number;
            order: number;
            quantity: number;
            remains: number | null;
            startCount: number | null;
        };
        BulkAction: {
            /** @enum {string} */
            action: "cancel" | "pause" | "resume" | "refill" | "redispatch";
            /**
             * @description Only say what the action would touch
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ActionFilter"];
            ids?: number[];
            /** @description Required, unless it is a dry run */
            reason?: string;
        };
        BulkCancel: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "cancel";
            /**
             * @description Only say what the decision would do
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            /** @description The orders to decide about */
            ids?: number[];
            /** @description Required, unless it is a dry run */
            reason?: string;
        };
        BulkComplete: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "complete";
            /**
             * @description Only say what the decision would do
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            /** @description The orders to decide about */
            ids?: number[];
            /** @description Required, unless it is a dry run */
            reason?: string;
        };
        BulkDecision: {
            /** @enum {string} */
            action: "extend" | "complete" | "partial" | "cancel" | "redispatch" | "attach" | "notPlaced" | "pause" | "resume" | "refill";
            by: string;
            canceled: number;
            /** Format: date-time */
            createdAt: string;
            decided: number;
            /** Format: date-time */
            endedAt: string | null;
            id: number;
            reason: string;
            refused: number;
            /** @enum {string} */
            status: "deciding" | "ended";
            total: number;
            /** @description Orders whose workflow did not answer: look whether they were decided about */
            unanswered: number;
            waiting: number;
        };
        BulkDecisionPage: {
            /** @enum {string} */
            action: "extend" | "complete" | "partial" | "cancel" | "redispatch" | "attach" | "notPlaced" | "pause" | "resume" | "refill";
            by: string;
            canceled: number;
            /** Format: date-time */
            createdAt: string;
            data: components["schemas"]["BulkDecisionResult"][];
            decided: number;
            /** Format: date-time */
            endedAt: string | null;
            id: number;
            nextCursor: string | null;
            reason: string;
            refused: number;
            /** @enum {string} */
            status: "deciding" | "ended";
            total: number;
            /** @description Orders whose workflow did not answer: look whether they were decided about */
            unanswered: number;
            waiting: number;
        };
        BulkDecisionResult: {
            /** Format: date-time */
            at: string | null;
            /** @description What happens next, or why the decision was refused */
            message: string | null;
            order: number;
            /** @enum {string} */
            status: "waiting" | "decided" | "refused" | "unanswered" | "canceled";
        };
        BulkDryRun: {
            currency: string;
            /** @description Of the orders that the action is possible for, with the attention and the uncertain attempts of each: it is another when any of these has changed */
            digest: string;
            /** @enum {boolean} */
            dryRun: true;
            /** @description The money that is held for these orders */
            held: string;
            /** @description Orders that the action is possible for */
            orders: number;
            /** @description Orders that the action is not possible for, or that do not wait for a person */
            refused: number;
        };
        BulkExtend: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "extend";
            /**
             * @description Only say what the decision would do
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            hours: number;
            /** @description The orders to decide about */
            ids?: number[];
            /** @description Required, unless it is a dry run */
            reason?: string;
        };
        BulkNotPlaced: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "notPlaced";
            /**
             * @description Only say what the decision would do
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            /** @description The orders to decide about */
            ids?: number[];
            /** @description Required, unless it is a dry run */
            reason?: string;
        };
        BulkOrderLine: {
            error: {
                /** @enum {string} */
                code: "unauthorized" | "invalid_signature" | "forbidden" | "not_found" | "order_not_found" | "method_not_allowed" | "body_too_large" | "unsupported_media_type" | "too_many_fields" | "unknown_charset" | "invalid_encoding" | "malformed_body" | "invalid_request" | "incorrect_action" | "too_many_ids" | "idempotency_key_missing" | "idempotency_key_invalid" | "idempotency_key_reused" | "claim_withdrawn" | "conflict" | "deleted_since" | "order_ended" | "not_possible" | "refill_unavailable" | "reorder_unavailable" | "already_reordered" | "no_reorder_service" | "refill_not_found" | "webhook_not_found" | "webhook_disabled" | "too_many_webhooks" | "too_many_keys" | "too_many_favourites" | "too_many_views" | "webhook_unconfirmed" | "confirmation_failed" | "too_many_confirmations" | "email_unavailable" | "webhook_has_no_secret" | "event_not_found" | "too_many_orders" | "replayed_lately" | "too_many_tests" | "too_many_lines" | "too_many_events" | "unknown_service" | "no_route" | "unknown_provider" | "unknown_account" | "unsupported_type" | "invalid_link" | "duplicate_link" | "invalid_quantity" | "quantity_below_min" | "quantity_above_max" | "quantity_not_multiple" | "unexpected_field" | "drip_feed_unavailable" | "invalid_runs" | "invalid_interval" | "invalid_keywords" | "invalid_comments" | "invalid_usernames" | "invalid_hashtags" | "invalid_groups" | "invalid_hashtag" | "invalid_username" | "invalid_media" | "invalid_answer_number" | "invalid_country" | "invalid_device" | "invalid_type_of_traffic" | "invalid_google_keyword" | "invalid_referring_url" | "invalid_min" | "invalid_max" | "invalid_posts" | "invalid_old_posts" | "invalid_delay" | "invalid_expiry" | "price_too_large" | "cannot_be_placed" | "charge_above_max" | "insufficient_funds" | "rate_limited" | "too_many_reads" | "overloaded" | "outcome_unknown" | "unavailable" | "internal";
                detail: string;
                title: string;
            } | null;
            line: number;
            link: string | null;
            order: number | null;
            quantity: number | null;
            /** @description What the line asks for; null where it could not be read */
            service: number | null;
            /** @enum {string} */
            status: "waiting" | "placed" | "refused" | "canceled";
        };
        BulkOrderPage: {
            canceled: number;
            /** Format: date-time */
            createdAt: string;
            data: components["schemas"]["BulkOrderLine"][];
            id: number;
            nextCursor: string | null;
            placed: number;
            refused: number;
            /** @enum {string} */
            status: "placing" | "ended";
            total: number;
            waiting: number;
        };
        BulkOrders: {
            canceled: number;
            /** Format: date-time */
            createdAt: string;
            id: number;
            placed: number;
            refused: number;
            /** @enum {string} */
            status: "placing" | "ended";
            total: number;
            waiting: number;
        };
        BulkPartial: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "partial";
            delivered: number;
            /**
             * @description Only say what the decision would do
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            /** @description The orders to decide about */
            ids?: number[];
            /** @description Required, unless it is a dry run */
            reason?: string;
        };
        BulkRedispatch: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "redispatch";
            /**
             * @description Only say what the decision would do
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            /** @description The orders to decide about */
            ids?: number[];
            /** @description Required, unless it is a dry run */
            reason?: string;
        };
        BulkResolution: components["schemas"]["BulkExtend"] | components["schemas"]["BulkComplete"] | components["schemas"]["BulkPartial"] | components["schemas"]["BulkCancel"] | components["schemas"]["BulkRedispatch"] | components["schemas"]["BulkNotPlaced"];
        CallbackHint: {
            /** @description The provider's order id */
            order: string | number;
        };
        CatalogueChange: {
            /** Format: date-time */
            at: string;
            is: string | null;
            service: string;
            was: string | null;
            /** @enum {string} */
            what: "rate" | "min" | "max" | "step" | "type" | "gone" | "back";
        };
        CurrentOrder: components["schemas"]["Order"] & {
            /** @description What you can do with the order now. A request that would change nothing is not allowed. */
            can: {
                cancel: components["schemas"]["Permission"];
                pause: components["schemas"]["Permission"];
                refill: components["schemas"]["Permission"];
                reorder: components["schemas"]["Permission"];
                resume: components["schemas"]["Permission"];
            };
            /** @description The fields that its service type adds, such as `comments`; absent without any, and in lists */
            fields?: {
                [key: string]: string;
            };
        };
        Delivery: {
            /** Format: date-time */
            nextRunAt: string | null;
            order: number;
            /** @description The schedule as it was placed, thinned to at most 200 runs */
            planned: {
                /** Format: date-time */
                dueAt: string;
                quantity: number;
                run: number;
                total: number;
            }[];
            samples: {
                /** Format: date-time */
                at: string;
                batch: number;
                /** @description What the batch had delivered by then */
                delivered: number;
                /** @description What all batches had delivered by then */
                total: number;
            }[];
            totalQuantity: number;
        };
        Favourite: {
            favourite: boolean;
            service: number;
        };
        HeldCorrection: {
            /** @description What the correction would give back, by the state of the order at saidAt */
            amount: string;
            batch: number;
            /** Format: date-time */
            decidedAt: string | null;
            decidedBy: string | null;
            /** @description What the batch counts as delivered once the correction is released */
            delivered: number;
            /** Format: date-time */
            heldAt: string;
            id: number;
            order: number;
            providerCharge: string | null;
            reason: string | null;
            remains: number | null;
            /**
             * Format: date-time
             * @description When the provider said it; a newer word of the provider replaces an older one
             */
            saidAt: string;
            /**
             * @description released: staff released the correction, and it is made within a poll of the provider. withdrawn: the provider now says something else
             * @enum {string}
             */
            state: "held" | "released" | "applied" | "dropped" | "withdrawn";
            /** @description Our word for the provider's status */
            status: string;
        };
        HeldCorrectionsDecided: {
            /** @description What these corrections give back, or would have given back */
            amount: string;
            /** @description How many corrections were decided */
            corrections: number;
            provider: number;
        };
        HeldCorrectionsDecision: {
            /**
             * @description true: only say what the decision would be about
             * @default false
             */
            dryRun?: boolean;
            /** @description Decide about these orders only; without it about all held corrections */
            orders?: number[];
            reason: string;
        };
        HeldCorrectionsDryRun: {
            /** @description What these corrections give back, or would have given back */
            amount: string;
            /** @description How many corrections were decided */
            corrections: number;
            /** @description Of the corrections, with the amount of each: it is another when any of these has changed */
            digest: string;
            /** @enum {boolean} */
            dryRun: true;
            provider: number;
        };
        Import: {
            /** @description Used instead of the provider's categories */
            category?: string;
            /** @description Selling rate = the provider's rate × (100 + percent) / 100 + plus, rounded up */
            markup: {
                /**
                 * @description Apply this rule again whenever the provider's rate changes
                 * @default false
                 */
                follow?: boolean;
                /** @example 25 */
                percent: string;
                /**
                 * @description Added after the percentage
                 * @example 0.01
                 */
                plus?: string;
            };
            /**
             * @description Only for services that the provider refills
             * @default 0
             */
            refillDays?: number;
            /** @description The ids at the provider, or all; a request creates at most 5000 services */
            services: "all" | string[];
        };
        Imported: {
            created: number;
            existing: number;
            refused: number;
            results: {
                /** @description The id of our service */
                id: number | null;
                /** @description The selling rate, if this request created the service */
                rate: string | null;
                /** @enum {string|null} */
                reason: "not_in_catalogue" | "unknown_type" | "unreadable_rate" | "rate_too_fine" | "unusable_limits" | "no_price" | "price_too_high" | null;
                /** @description The service's id at the provider */
                service: string;
                /** @enum {string} */
                status: "created" | "exists" | "refused";
            }[];
        };
        Key: {
            account: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string | null;
            id: number;
            /**
             * Format: date-time
             * @description When the key was used last, to the minute
             */
            lastUsedAt: string | null;
            /** @description The key with which its customer made it; null when staff did */
            madeBy: number | null;
            name: string;
            /** @description The first characters of the key after hf_; no more of the key is stored readable */
            prefix: string;
            /** Format: date-time */
            revokedAt: string | null;
            scopes: string[];
        };
        LateOrder: {
            /** Format: date-time */
            at: string;
            attempt: number;
            batch: number;
            /** Format: date-time */
            bookedAt: string | null;
            foundBy: string;
            id: number;
            /** @description What the late order cost us; null until it has ended at the provider */
            loss: string | null;
            order: number;
            provider: number;
            providerName: string;
            providerOrder: string;
            providerStatus: string | null;
        };
        LedgerProof: {
            /**
             * Format: date-time
             * @description When the last run ended; null before the first
             */
            at: string | null;
            /**
             * Format: date-time
             * @description When all that was new or open was last proved; a long run goes on in the next one
             */
            completeAt: string | null;
            /** @description Errors that are known; null: not proved yet */
            drift: number | null;
            /** @description The first 100 errors, the oldest first */
            errors: {
                /** @example wallet balance */
                check: string;
                detail: string;
                /** Format: date-time */
                foundAt: string;
                /** @example wallet:1001 */
                subject: string;
            }[];
            tookMs: number | null;
            /**
             * Format: date-time
             * @description Everything, however old, was proved after this; null before the first time
             */
            wholeSince: string | null;
        };
        LineResult: {
            error: {
                /** @enum {string} */
                code: "unauthorized" | "invalid_signature" | "forbidden" | "not_found" | "order_not_found" | "method_not_allowed" | "body_too_large" | "unsupported_media_type" | "too_many_fields" | "unknown_charset" | "invalid_encoding" | "malformed_body" | "invalid_request" | "incorrect_action" | "too_many_ids" | "idempotency_key_missing" | "idempotency_key_invalid" | "idempotency_key_reused" | "claim_withdrawn" | "conflict" | "deleted_since" | "order_ended" | "not_possible" | "refill_unavailable" | "reorder_unavailable" | "already_reordered" | "no_reorder_service" | "refill_not_found" | "webhook_not_found" | "webhook_disabled" | "too_many_webhooks" | "too_many_keys" | "too_many_favourites" | "too_many_views" | "webhook_unconfirmed" | "confirmation_failed" | "too_many_confirmations" | "email_unavailable" | "webhook_has_no_secret" | "event_not_found" | "too_many_orders" | "replayed_lately" | "too_many_tests" | "too_many_lines" | "too_many_events" | "unknown_service" | "no_route" | "unknown_provider" | "unknown_account" | "unsupported_type" | "invalid_link" | "duplicate_link" | "invalid_quantity" | "quantity_below_min" | "quantity_above_max" | "quantity_not_multiple" | "unexpected_field" | "drip_feed_unavailable" | "invalid_runs" | "invalid_interval" | "invalid_keywords" | "invalid_comments" | "invalid_usernames" | "invalid_hashtags" | "invalid_groups" | "invalid_hashtag" | "invalid_username" | "invalid_media" | "invalid_answer_number" | "invalid_country" | "invalid_device" | "invalid_type_of_traffic" | "invalid_google_keyword" | "invalid_referring_url" | "invalid_min" | "invalid_max" | "invalid_posts" | "invalid_old_posts" | "invalid_delay" | "invalid_expiry" | "price_too_large" | "cannot_be_placed" | "charge_above_max" | "insufficient_funds" | "rate_limited" | "too_many_reads" | "overloaded" | "outcome_unknown" | "unavailable" | "internal";
                detail: string;
                errors?: {
                    message: string;
                    path: string;
                }[];
                title: string;
            } | null;
            /** @description Counts from 1; empty lines of a text count too */
            line: number;
            order: number | null;
            /**
             * @description unknown: send the list again with its key; nothing is placed twice
             * @enum {string}
             */
            status: "placed" | "refused" | "unknown";
        };
        ListQuote: {
            accepted: number;
            /** @description Whether the wallet can pay for all accepted lines */
            affordable: boolean;
            /** @description What the wallet holds; null when the key lacks the scope wallet:read */
            balance: string | null;
            currency: string;
            lines: {
                accepted: boolean;
                /** @description The first fault only, once the lines before it have 2000 faults */
                errors: {
                    /** @enum {string} */
                    code: "unauthorized" | "invalid_signature" | "forbidden" | "not_found" | "order_not_found" | "method_not_allowed" | "body_too_large" | "unsupported_media_type" | "too_many_fields" | "unknown_charset" | "invalid_encoding" | "malformed_body" | "invalid_request" | "incorrect_action" | "too_many_ids" | "idempotency_key_missing" | "idempotency_key_invalid" | "idempotency_key_reused" | "claim_withdrawn" | "conflict" | "deleted_since" | "order_ended" | "not_possible" | "refill_unavailable" | "reorder_unavailable" | "already_reordered" | "no_reorder_service" | "refill_not_found" | "webhook_not_found" | "webhook_disabled" | "too_many_webhooks" | "too_many_keys" | "too_many_favourites" | "too_many_views" | "webhook_unconfirmed" | "confirmation_failed" | "too_many_confirmations" | "email_unavailable" | "webhook_has_no_secret" | "event_not_found" | "too_many_orders" | "replayed_lately" | "too_many_tests" | "too_many_lines" | "too_many_events" | "unknown_service" | "no_route" | "unknown_provider" | "unknown_account" | "unsupported_type" | "invalid_link" | "duplicate_link" | "invalid_quantity" | "quantity_below_min" | "quantity_above_max" | "quantity_not_multiple" | "unexpected_field" | "drip_feed_unavailable" | "invalid_runs" | "invalid_interval" | "invalid_keywords" | "invalid_comments" | "invalid_usernames" | "invalid_hashtags" | "invalid_groups" | "invalid_hashtag" | "invalid_username" | "invalid_media" | "invalid_answer_number" | "invalid_country" | "invalid_device" | "invalid_type_of_traffic" | "invalid_google_keyword" | "invalid_referring_url" | "invalid_min" | "invalid_max" | "invalid_posts" | "invalid_old_posts" | "invalid_delay" | "invalid_expiry" | "price_too_large" | "cannot_be_placed" | "charge_above_max" | "insufficient_funds" | "rate_limited" | "too_many_reads" | "overloaded" | "outcome_unknown" | "unavailable" | "internal";
                    detail: string;
                    /** @description The field of the body; null when it is about no field */
                    path: string | null;
                    title: string;
                }[];
                /** @description Counts from 1; empty lines of a text count too */
                line: number;
                /** @description null when the quantity is not known */
                price: string | null;
                service: number | null;
                totalQuantity: number | null;
            }[];
            refused: number;
            /**
             * @description The price of the accepted lines
             * @example 12.6
             */
            total: string;
        };
        ListResult: {
            lines: components["schemas"]["LineResult"][];
            placed: number;
            refused: number;
            unknown: number;
        };
        LiveOrder: {
            /** @enum {string} */
            attention: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
            /** @description Batches that have not ended */
            batches: {
                attempt: number;
                batch: number;
                delivered: number;
                provider: number | null;
                providerOrder: string | null;
                quantity: number;
                /** @enum {string} */
                state: "sending" | "running" | "uncertain" | "ended";
            }[];
            charge: string;
            delivered: number;
            events: string[];
            /** Format: date-time */
            nextRunAt: string | null;
            orderId: number;
            /** @description Why the order stands still: the step that PostgreSQL refuses to store, and when it is tried again */
            parked: string | null;
            price: string;
            /** @description Whether the order waits for an earlier order for its link */
            queued: boolean;
            reason: string | null;
            refill: {
                id: number | null;
                missing: number | null;
                /** @enum {string} */
                status: "Pending" | "In progress" | "Completed" | "Rejected";
            } | null;
            /** Format: date-time */
            refillUntil: string | null;
            refunded: string;
            runs: number;
            runsBegun: number;
            /** @enum {string} */
            status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
            totalQuantity: number;
        };
        ManyCanceled: {
            data: {
                error: {
                    /** @enum {string} */
                    code: "unauthorized" | "invalid_signature" | "forbidden" | "not_found" | "order_not_found" | "method_not_allowed" | "body_too_large" | "unsupported_media_type" | "too_many_fields" | "unknown_charset" | "invalid_encoding" | "malformed_body" | "invalid_request" | "incorrect_action" | "too_many_ids" | "idempotency_key_missing" | "idempotency_key_invalid" | "idempotency_key_reused" | "claim_withdrawn" | "conflict" | "deleted_since" | "order_ended" | "not_possible" | "refill_unavailable" | "reorder_unavailable" | "already_reordered" | "no_reorder_service" | "refill_not_found" | "webhook_not_found" | "webhook_disabled" | "too_many_webhooks" | "too_many_keys" | "too_many_favourites" | "too_many_views" | "webhook_unconfirmed" | "confirmation_failed" | "too_many_confirmations" | "email_unavailable" | "webhook_has_no_secret" | "event_not_found" | "too_many_orders" | "replayed_lately" | "too_many_tests" | "too_many_lines" | "too_many_events" | "unknown_service" | "no_route" | "unknown_provider" | "unknown_account" | "unsupported_type" | "invalid_link" | "duplicate_link" | "invalid_quantity" | "quantity_below_min" | "quantity_above_max" | "quantity_not_multiple" | "unexpected_field" | "drip_feed_unavailable" | "invalid_runs" | "invalid_interval" | "invalid_keywords" | "invalid_comments" | "invalid_usernames" | "invalid_hashtags" | "invalid_groups" | "invalid_hashtag" | "invalid_username" | "invalid_media" | "invalid_answer_number" | "invalid_country" | "invalid_device" | "invalid_type_of_traffic" | "invalid_google_keyword" | "invalid_referring_url" | "invalid_min" | "invalid_max" | "invalid_posts" | "invalid_old_posts" | "invalid_delay" | "invalid_expiry" | "price_too_large" | "cannot_be_placed" | "charge_above_max" | "insufficient_funds" | "rate_limited" | "too_many_reads" | "overloaded" | "outcome_unknown" | "unavailable" | "internal";
                    detail: string;
                    errors?: {
                        message: string;
                        path: string;
                    }[];
                    title: string;
                } | null;
                /** @description A sentence that says what happens next */
                message: string | null;
                /** @description The id as it was asked */
                order: number | string;
                /**
                 * @description unknown: the order did not answer in time. Repeat the request with its Idempotency-Key
                 * @enum {string}
                 */
                status: "accepted" | "refused" | "unknown";
            }[];
        };
        ManyOrders: {
            /** @description Ids of orders */
            orders: (number | string)[];
            reason?: string;
        };
        ManyRefills: {
            data: {
                error: {
                    /** @enum {string} */
                    code: "unauthorized" | "invalid_signature" | "forbidden" | "not_found" | "order_not_found" | "method_not_allowed" | "body_too_large" | "unsupported_media_type" | "too_many_fields" | "unknown_charset" | "invalid_encoding" | "malformed_body" | "invalid_request" | "incorrect_action" | "too_many_ids" | "idempotency_key_missing" | "idempotency_key_invalid" | "idempotency_key_reused" | "claim_withdrawn" | "conflict" | "deleted_since" | "order_ended" | "not_possible" | "refill_unavailable" | "reorder_unavailable" | "already_reordered" | "no_reorder_service" | "refill_not_found" | "webhook_not_found" | "webhook_disabled" | "too_many_webhooks" | "too_many_keys" | "too_many_favourites" | "too_many_views" | "webhook_unconfirmed" | "confirmation_failed" | "too_many_confirmations" | "email_unavailable" | "webhook_has_no_secret" | "event_not_found" | "too_many_orders" | "replayed_lately" | "too_many_tests" | "too_many_lines" | "too_many_events" | "unknown_service" | "no_route" | "unknown_provider" | "unknown_account" | "unsupported_type" | "invalid_link" | "duplicate_link" | "invalid_quantity" | "quantity_below_min" | "quantity_above_max" | "quantity_not_multiple" | "unexpected_field" | "drip_feed_unavailable" | "invalid_runs" | "invalid_interval" | "invalid_keywords" | "invalid_comments" | "invalid_usernames" | "invalid_hashtags" | "invalid_groups" | "invalid_hashtag" | "invalid_username" | "invalid_media" | "invalid_answer_number" | "invalid_country" | "invalid_device" | "invalid_type_of_traffic" | "invalid_google_keyword" | "invalid_referring_url" | "invalid_min" | "invalid_max" | "invalid_posts" | "invalid_old_posts" | "invalid_delay" | "invalid_expiry" | "price_too_large" | "cannot_be_placed" | "charge_above_max" | "insufficient_funds" | "rate_limited" | "too_many_reads" | "overloaded" | "outcome_unknown" | "unavailable" | "internal";
                    detail: string;
                    errors?: {
                        message: string;
                        path: string;
                    }[];
                    title: string;
                } | null;
                /** @description The id as it was asked */
                order: number | string;
                refill: components["schemas"]["Refill"] | null;
                /**
                 * @description unknown: the order did not answer in time. Repeat the request with its Idempotency-Key
                 * @enum {string}
                 */
                status: "accepted" | "refused" | "unknown";
            }[];
        };
        NewCounts: {
            batch: number;
            reason: string;
            /** @description At most the quantity of the batch. Possible while the batch runs at its provider */
            remains?: number;
            startCount?: number;
        };
        NewLateOrder: {
            /** @description Required when the batch has several decided attempts */
            attempt?: number;
            /** @default 1 */
            batch?: number;
            /** @description The order's id at the provider */
            providerOrder: string;
            reason?: string;
        };
        NewOrder: {
            /** @description For service types that have this field: a whole number from 1 to 1000 */
            answer_number?: number | string;
            /** @description For service types that have this field: one a line, at most 10000 of 2500 characters each */
            comments?: string | string[];
            /** @description For service types that have this field: one line of at most 2500 characters */
            country?: string;
            /** @description For service types that have this field: one of 0, 5, 10, 15, 20, 30, 40, 50, 60, 90, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600 */
            delay?: number | string;
            /** @description For service types that have this field: a whole number from 1 to 5 */
            device?: number | string;
            dripFeed?: {
                intervalMinutes: number;
                runs: number;
            };
            /** @description For service types that have this field: a date as d/m/Y */
            expiry?: string;
            /** @description For service types that have this field: one line of at most 2500 characters */
            google_keyword?: string;
            /** @description For service types that have this field: one a line, at most 10000 of 2500 characters each */
            groups?: string | string[];
            /** @description For service types that have this field: one line of at most 2500 characters */
            hashtag?: string;
            /** @description For service types that have this field: one a line, at most 10000 of 2500 characters each */
            hashtags?: string | string[];
            /** @description For service types that have this field: one a line, at most 10000 of 2500 characters each */
            keywords?: string | string[];
            /** @description Not for subscriptions, which follow a `username` */
            link?: string;
            /** @description For service types that have this field: a whole number from 1 to 1000000000 */
            max?: number | string;
            /**
             * @description Refuse the order when its price is above this
             * @example 12.5
             */
            maxCharge?: string;
            /** @description For service types that have this field: one line of at most 2500 characters */
            media?: string;
            /** @description Your own keys, of 1 to 40 characters, and their values: shown with the order, and used for nothing */
            metadata?: {
                [key: string]: string;
            };
            /** @description For service types that have this field: a whole number from 1 to 1000000000 */
            min?: number | string;
            /** @description For service types that have this field: a whole number from 1 to 100000 */
            old_posts?: number | string;
            /** @description For service types that have this field: a whole number from 1 to 100000 */
            posts?: number | string;
            /** @description The quantity of each run. Not for types that set the quantity: packages, lists that are counted, subscriptions */
            quantity?: number;
            /** @description Your own name for the order */
            reference?: string;
            /** @description For service types that have this field: one line of at most 2500 characters */
            referring_url?: string;
            /**
             * Format: date-time
             * @description When to start; a time in the past means now
             */
            scheduledAt?: string;
            service: number;
            /** @description For service types that have this field: a whole number from 1 to 3 */
            type_of_traffic?: number | string;
            /** @description For service types that have this field: one line of at most 2500 characters */
            username?: string;
            /** @description For service types that have this field: one a line, at most 10000 of 2500 characters each */
            usernames?: string | string[];
        };
        NewOrderListView: {
            name: string;
            /**
             * @description The query string of the page `/app/orders`, without the question mark
             * @example status=open&service=1
             */
            query: string;
        };
        NewOwnKey: {
            /**
             * Format: date-time
             * @description When the key expires; without it when the key that makes it does, if ever
             */
            expiresAt?: string;
            name: string;
            /** @description Without it the key has all scopes of the key that makes it */
            scopes?: ("orders:read" | "orders:write" | "wallet:read" | "webhooks:manage" | "keys:manage")[];
        };
        NewProvider: {
            /** @description Whether Holdfast may call the provider without TLS, which shows our key on the way. By default it needs https, except where ALLOW_LOOPBACK_URLS is set */
            allowPlainHttp?: boolean;
            /** @description After how many sends in a row without a clear answer the provider is paused. Default: 3 */
            breakAfter?: number;
            /**
             * @description The secret that signs the callbacks of the provider (Standard Webhooks); stored encrypted, never shown
             * @default null
             */
            callbackSecret?: string | null;
            /** @description What an error that contains the text means; `unknown`: it proves nothing */
            definiteErrors?: {
                /** @enum {string} */
                means: "refused" | "wait" | "funds" | "key" | "throttled" | "unreachable" | "trouble" | "unknown";
                text: string;
            }[];
            /** @description The provider refuses a second order for a service and link only while an order of ours for them is running there */
            duplicateGuard?: boolean;
            /** @description Our key at the provider; stored encrypted, never shown */
            key: string;
            /** @description Whether one call can ask about many orders or refills. Null, the default: the answers of the provider show it */
            lists?: boolean | null;
            /** @description How the provider lists its orders. Without it Holdfast cannot search for a send whose outcome is unknown */
            listsOrders?: {
                /** @default orders */
                action?: string;
                /**
                 * @description Whether a send counts as not placed when two complete lists do not show its order. Holdfast then sends it again without asking staff
                 * @default false
                 */
                authoritative?: boolean;
                /**
                 * @description The shortest time between these two lists
                 * @default 600
                 */
                graceSeconds?: number;
                /**
                 * @description When Holdfast searches the list after a send with an unknown outcome; the last wait is repeated
                 * @default [
                 *       60,
                 *       300,
                 *       900,
                 *       3600
                 *     ]
                 */
                looksAfterSeconds?: number[];
                /** @default 100 */
                pageSize?: number;
                /**
                 * @description How far the provider's clock may be from ours
                 * @default 300
                 */
                skewSeconds?: number;
            } | null;
            /**
             * @description A balance below this raises an alert; in the provider's own currency
             * @example 50
             */
            lowBalance?: string | null;
            /** @description How many sends the provider may have in flight at the same time; further orders wait. Default: 20 */
            maxParallelSends?: number;
            name: string;
            /** @default 15 */
            pollSeconds?: number;
            /**
             * @description What the status words of the provider mean, for orders and refills alike, in any case and spacing: `{"Selesai": "Completed"}`. `Error`: a person decides
             * @example {
             *       "Selesai": "Completed"
             *     }
             */
            statusWords?: {
                [key: string]: "Pending" | "Processing" | "In progress" | "Paused" | "Completed" | "Partial" | "Canceled" | "Error";
            };
            /** @description HTTP statuses that mean: the provider was asked too often and did not act on the call. Default: 429 */
            throttleStatuses?: number[];
            /** @description The whole address of the panel's API */
            url: string;
        };
        NewService: {
            /**
             * @description What follows a drip-feed run that did not deliver everything. continue: the next run. retry: the missing part is sent on the next route. stop: the order ends
             * @default continue
             * @enum {string}
             */
            afterFailedRun?: "continue" | "retry" | "stop";
            /** @default false */
            cancel?: boolean;
            category: string;
            /**
             * @description By how much of the delivered quantity the count may be too small
             * @default 5
             */
            counterTolerancePercent?: number;
            /**
             * @description The counter of targets: GET <counterUrl>?link=<link> answers {"count": 1234}. With verify counter the default is the counter of the installation
             * @default null
             */
            counterUrl?: string | null;
            /**
             * @description Only for the types Default and Web Traffic; for any other type it is false
             * @default false
             */
            dripFeed?: boolean;
            /**
             * @default reject
             * @enum {string}
             */
            duplicateLink?: "reject" | "queue" | "allow";
            /**
             * @description Which open orders count as duplicates. account: those of the same account. all: also those of other accounts that are being delivered
             * @default account
             * @enum {string}
             */
            duplicateScope?: "account" | "all";
            /**
             * @description Link parameters that do not make another target for this service, in upper or lower case. utm_source, igsh, fbclid and others never do
             * @default []
             */
            ignoredLinkParameters?: string[];
            /** @default null */
            linkPattern?: string | null;
            max: number;
            min: number;
            name: string;
            /** @example 0.90 */
            rate: string;
            /**
             * @description The wait before a target is counted again when its count does not agree; each later wait is twice as long
             * @default 300
             */
            recheckSeconds?: number;
            /**
             * @description How many refills an order may have
             * @default 10
             */
            refillCap?: number;
            /**
             * @description From the end of a refill until the next one may be requested
             * @default 86400
             */
            refillCooldownSeconds?: number;
            /** @default 0 */
            refillDays?: number;
            /**
             * @description What follows when the provider refuses a refill. review: a person decides. resend: the quantity that was counted as missing is sent on another route at our cost. reject: the refill ends Rejected, with the reason
             * @default review
             * @enum {string}
             */
            refillFallback?: "review" | "resend" | "reject";
            /** @description How long a batch may be In progress before its order needs a review, in seconds. Default: a week, for Subscriptions a year */
            reviewAfterSeconds?: number;
            /** @description In order of preference */
            routes: {
                /**
                 * @description Whether orders are sent on this route
                 * @default true
                 */
                active?: boolean;
                provider: number;
                /** @example 42 */
                providerService: string;
                /** @example 0.90 */
                rate: string;
            }[];
            /**
             * @description How a route is chosen among those that can take the order. order: by the order of preference. cheapest: by the rate of the route. fastest: by how fast and how fully the routes delivered lately, as far as that is known
             * @default order
             * @enum {string}
             */
            routing?: "order" | "cheapest" | "fastest";
            /** @description How long a batch may deliver nothing before its order is stalled, in seconds. Default: a day, for Subscriptions a year */
            stallAfterSeconds?: number;
            /**
             * @description The quantity of each run must be a multiple of this
             * @default 1
             */
            step?: number;
            /**
             * @default Default
             * @enum {string}
             */
            type?: "Default" | "Package" | "SEO" | "Custom Comments" | "Mentions" | "Mentions with Hashtags" | "Mentions Custom List" | "Mentions Hashtag" | "Mentions User Followers" | "Mentions Media Likers" | "Custom Comments Package" | "Comment Likes" | "Poll" | "Comment Replies" | "Invites from Groups" | "Subscriptions" | "Web Traffic";
            /** @description Only for Subscriptions: how many posts an order without `posts` buys. Default: 100 */
            unlimitedPosts?: number;
            /**
             * @description counter: an order is settled only when the target's count agrees with the provider; otherwise a person decides
             * @default provider
             * @enum {string}
             */
            verify?: "provider" | "counter";
        };
        NewWebhook: {
            /**
             * Format: date-time
             * @description How long the code that was mailed to the address is valid
             */
            confirmUntil: string | null;
            /** Format: date-time */
            createdAt: string;
            description: string | null;
            /**
             * @description gone: the receiver answered 410. failing: no event got through for days. unconfirmed: the e-mail address is not confirmed. owner: the account disabled it
             * @enum {string|null}
             */
            disabledReason: "gone" | "owner" | "failing" | "unconfirmed" | null;
            email: string | null;
            enabled: boolean;
            /** @description The event types that are sent; null: all */
            events: ("order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected")[] | null;
            id: number;
            /**
             * Format: date-time
             * @description How long the previous secret signs too
             */
            oldSecretUntil: string | null;
            /**
             * @description Shown once; a webhook that sends e-mail has none
             * @example whsec_…
             */
            secret?: string;
            /** @description null: the webhook sends e-mail */
            url: string | null;
        };
        Order: {
            /** @enum {string} */
            attention: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
            /** @description The last 50 batches; none before the first is sent */
            batches: {
                batch: number;
                delivered: number;
                quantity: number;
                /** Format: date-time */
                startedAt: string | null;
                /** @enum {string} */
                status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
            }[];
            /**
             * @description Equals the price until the order is settled. After that, charge + refunded = price.
             * @example 0.27819
             */
            charge: string;
            /** Format: date-time */
            completedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            currency: string;
            delivered: number;
            /** @description From startedAt to settledAt, or until now */
            elapsedSeconds: number;
            id: number;
            intervalMinutes: number | null;
            link: string;
            /** @description Your own keys and values; {} without any */
            metadata: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description When the next run is due; null while the order is paused
             */
            nextRunAt: string | null;
            percent: number;
            /** @example 0.27819 */
            price: string;
            /** @description The quantity of each run */
            quantity: number;
            reason: string | null;
            reference: string | null;
            /** Format: date-time */
            refillUntil: string | null;
            /** @example 0.27819 */
            refunded: string;
            remains: number;
            /** @description The order whose undelivered rest this order orders again */
            reorderOf: number | null;
            runs: number;
            /** Format: date-time */
            scheduledAt: string | null;
            service: number;
            /** Format: date-time */
            settledAt: string | null;
            startCount: number | null;
            /** Format: date-time */
            startedAt: string | null;
            /** @enum {string} */
            status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
            /** @description quantity × runs */
            totalQuantity: number;
            version: number;
        };
        OrderEvent: {
            /** Format: date-time */
            at: string;
            /** @description Your account, `provider`, `system` or `staff` */
            by: string;
            data: {
                [key: string]: unknown;
            };
            id: number;
            /** @example order.completed */
            type: string;
            version: number;
        };
        OrderListView: {
            id: number;
            name: string;
            query: string;
        };
        OrderMoney: {
            currency: string;
            /** @description The last 200 lines, oldest first */
            data: {
                /** @example 0.9 */
                amount: string;
                /** Format: date-time */
                at: string;
                /**
                 * @description What it changed in the money held for the order
                 * @example 0.9
                 */
                escrow: string;
                /** @enum {string} */
                kind: "hold" | "charge" | "refund" | "correction";
                /** @description Its line in the statement; null when it moved no wallet */
                line: number | null;
                /**
                 * @description The step of the ledger
                 * @example order:10001:hold
                 */
                reference: string;
                /**
                 * @description What it changed in the wallet; negative when money left
                 * @example -0.9
                 */
                wallet: string;
            }[];
            order: number;
            /** @description Over all lines. Once the order is settled, escrow is 0 and wallet is the charge, negative */
            sum: {
                /**
                 * @description What it changed in the money held for the order
                 * @example 0.9
                 */
                escrow: string;
                /**
                 * @description What it changed in the wallet; negative when money left
                 * @example -0.9
                 */
                wallet: string;
            };
        };
        OutcomesReport: {
            /** @enum {string} */
            by: "service" | "provider";
            data: {
                canceled: number;
                /**
                 * @description From 0 to 1; null without orders
                 * @example 0.025
                 */
                canceledShare: number | null;
                completed: number;
                ended: number;
                /** @description Of the service or provider; null: orders that went to several */
                id: number | null;
                name: string | null;
                partial: number;
                /**
                 * @description From 0 to 1; null without orders
                 * @example 0.025
                 */
                partialShare: number | null;
                /** @description Refills that were requested on these days */
                refills: number;
                /**
                 * @description refills for each Completed order
                 * @example 0.025
                 */
                refillShare: number | null;
            }[];
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
        };
        Permission: {
            allowed: boolean;
            /**
             * @description Why not; absent when it is allowed
             * @enum {string}
             */
            code?: "order_ended" | "order_open" | "not_cancelable" | "already_requested" | "already_paused" | "paused_lately" | "not_paused" | "not_refillable" | "never_completed" | "refill_window_over" | "nothing_delivered" | "refill_under_way" | "refills_used_up" | "refill_too_soon" | "nothing_undelivered" | "already_reordered";
            /**
             * Format: date-time
             * @description From when it is allowed, when time alone decides
             */
            from?: string;
            /** @description The same as a sentence, which the action itself answers */
            reason?: string;
        };
        Problem: {
            /** @enum {string} */
            code: "unauthorized" | "invalid_signature" | "forbidden" | "not_found" | "order_not_found" | "method_not_allowed" | "body_too_large" | "unsupported_media_type" | "too_many_fields" | "unknown_charset" | "invalid_encoding" | "malformed_body" | "invalid_request" | "incorrect_action" | "too_many_ids" | "idempotency_key_missing" | "idempotency_key_invalid" | "idempotency_key_reused" | "claim_withdrawn" | "conflict" | "deleted_since" | "order_ended" | "not_possible" | "refill_unavailable" | "reorder_unavailable" | "already_reordered" | "no_reorder_service" | "refill_not_found" | "webhook_not_found" | "webhook_disabled" | "too_many_webhooks" | "too_many_keys" | "too_many_favourites" | "too_many_views" | "webhook_unconfirmed" | "confirmation_failed" | "too_many_confirmations" | "email_unavailable" | "webhook_has_no_secret" | "event_not_found" | "too_many_orders" | "replayed_lately" | "too_many_tests" | "too_many_lines" | "too_many_events" | "unknown_service" | "no_route" | "unknown_provider" | "unknown_account" | "unsupported_type" | "invalid_link" | "duplicate_link" | "invalid_quantity" | "quantity_below_min" | "quantity_above_max" | "quantity_not_multiple" | "unexpected_field" | "drip_feed_unavailable" | "invalid_runs" | "invalid_interval" | "invalid_keywords" | "invalid_comments" | "invalid_usernames" | "invalid_hashtags" | "invalid_groups" | "invalid_hashtag" | "invalid_username" | "invalid_media" | "invalid_answer_number" | "invalid_country" | "invalid_device" | "invalid_type_of_traffic" | "invalid_google_keyword" | "invalid_referring_url" | "invalid_min" | "invalid_max" | "invalid_posts" | "invalid_old_posts" | "invalid_delay" | "invalid_expiry" | "price_too_large" | "cannot_be_placed" | "charge_above_max" | "insufficient_funds" | "rate_limited" | "too_many_reads" | "overloaded" | "outcome_unknown" | "unavailable" | "internal";
            detail: string;
            errors?: {
                message: string;
                path: string;
            }[];
            request_id: string;
            status: number;
            title: string;
            type: string;
        };
        Provider: components["schemas"]["ProviderPause"] & {
            allowPlainHttp: boolean;
            /** @description The balance that the provider reported last, in its own currency */
            balance: string | null;
            /** Format: date-time */
            balanceAt: string | null;
            breakAfter: number;
            /** Format: date-time */
            catalogueAt: string | null;
            /** @description Why the catalogue could not be read since catalogueAt */
            catalogueProblem: string | null;
            /** Format: date-time */
            createdAt: string;
            currency: string | null;
            definiteErrors: {
                means: string;
                text: string;
            }[];
            duplicateGuard: boolean;
            lists: boolean | null;
            listsOrders: {
                action: string;
                authoritative: boolean;
                graceSeconds: number;
                looksAfterSeconds: number[];
                pageSize: number;
                skewSeconds: number;
            } | null;
            lowBalance: string | null;
            maxParallelSends: number;
            name: string;
            /** @description The actions for which the answers of the provider showed that it knows no lists, and when */
            noLists: {
                /** Format: date-time */
                refill_status?: string;
                /** Format: date-time */
                status?: string;
            };
            pollSeconds: number;
            /** @description Runs of orders that it delivers now. 1000 means that many or more */
            running: number;
            statusWords: {
                [key: string]: string;
            };
            throttleStatuses: number[];
            url: string;
        };
        ProviderChange: {
            /** @description Whether Holdfast may call the provider without TLS, which shows our key on the way. By default it needs https, except where ALLOW_LOOPBACK_URLS is set */
            allowPlainHttp?: boolean | null;
            /** @description After how many sends in a row without a clear answer the provider is paused. Default: 3 */
            breakAfter?: number | null;
            /** @description The secret that signs the callbacks of the provider (Standard Webhooks); stored encrypted, never shown */
            callbackSecret?: string | null;
            /** @description What an error that contains the text means; `unknown`: it proves nothing */
            definiteErrors?: {
                /** @enum {string} */
                means: "refused" | "wait" | "funds" | "key" | "throttled" | "unreachable" | "trouble" | "unknown";
                text: string;
            }[] | null;
            /** @description The provider refuses a second order for a service and link only while an order of ours for them is running there */
            duplicateGuard?: boolean | null;
            /** @description Our key at the provider; stored encrypted, never shown */
            key?: string;
            /** @description Whether one call can ask about many orders or refills. Null, the default: the answers of the provider show it */
            lists?: boolean | null;
            /** @description How the provider lists its orders. Without it Holdfast cannot search for a send whose outcome is unknown */
            listsOrders?: {
                /** @default orders */
                action?: string;
                /**
                 * @description Whether a send counts as not placed when two complete lists do not show its order. Holdfast then sends it again without asking staff
                 * @default false
                 */
                authoritative?: boolean;
                /**
                 * @description The shortest time between these two lists
                 * @default 600
                 */
                graceSeconds?: number;
                /**
                 * @description When Holdfast searches the list after a send with an unknown outcome; the last wait is repeated
                 * @default [
                 *       60,
                 *       300,
                 *       900,
                 *       3600
                 *     ]
                 */
                looksAfterSeconds?: number[];
                /** @default 100 */
                pageSize?: number;
                /**
                 * @description How far the provider's clock may be from ours
                 * @default 300
                 */
                skewSeconds?: number;
            } | null;
            /**
             * @description A balance below this raises an alert; in the provider's own currency
             * @example 50
             */
            lowBalance?: string | null;
            /** @description How many sends the provider may have in flight at the same time; further orders wait. Default: 20 */
            maxParallelSends?: number | null;
            pollSeconds?: number;
            /**
             * @description What the status words of the provider mean, for orders and refills alike, in any case and spacing: `{"Selesai": "Completed"}`. `Error`: a person decides
             * @example {
             *       "Selesai": "Completed"
             *     }
             */
            statusWords?: {
                [key: string]: "Pending" | "Processing" | "In progress" | "Paused" | "Completed" | "Partial" | "Canceled" | "Error";
            } | null;
            /** @description HTTP statuses that mean: the provider was asked too often and did not act on the call. Default: 429 */
            throttleStatuses?: number[] | null;
            /** @description The whole address of the panel's API */
            url?: string;
        };
        ProviderChecked: {
            added: number;
            balanceRead: boolean;
            changed: number;
            /** @description Routes that are no longer held: orders are sent on them again */
            freed: number;
            gone: number;
            /** @description Routes that are now held: no order is sent on them */
            held: number;
            problem: string | null;
            provider: number;
            /** @description Whether the catalogue could be read; if not, nothing has changed */
            read: boolean;
            /** @description Services whose mark-up rule gave them another selling rate */
            repriced: number;
            services: number;
            /** @description Rows of the catalogue that could not be read */
            unreadable: number;
        };
        ProviderPause: {
            id: number;
            /**
             * Format: date-time
             * @description Null: the provider is not paused
             */
            pausedUntil: string | null;
            /** @description The reason that staff gave, or for which accounts alone Holdfast paused the provider */
            pauseNote: string | null;
            /** @description `funds`, `key`, `throttled`, `unreachable` or `trouble`: Holdfast paused the provider; `staff`: staff paused it */
            pauseReason: string | null;
        };
        ProviderService: {
            cancel: boolean;
            category: string;
            /** Format: date-time */
            changedAt: string;
            dripFeed: boolean;
            /** Format: date-time */
            firstSeenAt: string;
            /**
             * Format: date-time
             * @description When two readings of the catalogue in a row had lacked the service; null while it is sold
             */
            goneAt: string | null;
            imported: boolean;
            /** Format: date-time */
            lastSeenAt: string;
            max: number | null;
            min: number | null;
            name: string;
            /** @description The provider's rate; null when it cannot be read */
            rate: string | null;
            refill: boolean;
            /**
             * @description The service's id at the provider
             * @example 42
             */
            service: string;
            /** @description Our services that have a route to this service */
            services: number[];
            /** @description Quantities must be multiples of this; null when the provider names no step */
            step: number | null;
            type: string;
        };
        Quote: {
            /** @description Whether the order would be taken now */
            accepted: boolean;
            /** @description Whether the wallet can pay the price */
            affordable: boolean | null;
            /**
             * @description What the wallet holds; null when the key lacks the scope wallet:read
             * @example 0.9
             */
            balance: string | null;
            currency: string;
            /** @description Everything that would refuse the order; the first one is what POST /v1/orders answers */
            errors: {
                /** @enum {string} */
                code: "unauthorized" | "invalid_signature" | "forbidden" | "not_found" | "order_not_found" | "method_not_allowed" | "body_too_large" | "unsupported_media_type" | "too_many_fields" | "unknown_charset" | "invalid_encoding" | "malformed_body" | "invalid_request" | "incorrect_action" | "too_many_ids" | "idempotency_key_missing" | "idempotency_key_invalid" | "idempotency_key_reused" | "claim_withdrawn" | "conflict" | "deleted_since" | "order_ended" | "not_possible" | "refill_unavailable" | "reorder_unavailable" | "already_reordered" | "no_reorder_service" | "refill_not_found" | "webhook_not_found" | "webhook_disabled" | "too_many_webhooks" | "too_many_keys" | "too_many_favourites" | "too_many_views" | "webhook_unconfirmed" | "confirmation_failed" | "too_many_confirmations" | "email_unavailable" | "webhook_has_no_secret" | "event_not_found" | "too_many_orders" | "replayed_lately" | "too_many_tests" | "too_many_lines" | "too_many_events" | "unknown_service" | "no_route" | "unknown_provider" | "unknown_account" | "unsupported_type" | "invalid_link" | "duplicate_link" | "invalid_quantity" | "quantity_below_min" | "quantity_above_max" | "quantity_not_multiple" | "unexpected_field" | "drip_feed_unavailable" | "invalid_runs" | "invalid_interval" | "invalid_keywords" | "invalid_comments" | "invalid_usernames" | "invalid_hashtags" | "invalid_groups" | "invalid_hashtag" | "invalid_username" | "invalid_media" | "invalid_answer_number" | "invalid_country" | "invalid_device" | "invalid_type_of_traffic" | "invalid_google_keyword" | "invalid_referring_url" | "invalid_min" | "invalid_max" | "invalid_posts" | "invalid_old_posts" | "invalid_delay" | "invalid_expiry" | "price_too_large" | "cannot_be_placed" | "charge_above_max" | "insufficient_funds" | "rate_limited" | "too_many_reads" | "overloaded" | "outcome_unknown" | "unavailable" | "internal";
                detail: string;
                /** @description The field of the body; null when it is about no field */
                path: string | null;
                title: string;
            }[];
            /**
             * @description What the order would cost; null when its quantity is not known
             * @example 0.9
             */
            price: string | null;
            /** @description The quantity of each run; null when it is not known */
            quantity: number | null;
            /**
             * @description The price of 1000, or of a package; null when there is no such service
             * @example 0.9
             */
            rate: string | null;
            service: number;
            totalQuantity: number | null;
            /**
             * @description The price of one item
             * @example 0.9
             */
            unitPrice: string | null;
        };
        QuotedOrder: {
            /** @description For service types that have this field: a whole number from 1 to 1000 */
            answer_number?: number | string;
            /** @description For service types that have this field: one a line, at most 10000 of 2500 characters each */
            comments?: string | string[];
            /** @description For service types that have this field: one line of at most 2500 characters */
            country?: string;
            /** @description For service types that have this field: one of 0, 5, 10, 15, 20, 30, 40, 50, 60, 90, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600 */
            delay?: number | string;
            /** @description For service types that have this field: a whole number from 1 to 5 */
            device?: number | string;
            dripFeed?: {
                intervalMinutes: number;
                runs: number;
            };
            /** @description For service types that have this field: a date as d/m/Y */
            expiry?: string;
            /** @description For service types that have this field: one line of at most 2500 characters */
            google_keyword?: string;
            /** @description For service types that have this field: one a line, at most 10000 of 2500 characters each */
            groups?: string | string[];
            /** @description For service types that have this field: one line of at most 2500 characters */
            hashtag?: string;
            /** @description For service types that have this field: one a line, at most 10000 of 2500 characters each */
            hashtags?: string | string[];
            /** @description For service types that have this field: one a line, at most 10000 of 2500 characters each */
            keywords?: string | string[];
            /** @description Not for subscriptions, which follow a `username` */
            link?: string;
            /** @description For service types that have this field: a whole number from 1 to 1000000000 */
            max?: number | string;
            /**
             * @description Refuse the order when its price is above this
             * @example 12.5
             */
            maxCharge?: string;
            /** @description For service types that have this field: one line of at most 2500 characters */
            media?: string;
            /** @description Your own keys, of 1 to 40 characters, and their values: shown with the order, and used for nothing */
            metadata?: {
                [key: string]: string;
            };
            /** @description For service types that have this field: a whole number from 1 to 1000000000 */
            min?: number | string;
            /** @description For service types that have this field: a whole number from 1 to 100000 */
            old_posts?: number | string;
            /** @description For service types that have this field: a whole number from 1 to 100000 */
            posts?: number | string;
            /** @description As in `POST /v1/orders` */
            quantity?: number;
            /** @description Your own name for the order */
            reference?: string;
            /** @description For service types that have this field: one line of at most 2500 characters */
            referring_url?: string;
            /**
             * Format: date-time
             * @description When to start; a time in the past means now
             */
            scheduledAt?: string;
            service: number;
            /** @description For service types that have this field: a whole number from 1 to 3 */
            type_of_traffic?: number | string;
            /** @description For service types that have this field: one line of at most 2500 characters */
            username?: string;
            /** @description For service types that have this field: one a line, at most 10000 of 2500 characters each */
            usernames?: string | string[];
        };
        RecentRequest: {
            /** Format: date-time */
            at: string;
            /** @description The code of the refusal; null when the request was not refused */
            code: string | null;
            /** @description The id of the key */
            key: number;
            /** @description Milliseconds until the answer began */
            ms: number;
            /**
             * @description Method and path without the query; for panel API v2 also the action
             * @example POST /v1/orders
             */
            request: string;
            /** @description The X-Request-Id of the answer */
            requestId: string;
            /** @description The HTTP status; panel API v2 answers errors with 200 too */
            status: number;
        };
        RecentRequests: {
            data: components["schemas"]["RecentRequest"][];
        };
        Reconciliation: {
            /**
             * Format: date-time
             * @description When the last run began; null before the first
             */
            at: string | null;
            /** @description Parts of the run that failed */
            failed: string[];
            findings: {
                found: number;
                /** @enum {string} */
                kind: "order_lost" | "claim_open" | "workflow_orphaned" | "workflow_stuck" | "batch_unwatched" | "provider_silent" | "events_behind" | "outbox_lost" | "delivery_lost" | "list_lost";
                /** @description How many of them were repaired at once */
                repaired: number;
            }[];
            looked: {
                /** @description Orders that must have a running workflow */
                orders: number;
                /** @description Providers with running batches */
                providers: number;
                /** @description Running workflows of orders */
                workflows: number;
            };
            /**
             * Format: date-time
             * @description When the last pass over all orders that have not ended was complete
             */
            sweptAt: string | null;
            tookMs: number | null;
        };
        Refill: {
            /** Format: date-time */
            endedAt: string | null;
            id: number;
            /** @description Items that are gone from the target; null when the target was not counted */
            missing: number | null;
            order: number;
            reason: string | null;
            /** @description Why the provider refused the refill; null when it did not, or when a person decided */
            rejection: string | null;
            /** Format: date-time */
            requestedAt: string;
            /** @enum {string} */
            status: "Pending" | "In progress" | "Completed" | "Rejected";
        };
        Reorder: {
            /**
             * @description Refuse the order when its price is above this
             * @example 12.5
             */
            maxCharge?: string;
            /** @description Your own name for the new order */
            reference?: string;
            /** @description By default the cheapest candidate */
            service?: number;
        };
        ReorderCandidates: {
            currency: string;
            /** @description The cheapest first */
            data: {
                /** @description From the start of an order to Completed, as in the statistics of the service */
                averageSeconds: number | null;
                name: string;
                /** @description The share of the orders that ended Partial, from 0 to 1 */
                partialShare: number | null;
                /**
                 * @description What the rest of the order costs there
                 * @example 0.36
                 */
                price: string;
                /** @example 0.9 */
                rate: string;
                service: number;
            }[];
            order: number;
            /** @description What was not delivered */
            quantity: number;
        };
        Resolution: components["schemas"]["ResolutionExtend"] | components["schemas"]["ResolutionComplete"] | components["schemas"]["ResolutionPartial"] | components["schemas"]["ResolutionCancel"] | components["schemas"]["ResolutionRedispatch"] | components["schemas"]["ResolutionAttach"] | components["schemas"]["ResolutionNotPlaced"];
        /** @description The uncertain batch is this order of the provider */
        ResolutionAttach: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "attach";
            /** @description For an uncertain order: the batch that this is about. Required when more than one is uncertain */
            batch?: number;
            /** @description The order's id at the provider */
            providerOrder: string;
            reason?: string;
        };
        /** @description Asks the provider to stop. For an uncertain order: what may have been placed counts as not delivered */
        ResolutionCancel: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "cancel";
            /** @description For an uncertain order: the batch that this is about. Required when more than one is uncertain */
            batch?: number;
            reason?: string;
        };
        /** @description Settles the order as Completed */
        ResolutionComplete: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "complete";
            reason?: string;
        };
        /** @description Lets the order go on: its clocks start again */
        ResolutionExtend: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "extend";
            /** @description How long the order may go on from now, above 0 */
            hours: number;
            reason?: string;
        };
        /** @description The uncertain batch was not placed; Holdfast sends it again by the routes */
        ResolutionNotPlaced: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "notPlaced";
            /** @description For an uncertain order: the batch that this is about. Required when more than one is uncertain */
            batch?: number;
            reason?: string;
        };
        /** @description Settles the order with `delivered` items delivered, and refunds the rest */
        ResolutionPartial: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "partial";
            /** @description At most the totalQuantity of the order */
            delivered: number;
            reason?: string;
        };
        /** @description Asks the provider to stop, and sends what is missing on the next route */
        ResolutionRedispatch: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "redispatch";
            reason?: string;
        };
        RevenueReport: {
            /**
             * Format: date-time
             * @description null: nothing was counted yet
             */
            asOf: string | null;
            /** @enum {string} */
            by: "day" | "service" | "provider" | "account";
            currency: string;
            data: {
                /** @description The providers' charges, less what they took back */
                cost: string;
                /**
                 * Format: date
                 * @description by=day; otherwise null
                 */
                day: string | null;
                /** @description Of the service, provider or account; otherwise null */
                id: number | null;
                /** @description Orders of providers that no customer pays for */
                loss: string;
                /** @description revenue − cost − loss; negative when it cost more */
                margin: string;
                name: string | null;
                /** @description What was charged, less what was given back later */
                revenue: string;
            }[];
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            total: {
                /** @description The providers' charges, less what they took back */
                cost: string;
                /** @description Orders of providers that no customer pays for */
                loss: string;
                /** @description revenue − cost − loss; negative when it cost more */
                margin: string;
                /** @description What was charged, less what was given back later */
                revenue: string;
            };
        };
        Review: {
            account: number;
            accountName: string;
            /** @description The actions that resolve accepts now */
            actions: ("extend" | "complete" | "partial" | "cancel" | "redispatch" | "attach" | "notPlaced")[];
            /** @enum {string} */
            attention: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
            /** @description The last 5 batches that have not ended, with the provider that has them or may have them */
            batches: {
                batch: number;
                provider: number | null;
                providerName: string | null;
                providerOrder: string | null;
            }[];
            by: string | null;
            /** Format: date-time */
            createdAt: string;
            currency: string;
            delivered: number;
            /** @description The money that is held for the order; 0 once it is settled */
            held: string;
            order: number;
            reason: string | null;
            service: number;
            serviceName: string;
            /**
             * Format: date-time
             * @description When the order began to wait
             */
            since: string | null;
            /** @enum {string} */
            status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
            totalQuantity: number;
            /** @description Attempts that may or may not have been placed */
            uncertain: components["schemas"]["Attempt"][];
            why: string | null;
        };
        /** @description Instead of ids: all orders that wait for a person now and match */
        ReviewFilter: {
            /** @enum {string} */
            attention?: "stalled" | "paused" | "review" | "conflict" | "uncertain";
            /**
             * Format: date-time
             * @description Orders placed at this moment or later
             */
            from?: string;
            /** @description The provider that has the orders, or may have them. Attempts at other providers are left alone */
            provider?: number;
            service?: number;
            /**
             * Format: date-time
             * @description Orders placed before this moment
             */
            to?: string;
        };
        Service: {
            cancel: boolean;
            category: string;
            currency: string;
            dripFeed: boolean;
            /** @enum {string} */
            duplicateLink: "reject" | "queue" | "allow";
            id: number;
            linkPattern: string | null;
            max: number;
            min: number;
            name: string;
            /**
             * @description The price of 1000, or of a package
             * @example 0.9
             */
            rate: string;
            refillDays: number;
            /** @description The quantity of each run must be a multiple of this */
            step: number;
            /** @description The type, as in panel API v2; it decides which fields an order has */
            type: string;
            /** @description For Subscriptions: how many posts an order without `posts` buys. Null for every other type */
            unlimitedPosts: number | null;
        };
        ServiceChange: {
            /** @description Whether the service is sold */
            active?: boolean;
            /**
             * @description What follows a drip-feed run that did not deliver everything. continue: the next run. retry: the missing part is sent on the next route. stop: the order ends
             * @enum {string}
             */
            afterFailedRun?: "continue" | "retry" | "stop";
            cancel?: boolean;
            category?: string;
            /** @description By how much of the delivered quantity the count may be too small */
            counterTolerancePercent?: number;
            /** @description The counter of targets: GET <counterUrl>?link=<link> answers {"count": 1234}. With verify counter the default is the counter of the installation */
            counterUrl?: string | null;
            /** @description Only for the types Default and Web Traffic; for any other type it is false */
            dripFeed?: boolean;
            /** @enum {string} */
            duplicateLink?: "reject" | "queue" | "allow";
            /**
             * @description Which open orders count as duplicates. account: those of the same account. all: also those of other accounts that are being delivered
             * @enum {string}
             */
            duplicateScope?: "account" | "all";
            /** @description Link parameters that do not make another target for this service, in upper or lower case. utm_source, igsh, fbclid and others never do */
            ignoredLinkParameters?: string[];
            linkPattern?: string | null;
            max?: number;
            min?: number;
            name?: string;
            /** @example 0.90 */
            rate?: string;
            /** @description The wait before a target is counted again when its count does not agree; each later wait is twice as long */
            recheckSeconds?: number;
            /** @description How many refills an order may have */
            refillCap?: number;
            /** @description From the end of a refill until the next one may be requested */
            refillCooldownSeconds?: number;
            refillDays?: number;
            /**
             * @description What follows when the provider refuses a refill. review: a person decides. resend: the quantity that was counted as missing is sent on another route at our cost. reject: the refill ends Rejected, with the reason
             * @enum {string}
             */
            refillFallback?: "review" | "resend" | "reject";
            /** @description How long a batch may be In progress before its order needs a review, in seconds. Default: a week, for Subscriptions a year */
            reviewAfterSeconds?: number;
            /** @description In order of preference */
            routes?: {
                /**
                 * @description Whether orders are sent on this route
                 * @default true
                 */
                active?: boolean;
                provider: number;
                /** @example 42 */
                providerService: string;
                /** @example 0.90 */
                rate: string;
            }[];
            /**
             * @description How a route is chosen among those that can take the order. order: by the order of preference. cheapest: by the rate of the route. fastest: by how fast and how fully the routes delivered lately, as far as that is known
             * @enum {string}
             */
            routing?: "order" | "cheapest" | "fastest";
            /** @description How long a batch may deliver nothing before its order is stalled, in seconds. Default: a day, for Subscriptions a year */
            stallAfterSeconds?: number;
            /** @description The quantity of each run must be a multiple of this */
            step?: number;
            /** @enum {string} */
            type?: "Default" | "Package" | "SEO" | "Custom Comments" | "Mentions" | "Mentions with Hashtags" | "Mentions Custom List" | "Mentions Hashtag" | "Mentions User Followers" | "Mentions Media Likers" | "Custom Comments Package" | "Comment Likes" | "Poll" | "Comment Replies" | "Invites from Groups" | "Subscriptions" | "Web Traffic";
            /** @description Only for Subscriptions: how many posts an order without `posts` buys. Default: 100 */
            unlimitedPosts?: number;
            /**
             * @description counter: an order is settled only when the target's count agrees with the provider; otherwise a person decides
             * @enum {string}
             */
            verify?: "provider" | "counter";
            /** @description The version that the change is for: a service that has changed since is refused with `conflict` */
            version?: string;
        };
        ServiceFile: {
            active: boolean;
            afterFailedRun: string;
            cancel: boolean;
            category: string;
            counterTolerancePercent: number;
            counterUrl: string | null;
            dripFeed: boolean;
            /** @enum {string} */
            duplicateLink: "reject" | "queue" | "allow";
            /** @enum {string} */
            duplicateScope: "account" | "all";
            id: number;
            ignoredLinkParameters: string[];
            linkPattern: string | null;
            max: number;
            min: number;
            name: string;
            rate: string;
            recheckSeconds: number;
            refillCap: number;
            refillCooldownSeconds: number;
            refillDays: number;
            /** @enum {string} */
            refillFallback: "review" | "resend" | "reject";
            reviewAfterSeconds: number;
            routes: {
                active: boolean;
                /**
                 * @description Why no order is sent on this route. gone: the provider no longer lists the service. unprofitable: the provider charges more than the selling rate
                 * @enum {string|null}
                 */
                held: "gone" | "unprofitable" | null;
                max: number | null;
                /** @description The least that the provider accepts in one order; null when it names no limit */
                min: number | null;
                provider: number;
                providerService: string;
                rate: string;
                /** @description The provider accepts only multiples of this */
                step: number | null;
            }[];
            /** @enum {string} */
            routing: "order" | "cheapest" | "fastest";
            stallAfterSeconds: number;
            step: number;
            type: string;
            unlimitedPosts: number | null;
            verify: string;
            /** @description Changes with everything that staff can change of the service; for a change that expects this state */
            version: string;
        };
        ServiceStats: {
            /**
             * Format: date-time
             * @description When the figures were computed; they are kept for some minutes
             */
            asOf: string;
            /**
             * @description The share of the orders that ended, from 0 to 1
             * @example 0.025
             */
            canceledShare: number | null;
            /** @description From the start of an order to Completed; without drip-feeds, whose time is planned */
            completedSeconds: {
                average: number | null;
                p50: number | null;
                p95: number | null;
            };
            /** @description How many days of ended orders the figures cover */
            days: number;
            ended: number;
            /** @description Average over the last day */
            itemsPerHour: number;
            /** @description Running batches on each route, in order of preference */
            load: {
                route: number;
                runningBatches: number;
            }[];
            /**
             * @description The share of the orders that ended, from 0 to 1
             * @example 0.025
             */
            partialShare: number | null;
            /** @description Orders of the service that have not ended */
            running: number;
            service: number;
        };
        ServiceTimes: {
            data: {
                /** @description Without days on which no order was Completed */
                days: {
                    /** @description Orders that the time is of */
                    completed: number;
                    /** Format: date */
                    day: string;
                    /** @description Seconds in which half of them were Completed */
                    p50: number;
                }[];
                service: number;
            }[];
            /** Format: date */
            from: string;
            /**
             * Format: date
             * @description The day after the last one
             */
            to: string;
        };
        ServiceWithRoutes: {
            active: boolean;
            afterFailedRun: string;
            cancel: boolean;
            category: string;
            counterTolerancePercent: number;
            counterUrl: string | null;
            dripFeed: boolean;
            /** @enum {string} */
            duplicateLink: "reject" | "queue" | "allow";
            /** @enum {string} */
            duplicateScope: "account" | "all";
            id: number;
            ignoredLinkParameters: string[];
            linkPattern: string | null;
            max: number;
            min: number;
            name: string;
            rate: string;
            recheckSeconds: number;
            refillCap: number;
            refillCooldownSeconds: number;
            refillDays: number;
            /** @enum {string} */
            refillFallback: "review" | "resend" | "reject";
            reviewAfterSeconds: number;
            routes: {
                active: boolean;
                /**
                 * @description Why no order is sent on this route. gone: the provider no longer lists the service. unprofitable: the provider charges more than the selling rate
                 * @enum {string|null}
                 */
                held: "gone" | "unprofitable" | null;
                max: number | null;
                /** @description The least that the provider accepts in one order; null when it names no limit */
                min: number | null;
                provider: number;
                providerService: string;
                rate: string;
                /** @description The provider accepts only multiples of this */
                step: number | null;
            }[];
            /** @enum {string} */
            routing: "order" | "cheapest" | "fastest";
            stallAfterSeconds: number;
            step: number;
            type: string;
            unlimitedPosts: number | null;
            verify: string;
        };
        StaffOrder: {
            account: number;
            accountName: string;
            /** @enum {string} */
            attention: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
            batches: {
                batch: number;
                delivered: number;
                /**
                 * Format: date-time
                 * @description When more was delivered for the last time, or else when the provider accepted the batch
                 */
                progressAt: string | null;
                provider: number | null;
                providerCharge: string | null;
                providerName: string | null;
                providerOrder: string | null;
                providerService: string | null;
                /** @description Our word for the provider's last status */
                providerStatus: string | null;
                quantity: number;
                /** @description The number of the refill that the batch belongs to */
                refill: number | null;
                /** @description What the provider said last */
                remains: number | null;
                startCount: number | null;
                /** Format: date-time */
                startedAt: string | null;
                /** @enum {string} */
                status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
            }[];
            /**
             * @description Equals the price until the order is settled. After that, charge + refunded = price.
             * @example 0.27819
             */
            charge: string;
            /** Format: date-time */
            completedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            currency: string;
            delivered: number;
            /** @description From startedAt to settledAt, or until now */
            elapsedSeconds: number;
            /** @description The 95th percentile of the time to Completed of the service; null for a drip-feed, or when it is not known */
            expectedSeconds: number | null;
            id: number;
            intervalMinutes: number | null;
            /** @description Whether the order runs longer than expectedSeconds */
            isLate: boolean;
            link: string;
            /** @description Your own keys and values; {} without any */
            metadata: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description When the next run is due; null while the order is paused
             */
            nextRunAt: string | null;
            percent: number;
            /** @example 0.27819 */
            price: string;
            /** @description The quantity of each run */
            quantity: number;
            reason: string | null;
            reference: string | null;
            /** Format: date-time */
            refillUntil: string | null;
            /** @example 0.27819 */
            refunded: string;
            remains: number;
            /** @description The order whose undelivered rest this order orders again */
            reorderOf: number | null;
            runs: number;
            /** Format: date-time */
            scheduledAt: string | null;
            service: number;
            serviceName: string;
            /** Format: date-time */
            settledAt: string | null;
            startCount: number | null;
            /** Format: date-time */
            startedAt: string | null;
            /** @enum {string} */
            status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
            /** @description quantity × runs */
            totalQuantity: number;
            version: number;
        };
        StaffOrderFile: {
            account: number;
            accountName: string;
            /** @description The last 200, newest first */
            attempts: components["schemas"]["Attempt"][];
            /** @enum {string} */
            attention: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
            batches: {
                batch: number;
                delivered: number;
                /**
                 * Format: date-time
                 * @description When more was delivered for the last time, or else when the provider accepted the batch
                 */
                progressAt: string | null;
                provider: number | null;
                providerCharge: string | null;
                providerName: string | null;
                providerOrder: string | null;
                providerService: string | null;
                /** @description Our word for the provider's last status */
                providerStatus: string | null;
                quantity: number;
                /** @description The number of the refill that the batch belongs to */
                refill: number | null;
                /** @description What the provider said last */
                remains: number | null;
                startCount: number | null;
                /** Format: date-time */
                startedAt: string | null;
                /** @enum {string} */
                status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
            }[];
            canceledBy: string | null;
            /**
             * @description Equals the price until the order is settled. After that, charge + refunded = price.
             * @example 0.27819
             */
            charge: string;
            /** Format: date-time */
            completedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            currency: string;
            delivered: number;
            /** @description From startedAt to settledAt, or until now */
            elapsedSeconds: number;
            /** @description The last 100 events, oldest first */
            events: {
                /** Format: date-time */
                at: string;
                by: string;
                data: {
                    [key: string]: unknown;
                };
                id: number;
                type: string;
                version: number;
            }[];
            /** @description The 95th percentile of the time to Completed of the service; null for a drip-feed, or when it is not known */
            expectedSeconds: number | null;
            id: number;
            intervalMinutes: number | null;
            /** @description Whether the order runs longer than expectedSeconds */
            isLate: boolean;
            link: string;
            /** @description Your own keys and values; {} without any */
            metadata: {
                [key: string]: string;
            };
            /** @description The last 200 movements, oldest first */
            money: {
                amount: string;
                /** Format: date-time */
                at: string;
                /**
                 * @description The account of the ledger that the money left
                 * @example escrow:10001
                 */
                from: string;
                id: number;
                /** @example charge */
                kind: string;
                /** @description The provider's own figure of a cost */
                note: string | null;
                /** @example revenue */
                to: string;
            }[];
            /**
             * Format: date-time
             * @description When the next run is due; null while the order is paused
             */
            nextRunAt: string | null;
            pausedBy: string | null;
            percent: number;
            /** @example 0.27819 */
            price: string;
            /** @description The quantity of each run */
            quantity: number;
            reason: string | null;
            reference: string | null;
            /** Format: date-time */
            refillUntil: string | null;
            /** @example 0.27819 */
            refunded: string;
            remains: number;
            /** @description The order whose undelivered rest this order orders again */
            reorderOf: number | null;
            /** @description null: the order does not wait for a person */
            review: {
                /** @description The actions that resolve accepts now */
                actions: ("extend" | "complete" | "partial" | "cancel" | "redispatch" | "attach" | "notPlaced")[];
                by: string | null;
                /**
                 * Format: date-time
                 * @description When the order began to wait
                 */
                since: string | null;
                why: string | null;
            } | null;
            runs: number;
            /** Format: date-time */
            scheduledAt: string | null;
            service: number;
            serviceName: string;
            /** Format: date-time */
            settledAt: string | null;
            startCount: number | null;
            /** Format: date-time */
            startedAt: string | null;
            /** @enum {string} */
            status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
            /** @description quantity × runs */
            totalQuantity: number;
            version: number;
            /**
             * @description The id of the order's workflow in Temporal
             * @example order-10001
             */
            workflowId: string;
        };
        StaffReason: {
            reason: string;
        };
        StatementLine: {
            /**
             * @description Negative when the money left the wallet
             * @example -0.9
             */
            amount: string;
            /** Format: date-time */
            at: string;
            /** @description The balance after this movement */
            balance: string;
            /** @enum {string} */
            kind: "deposit" | "debit" | "hold" | "refund" | "correction";
            /** @description Counts the wallet's movements from 1, without a gap */
            line: number;
            note: string | null;
            order: number | null;
        };
        StatementTotals: {
            /** @description What was taken for orders */
            charged: string;
            currency: string;
            /** @description What staff took out of the wallet */
            debited: string;
            deposited: string;
            /** Format: date */
            from: string;
            /** @description What was given back for orders, also for those placed earlier */
            refunded: string;
            /**
             * @description charged − refunded; negative when more was given back
             * @example 0.9
             */
            spent: string;
            /** Format: date */
            to: string;
        };
        TimesReport: {
            data: {
                /** @description From there to Completed; without drip-feeds */
                completedSeconds: {
                    orders: number;
                    p50: number | null;
                    p95: number | null;
                };
                id: number;
                name: string | null;
                /** @description From the placing, or the scheduled start, to In progress */
                startSeconds: {
                    orders: number;
                    p50: number | null;
                    p95: number | null;
                };
                /** @description The weeks before `from`, the last one first */
                weeksBefore: {
                    /** @description From there to Completed; without drip-feeds */
                    completedSeconds: {
                        orders: number;
                        p50: number | null;
                        p95: number | null;
                    };
                    /** Format: date */
                    from: string;
                    /** @description From the placing, or the scheduled start, to In progress */
                    startSeconds: {
                        orders: number;
                        p50: number | null;
                        p95: number | null;
                    };
                    /** Format: date */
                    to: string;
                }[];
            }[];
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
        };
        Webhook: {
            /**
             * Format: date-time
             * @description How long the code that was mailed to the address is valid
             */
            confirmUntil: string | null;
            /** Format: date-time */
            createdAt: string;
            description: string | null;
            /**
             * @description gone: the receiver answered 410. failing: no event got through for days. unconfirmed: the e-mail address is not confirmed. owner: the account disabled it
             * @enum {string|null}
             */
            disabledReason: "gone" | "owner" | "failing" | "unconfirmed" | null;
            email: string | null;
            enabled: boolean;
            /** @description The event types that are sent; null: all */
            events: ("order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected")[] | null;
            id: number;
            /**
             * Format: date-time
             * @description How long the previous secret signs too
             */
            oldSecretUntil: string | null;
            /** @description null: the webhook sends e-mail */
            url: string | null;
        };
        WebhookDelivery: {
            /** @description All attempts, those before a replay included */
            attempts: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            deliveredAt: string | null;
            /**
             * @description The webhook-id that receivers see
             * @example evt_42
             */
            event: string;
            /** Format: date-time */
            lastAttemptAt: string | null;
            /** @description Why the last attempt had no status: address_refused, no_connection, tls, timeout, broken_answer, login or no_mailer */
            lastError: string | null;
            /** @description The HTTP status of the last attempt, or the reply of the mail server */
            lastStatus: number | null;
            /** Format: date-time */
            nextAttemptAt: string | null;
            order: number | null;
            /** @enum {string} */
            state: "pending" | "retrying" | "delivered" | "failed" | "stopped";
            /** @example order.completed */
            type: string;
        };
        WebhookWithSecret: {
            /**
             * Format: date-time
             * @description How long the code that was mailed to the address is valid
             */
            confirmUntil: string | null;
            /** Format: date-time */
            createdAt: string;
            description: string | null;
            /**
             * @description gone: the receiver answered 410. failing: no event got through for days. unconfirmed: the e-mail address is not confirmed. owner: the account disabled it
             * @enum {string|null}
             */
            disabledReason: "gone" | "owner" | "failing" | "unconfirmed" | null;
            email: string | null;
            enabled: boolean;
            /** @description The event types that are sent; null: all */
            events: ("order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected")[] | null;
            id: number;
            /**
             * Format: date-time
             * @description How long the previous secret signs too
             */
            oldSecretUntil: string | null;
            /**
             * @description Shown once; a webhook that sends e-mail has none
             * @example whsec_…
             */
            secret: string;
            /** @description null: the webhook sends e-mail */
            url: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Accepted = components['schemas']['Accepted'];
export type AcceptedRefill = components['schemas']['AcceptedRefill'];
export type Account = components['schemas']['Account'];
export type AccountEvent = components['schemas']['AccountEvent'];
export type AccountFile = components['schemas']['AccountFile'];
export type ActionFilter = components['schemas']['ActionFilter'];
export type Alert = components['schemas']['Alert'];
export type Attempt = components['schemas']['Attempt'];
export type AuditEntry = components['schemas']['AuditEntry'];
export type BatchCounts = components['schemas']['BatchCounts'];
export type BulkAction = components['schemas']['BulkAction'];
export type BulkCancel = components['schemas']['BulkCancel'];
export type BulkComplete = components['schemas']['BulkComplete'];
export type BulkDecision = components['schemas']['BulkDecision'];
export type BulkDecisionPage = components['schemas']['BulkDecisionPage'];
export type BulkDecisionResult = components['schemas']['BulkDecisionResult'];
export type BulkDryRun = components['schemas']['BulkDryRun'];
export type BulkExtend = components['schemas']['BulkExtend'];
export type BulkNotPlaced = components['schemas']['BulkNotPlaced'];
export type BulkOrderLine = components['schemas']['BulkOrderLine'];
export type BulkOrderPage = components['schemas']['BulkOrderPage'];
export type BulkOrders = components['schemas']['BulkOrders'];
export type BulkPartial = components['schemas']['BulkPartial'];
export type BulkRedispatch = components['schemas']['BulkRedispatch'];
export type BulkResolution = components['schemas']['BulkResolution'];
export type CallbackHint = components['schemas']['CallbackHint'];
export type CatalogueChange = components['schemas']['CatalogueChange'];
export type CurrentOrder = components['schemas']['CurrentOrder'];
export type Delivery = components['schemas']['Delivery'];
export type Favourite = components['schemas']['Favourite'];
export type HeldCorrection = components['schemas']['HeldCorrection'];
export type HeldCorrectionsDecided = components['schemas']['HeldCorrectionsDecided'];
export type HeldCorrectionsDecision = components['schemas']['HeldCorrectionsDecision'];
export type HeldCorrectionsDryRun = components['schemas']['HeldCorrectionsDryRun'];
export type Import = components['schemas']['Import'];
export type Imported = components['schemas']['Imported'];
export type Key = components['schemas']['Key'];
export type LateOrder = components['schemas']['LateOrder'];
export type LedgerProof = components['schemas']['LedgerProof'];
export type LineResult = components['schemas']['LineResult'];
export type ListQuote = components['schemas']['ListQuote'];
export type ListResult = components['schemas']['ListResult'];
export type LiveOrder = components['schemas']['LiveOrder'];
export type ManyCanceled = components['schemas']['ManyCanceled'];
export type ManyOrders = components['schemas']['ManyOrders'];
export type ManyRefills = components['schemas']['ManyRefills'];
export type NewCounts = components['schemas']['NewCounts'];
export type NewLateOrder = components['schemas']['NewLateOrder'];
export type NewOrder = components['schemas']['NewOrder'];
export type NewOrderListView = components['schemas']['NewOrderListView'];
export type NewOwnKey = components['schemas']['NewOwnKey'];
export type NewProvider = components['schemas']['NewProvider'];
export type NewService = components['schemas']['NewService'];
export type NewWebhook = components['schemas']['NewWebhook'];
export type Order = components['schemas']['Order'];
export type OrderEvent = components['schemas']['OrderEvent'];
export type OrderListView = components['schemas']['OrderListView'];
export type OrderMoney = components['schemas']['OrderMoney'];
export type OutcomesReport = components['schemas']['OutcomesReport'];
export type Permission = components['schemas']['Permission'];
export type Problem = components['schemas']['Problem'];
export type Provider = components['schemas']['Provider'];
export type ProviderChange = components['schemas']['ProviderChange'];
export type ProviderChecked = components['schemas']['ProviderChecked'];
export type ProviderPause = components['schemas']['ProviderPause'];
export type ProviderService = components['schemas']['ProviderService'];
export type Quote = components['schemas']['Quote'];
export type QuotedOrder = components['schemas']['QuotedOrder'];
export type RecentRequest = components['schemas']['RecentRequest'];
export type RecentRequests = components['schemas']['RecentRequests'];
export type Reconciliation = components['schemas']['Reconciliation'];
export type Refill = components['schemas']['Refill'];
export type Reorder = components['schemas']['Reorder'];
export type ReorderCandidates = components['schemas']['ReorderCandidates'];
export type Resolution = components['schemas']['Resolution'];
export type ResolutionAttach = components['schemas']['ResolutionAttach'];
export type ResolutionCancel = components['schemas']['ResolutionCancel'];
export type ResolutionComplete = components['schemas']['ResolutionComplete'];
export type ResolutionExtend = components['schemas']['ResolutionExtend'];
export type ResolutionNotPlaced = components['schemas']['ResolutionNotPlaced'];
export type ResolutionPartial = components['schemas']['ResolutionPartial'];
export type ResolutionRedispatch = components['schemas']['ResolutionRedispatch'];
export type RevenueReport = components['schemas']['RevenueReport'];
export type Review = components['schemas']['Review'];
export type ReviewFilter = components['schemas']['ReviewFilter'];
export type Service = components['schemas']['Service'];
export type ServiceChange = components['schemas']['ServiceChange'];
export type ServiceFile = components['schemas']['ServiceFile'];
export type ServiceStats = components['schemas']['ServiceStats'];
export type ServiceTimes = components['schemas']['ServiceTimes'];
export type ServiceWithRoutes = components['schemas']['ServiceWithRoutes'];
export type StaffOrder = components['schemas']['StaffOrder'];
export type StaffOrderFile = components['schemas']['StaffOrderFile'];
export type StaffReason = components['schemas']['StaffReason'];
export type StatementLine = components['schemas']['StatementLine'];
export type StatementTotals = components['schemas']['StatementTotals'];
export type TimesReport = components['schemas']['TimesReport'];
export type Webhook = components['schemas']['Webhook'];
export type WebhookDelivery = components['schemas']['WebhookDelivery'];
export type WebhookWithSecret = components['schemas']['WebhookWithSecret'];
export type $defs = Record<string, never>;
export interface operations {
    getAdminAccounts: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
                /** @description The id of an account, or the beginning of its name in any case of letters. Found by name, accounts are sorted by name */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of accounts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Account"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postAdminAccounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description The account */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                    };
                };
            };
        };
    };
    getAdminAccountsById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountFile"];
                };
            };
        };
    };
    postAdminAccountsByIdDebits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @example 12.5 */
                    amount: string;
                    reason: string;
                    reference: string;
                };
            };
        };
        responses: {
            /** @description The debit, and the balance after it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account: number;
                        amount: string;
                        balance: string;
                        reference: string;
                    };
                };
            };
        };
    };
    postAdminAccountsByIdDeposits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @example 12.5 */
                    amount: string;
                    reference: string;
                };
            };
        };
        responses: {
            /** @description The deposit, and the balance after it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account: number;
                        amount: string;
                        balance: string;
                        reference: string;
                    };
                };
            };
        };
    };
    getAdminAccountsByIdKeys: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Key"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postAdminAccountsByIdKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description When the key expires; without it the key never expires
                     */
                    expiresAt?: string;
                    name: string;
                    scopes?: ("orders:read" | "orders:write" | "wallet:read" | "webhooks:manage" | "keys:manage" | "admin")[];
                };
            };
        };
        responses: {
            /** @description The key */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        key: string;
                    };
                };
            };
        };
    };
    getAdminAccountsByIdRequests: {
        parameters: {
            query?: {
                key?: number;
                /** @description Only requests that were refused, or only those that were not */
                refused?: "true" | "false";
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest, at most 100 of the last 7 days */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecentRequests"];
                };
            };
        };
    };
    getAdminAccountsByIdStatement: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                from?: string;
                limit?: number;
                to?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of movements */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["StatementLine"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getAdminAlerts: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
                open?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of alerts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Alert"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postAdminAlertsByIdAcknowledge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alert */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
        };
    };
    postAdminAlertsByIdResolve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description The alert */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
        };
    };
    postAdminAlertsByIdSnooze: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    minutes: number;
                };
            };
        };
        responses: {
            /** @description The alert */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
        };
    };
    getAdminAudit: {
        parameters: {
            query?: {
                action?: string;
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                from?: string;
                key?: number;
                limit?: number;
                /** @description This subject and everything below it */
                subject?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AuditEntry"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    deleteAdminKeysById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, revoked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
        };
    };
    getAdminLateOrders: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of late orders */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["LateOrder"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getAdminLedger: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result of the proof */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerProof"];
                };
            };
        };
    };
    getAdminOrders: {
        parameters: {
            query?: {
                account?: number;
                /** @description As in GET /v1/orders */
                archived?: "true" | "false";
                attention?: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                /** @description Orders placed at this moment or later */
                from?: string;
                limit?: number;
                /** @description The link of the order, as it was given */
                link?: string;
                /** @description A provider that has, or had, a batch of the order */
                provider?: number;
                /** @description The id of an order at its provider, whole */
                providerOrder?: string;
                service?: number;
                /** @description age: only orders In progress, the one that has been In progress for the longest time first */
                sort?: "newest" | "age";
                status?: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
                /** @description Orders placed before this moment */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of orders */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["StaffOrder"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getAdminOrdersById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffOrderFile"];
                };
            };
        };
    };
    getAdminOrdersByIdAttempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The attempts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Attempt"][];
                    };
                };
            };
        };
    };
    postAdminOrdersByIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StaffReason"];
            };
        };
        responses: {
            /** @description The request was accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    postAdminOrdersByIdCounts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCounts"];
            };
        };
        responses: {
            /** @description The batch with its new counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchCounts"];
                };
            };
        };
    };
    postAdminOrdersByIdLateOrders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLateOrder"];
            };
        };
        responses: {
            /** @description The late order, which Holdfast now follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LateOrder"];
                };
            };
        };
    };
    postAdminOrdersByIdPause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StaffReason"];
            };
        };
        responses: {
            /** @description The request was accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    postAdminOrdersByIdRedispatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StaffReason"];
            };
        };
        responses: {
            /** @description The request was accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    postAdminOrdersByIdRefills: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StaffReason"];
            };
        };
        responses: {
            /** @description The refill that was requested */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedRefill"];
                };
            };
        };
    };
    postAdminOrdersByIdResolve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Resolution"];
            };
        };
        responses: {
            /** @description The decision was accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    postAdminOrdersByIdResume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StaffReason"];
            };
        };
        responses: {
            /** @description The request was accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    getAdminOrdersByIdWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer of the workflow */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveOrder"];
                };
            };
        };
    };
    postAdminOrdersActions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkAction"];
            };
        };
        responses: {
            /** @description A dry run: what the action would touch */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkDryRun"];
                };
            };
            /** @description The action was accepted, and a workflow carries it out */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkDecision"];
                };
            };
        };
    };
    getAdminProviders: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of providers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Provider"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postAdminProviders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProvider"];
            };
        };
        responses: {
            /** @description The id of the new provider */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                    };
                };
            };
        };
    };
    getAdminProvidersById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
        };
    };
    patchAdminProvidersById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderChange"];
            };
        };
        responses: {
            /** @description The id of the changed provider */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                    };
                };
            };
        };
    };
    getAdminProvidersByIdCalls: {
        parameters: {
            query?: {
                /** @description By default an hour before `to` */
                from?: string;
                step?: "minute" | "hour";
                /** @description By default now */
                to?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @example status */
                            action: string;
                            answered: number;
                            /**
                             * Format: date-time
                             * @description The beginning of the minute or hour
                             */
                            at: string;
                            calls: number;
                            /** @description Answers with an HTTP status of 400 or more; they are answered too */
                            errors: number;
                            /** @description Of all these calls, to about a tenth */
                            latencyMs: {
                                p50: number | null;
                                p95: number | null;
                            };
                            /** @description Calls that left, or may have left, without a whole answer */
                            noAnswer: number;
                            /** @description Calls that provably never left Holdfast */
                            notSent: number;
                        }[];
                        /** Format: date-time */
                        from: string;
                        provider: number;
                        /** Format: date-time */
                        to: string;
                    };
                };
            };
        };
    };
    getAdminProvidersByIdCatalogue: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                gone?: "true" | "false";
                imported?: "true" | "false";
                limit?: number;
                search?: string;
                type?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the provider's services */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ProviderService"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getAdminProvidersByIdCatalogueChanges: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
                service?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of changes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CatalogueChange"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postAdminProvidersByIdCatalogueImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Import"];
            };
        };
        responses: {
            /** @description The result of each service */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Imported"];
                };
            };
        };
    };
    postAdminProvidersByIdCatalogueRefresh: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result of the check */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderChecked"];
                };
            };
        };
    };
    getAdminProvidersByIdHeldCorrections: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
                state?: "held" | "released" | "applied" | "dropped" | "withdrawn";
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of held corrections */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["HeldCorrection"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postAdminProvidersByIdHeldCorrectionsDrop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HeldCorrectionsDecision"];
            };
        };
        responses: {
            /** @description A dry run: what the decision would be about */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldCorrectionsDryRun"];
                };
            };
            /** @description The corrections were decided */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldCorrectionsDecided"];
                };
            };
        };
    };
    postAdminProvidersByIdHeldCorrectionsRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HeldCorrectionsDecision"];
            };
        };
        responses: {
            /** @description A dry run: what the decision would be about */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldCorrectionsDryRun"];
                };
            };
            /** @description The corrections were decided */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldCorrectionsDecided"];
                };
            };
        };
    };
    postAdminProvidersByIdPause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    minutes: number;
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description The pause */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderPause"];
                };
            };
        };
    };
    postAdminProvidersByIdResume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider, not paused */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderPause"];
                };
            };
        };
    };
    getAdminReconcile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report of the last run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconciliation"];
                };
            };
        };
    };
    getAdminReportsOutcomes: {
        parameters: {
            query?: {
                by?: "service" | "provider";
                /** @description The first day, in UTC; by default 30 days before `to` */
                from?: string;
                /** @description The day after the last one, in UTC; by default tomorrow */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomesReport"];
                };
            };
        };
    };
    getAdminReportsRevenue: {
        parameters: {
            query?: {
                by?: "day" | "service" | "provider" | "account";
                /** @description The first day, in UTC; by default 30 days before `to` */
                from?: string;
                /** @description The day after the last one, in UTC; by default tomorrow */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevenueReport"];
                };
            };
        };
    };
    getAdminReportsTimes: {
        parameters: {
            query?: {
                /** @description The first day, in UTC; by default 7 days before `to` */
                from?: string;
                /** @description The day after the last one, in UTC; by default tomorrow */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimesReport"];
                };
            };
        };
    };
    getAdminReviews: {
        parameters: {
            query?: {
                attention?: "stalled" | "paused" | "review" | "conflict" | "uncertain";
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                /** @description Orders placed at this moment or later */
                from?: string;
                limit?: number;
                /** @description The provider that has the order, or may have it */
                provider?: number;
                service?: number;
                /** @description Orders placed before this moment */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of orders */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Review"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getAdminReviewsResolutionsById: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The decision, with a page of its orders */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkDecisionPage"];
                };
            };
        };
    };
    postAdminReviewsResolve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkResolution"];
            };
        };
        responses: {
            /** @description A dry run: what the decision would do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkDryRun"];
                };
            };
            /** @description The decision was accepted, and a workflow carries it out */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkDecision"];
                };
            };
        };
    };
    getAdminServices: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
                /** @description A part of the name or the category, in any case of letters */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of services */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ServiceWithRoutes"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postAdminServices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewService"];
            };
        };
        responses: {
            /** @description The id of the new service */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                    };
                };
            };
        };
    };
    getAdminServicesById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceFile"];
                };
            };
        };
    };
    patchAdminServicesById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceChange"];
            };
        };
        responses: {
            /** @description The id of the changed service */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                    };
                };
            };
        };
    };
    getBalance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The balance */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        balance: string;
                        currency: string;
                    };
                };
            };
        };
    };
    getEvents: {
        parameters: {
            query?: {
                /** @description Only events after the one with this id; 0: from the first one on */
                after?: string;
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
                /** @description -: newest first */
                sort?: "-at" | "at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AccountEvent"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getKeys: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Key"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOwnKey"];
            };
        };
        responses: {
            /** @description The key */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        expiresAt: string | null;
                        id: number;
                        key: string;
                        scopes: string[];
                    };
                };
            };
        };
    };
    deleteKeysById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, revoked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
        };
    };
    getOrders: {
        parameters: {
            query?: {
                /** @description true: only orders that have ended and that neither a refill nor a correction can follow; false: only the other orders */
                archived?: "true" | "false";
                attention?: ("none" | "stalled" | "paused" | "review" | "conflict" | "uncertain") | ("none" | "stalled" | "paused" | "review" | "conflict" | "uncertain")[];
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                /** @description true: only orders with several runs; false: only the others */
                dripFeed?: "true" | "false";
                from?: string;
                /** @description Up to 300 ids, with commas, spaces or line ends between them */
                ids?: string;
                limit?: number;
                /** @description Exactly this link */
                link?: string;
                reference?: string;
                service?: number;
                /** @description -: newest first */
                sort?: "-createdAt" | "createdAt";
                status?: ("Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled") | ("Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled")[];
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of orders */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CurrentOrder"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postOrders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOrder"];
            };
        };
        responses: {
            /** @description The order as it was accepted */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    getOrdersById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentOrder"];
                };
            };
        };
    };
    postOrdersByIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description The request was accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    getOrdersByIdDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The points, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
        };
    };
    getOrdersByIdMoney: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lines, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderMoney"];
                };
            };
        };
    };
    postOrdersByIdPause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description The request was accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    getOrdersByIdRefills: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of refills */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Refill"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postOrdersByIdRefills: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description The refill that was requested */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refill"];
                };
            };
        };
    };
    getOrdersByIdReorder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The candidates */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReorderCandidates"];
                };
            };
        };
    };
    postOrdersByIdReorder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reorder"];
            };
        };
        responses: {
            /** @description The new order as it was accepted */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    postOrdersByIdResume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description The request was accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    getOrdersByIdTimeline: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
                /** @description -: newest first */
                sort?: "at" | "-at";
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["OrderEvent"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postOrdersBatch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    lines: (components["schemas"]["NewOrder"] | string)[];
                };
                "text/plain": string;
            };
        };
        responses: {
            /** @description The result of each line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResult"];
                };
            };
            /** @description The stored list, whose progress Location shows */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkOrders"];
                };
            };
        };
    };
    getOrdersBatchById: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
                status?: "waiting" | "placed" | "refused" | "canceled";
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list, with a page of its lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkOrderPage"];
                };
            };
        };
    };
    postOrdersBatchByIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list as it is now */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkOrders"] & {
                        canceledNow: number;
                    };
                };
            };
        };
    };
    postOrdersCancel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ManyOrders"];
            };
        };
        responses: {
            /** @description A row for each id, in the order asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ManyCanceled"];
                };
            };
        };
    };
    postOrdersRefills: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ManyOrders"];
            };
        };
        responses: {
            /** @description A row for each id, in the order asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ManyRefills"];
                };
            };
        };
    };
    postQuotes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuotedOrder"];
            };
        };
        responses: {
            /** @description The quote */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quote"];
                };
            };
        };
    };
    postQuotesBatch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    lines: (components["schemas"]["NewOrder"] | string)[];
                };
                "text/plain": string;
            };
        };
        responses: {
            /** @description The quote of each line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListQuote"];
                };
            };
        };
    };
    getRefills: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
                status?: "Pending" | "In progress" | "Completed" | "Rejected";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of refills */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Refill"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getRequests: {
        parameters: {
            query?: {
                key?: number;
                /** @description Only requests that were refused, or only those that were not */
                refused?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest, at most 100 of the last 7 days */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecentRequests"];
                };
            };
        };
    };
    getServices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The services */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Service"][];
                    };
                };
            };
        };
    };
    postServicesByIdFavourite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service is a favourite */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Favourite"];
                };
            };
        };
    };
    deleteServicesByIdFavourite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service is no favourite */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Favourite"];
                };
            };
        };
    };
    getServicesByIdStats: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Over the last 30 days */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceStats"];
                };
            };
        };
    };
    getServicesFavourites: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, at most 200 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: number[];
                    };
                };
            };
        };
    };
    getServicesStats: {
        parameters: {
            query: {
                /** @description Up to 300 ids, with commas, spaces or line ends between them */
                ids: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Over the last 30 days, by id */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ServiceStats"][];
                        /** @description Services that are not on sale, or whose figures have not been computed yet: those of one service are computed when you ask for them alone */
                        missing: number[];
                    };
                };
            };
        };
    };
    getServicesTimes: {
        parameters: {
            query: {
                /** @description Up to 300 ids, with commas, spaces or line ends between them */
                ids: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The days, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceTimes"];
                };
            };
        };
    };
    getStatement: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                from?: string;
                limit?: number;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of movements */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["StatementLine"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getStatementTotals: {
        parameters: {
            query?: {
                /** @description The first day, in UTC; by default 7 days before `to` */
                from?: string;
                /** @description The day after the last one, in UTC; by default tomorrow */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sums */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementTotals"];
                };
            };
        };
    };
    getViews: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, at most 20 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["OrderListView"][];
                    };
                };
            };
        };
    };
    postViews: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOrderListView"];
            };
        };
        responses: {
            /** @description The view */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderListView"];
                };
            };
        };
    };
    deleteViewsById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The view, deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderListView"];
                };
            };
        };
    };
    getWebhooks: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of webhooks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Webhook"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default null */
                    description?: string | null;
                    /**
                     * Format: email
                     * @description Must be confirmed with a code that is mailed to it
                     * @example orders@example.com
                     */
                    email?: string;
                    /**
                     * @description The event types that are sent; null: all
                     * @default null
                     */
                    events?: ("order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected")[] | null;
                    /**
                     * @description https, at a public address
                     * @example https://example.com/hook
                     */
                    url?: string;
                } & (unknown | unknown);
            };
        };
        responses: {
            /** @description The webhook, and its signing secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
        };
    };
    getWebhooksById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    deleteWebhooksById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook is deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patchWebhooksById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string | null;
                    enabled?: boolean;
                    /** @description The event types that are sent; null: all */
                    events?: ("order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected")[] | null;
                    /**
                     * @description https, at a public address
                     * @example https://example.com/hook
                     */
                    url?: string;
                };
            };
        };
        responses: {
            /** @description The webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    postWebhooksByIdConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The code that was mailed to the address
                     * @example 7Q2M-X0VD-9KTB-3HSN
                     */
                    code: string;
                };
            };
        };
        responses: {
            /** @description The webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    getWebhooksByIdDeliveries: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last */
                cursor?: string;
                limit?: number;
                state?: "pending" | "retrying" | "delivered" | "failed" | "stopped";
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WebhookDelivery"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    postWebhooksByIdReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The webhook-id that receivers see
                     * @example evt_42
                     */
                    event: string;
                } | {
                    /** Format: date-time */
                    from: string;
                    /** Format: date-time */
                    to: string;
                };
            };
        };
        responses: {
            /** @description How many events are sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        events: number;
                    };
                };
            };
        };
    };
    postWebhooksByIdRotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook, and its new secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
        };
    };
    postWebhooksByIdTest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event that is sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description The webhook-id that receivers see
                         * @example evt_42
                         */
                        event: string;
                    };
                };
            };
        };
    };
}

/** POST operations that take an Idempotency-Key. */
export const KEYED_PATHS: ReadonlySet<string> = new Set<keyof paths>([
    "/v1/admin/accounts",
    "/v1/admin/accounts/{id}/debits",
    "/v1/admin/accounts/{id}/deposits",
    "/v1/admin/accounts/{id}/keys",
    "/v1/admin/orders/actions",
    "/v1/admin/orders/{id}/cancel",
    "/v1/admin/orders/{id}/counts",
    "/v1/admin/orders/{id}/late-orders",
    "/v1/admin/orders/{id}/pause",
    "/v1/admin/orders/{id}/redispatch",
    "/v1/admin/orders/{id}/refills",
    "/v1/admin/orders/{id}/resolve",
    "/v1/admin/orders/{id}/resume",
    "/v1/admin/providers",
    "/v1/admin/providers/{id}/catalogue/import",
    "/v1/admin/providers/{id}/catalogue/refresh",
    "/v1/admin/providers/{id}/held-corrections/drop",
    "/v1/admin/providers/{id}/held-corrections/release",
    "/v1/admin/providers/{id}/pause",
    "/v1/admin/providers/{id}/resume",
    "/v1/admin/reviews/resolve",
    "/v1/admin/services",
    "/v1/keys",
    "/v1/orders",
    "/v1/orders/batch",
    "/v1/orders/cancel",
    "/v1/orders/refills",
    "/v1/orders/{id}/cancel",
    "/v1/orders/{id}/pause",
    "/v1/orders/{id}/refills",
    "/v1/orders/{id}/reorder",
    "/v1/orders/{id}/resume",
    "/v1/views",
    "/v1/webhooks",
    "/v1/webhooks/{id}/replay",
    "/v1/webhooks/{id}/rotate",
    "/v1/webhooks/{id}/test",
]);
