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
    "/v1/admin/accounts/{id}/deposits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put money into a wallet; a reference counts once */
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
        /** An account's keys, newest first, never the secret */
        get: operations["getAdminAccountsByIdKeys"];
        put?: never;
        /** Make a key; it is shown this once */
        post: operations["postAdminAccountsByIdKeys"];
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
        /** What the operator must look at, newest first */
        get: operations["getAdminAlerts"];
        put?: never;
        post?: never;
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
         * Revoke a key, at once and for ever
         * @description To change a key without a gap, make a second one first: an account may have any number that work.
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
        /** Orders of providers that turned up late, and what was lost with them, newest first */
        get: operations["getAdminLateOrders"];
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
        /** Every try to place an order with a provider, the newest first */
        get: operations["getAdminOrdersByIdAttempts"];
        put?: never;
        post?: never;
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
         * Tell of an order at the provider that turned up after it was decided that it was not placed
         * @description The provider is asked to stop it, and what it costs is booked as a loss. The customer is not charged, and their order stays as it is. While an attempt is still `unknown`, resolve it with `attach` instead.
         */
        post: operations["postAdminOrdersByIdLateOrders"];
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
         * Decide what waits for a person
         * @description What is possible depends on the attention of the order; anything else is refused, and noted. Where a refill waits, it is decided about: `extend` waits on, `complete` and `cancel` close it as Completed and as Rejected, `partial` gives back what is above `delivered`.
         */
        post: operations["postAdminOrdersByIdResolve"];
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
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change how often a provider is asked, below which balance somebody is told, or how it deviates from the others
         * @description lowBalance null: nobody is told. The alert follows at the next look at the provider. Any other field replaces what was said before; null: as usual. It counts from the next send and the next round of status calls on.
         */
        patch: operations["patchAdminProvidersById"];
        trace?: never;
    };
    "/v1/admin/providers/{id}/catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a provider sells, as it was last read */
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
        /** What a provider has changed about services that we have a route on, newest first */
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
         * Sell a provider's services, each with a route to it
         * @description From the catalogue as it was last read. What was imported before is told, and not made again; one that cannot be sold stops no other.
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
         * @description It is done every 15 minutes anyway. After 10 seconds it goes on unseen: 503, ask again to see its end.
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
        /** What a provider takes back after settlements, held because it takes back too much at once; newest first */
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
         * Give nothing back of what is held of a provider: it was mistaken
         * @description The orders stay as they are, also when the provider goes on saying the same. Another word about them counts again.
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
         * Give back what is held of a provider: it means it
         * @description The customers have their money within a poll of the provider. What it says from now on is counted anew.
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
         * Send a provider nothing for some minutes
         * @description Orders go to their next route, or wait. What the provider has taken goes on.
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
         * Send a provider orders again
         * @description Ends a pause, of whatever reason, and resolves its alert. Orders that wait come back within minutes.
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
         * How the last comparison of PostgreSQL with Temporal went
         * @description It is made every minute. What it cannot put right is an alert.
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
        /** How far a decision about many orders has come, and what came of each */
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
         * Decide what waits for a person, for many orders at once
         * @description About the orders in ids, or all that fit the filter at this moment, 10000 at most. Each is decided about once and has its own result; one that no longer waits is refused. Of an order with several uncertain batches each is decided about.
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
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a service: whatever can be said of a new one, its routes among it, or whether it is sold
         * @description All of it or nothing. What is absent stays; `routes` are replaced as a whole, in order of preference. Orders that were placed before keep their price and terms, and what a provider has taken stays with it; what is sent from then on takes the routes as they are. Routes are judged at once by what their providers said last; a service that follows a provider is priced by it again at the next look.
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
        /** What the wallet holds */
        get: operations["getBalance"];
        put?: never;
        post?: never;
        delete?: never;
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
        /** Orders, newest first */
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
         * @description Before anything was sent it ends at once, refunded in full. Afterwards the provider is asked to stop, and money returns when it says what it delivered.
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
        /** The delivery curve: what was planned, and when how much had been delivered */
        get: operations["getOrdersByIdDelivery"];
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
         * @description Nothing further is sent and no clock runs until it is resumed. A reason that is one of the words of `reason` is shown with the order.
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
         * @description Within refillDays of the Completed timestamp, one at a time, with a rest between them. A refusal says why. Asking twice does no harm: the second is refused while the first is under way.
         */
        post: operations["postOrdersByIdRefills"];
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
         * Let a paused order go on
         * @description Runs that were due meanwhile do not come in a burst: the rest of the schedule shifts.
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
        /** What happened to an order, and who did it, oldest first */
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
         * @description As JSON or as text: service|link|quantity, or service|link|quantity|runs|interval. Each line is an order of its own, and a line that is wrong stops no other. Up to 100 lines are placed at once, and the answer says in their order what became of each; up to 10000 are placed by and by, see Location. The same list with the same Idempotency-Key places nothing twice.
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
        /** How far a large list has come, and what became of its lines */
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
         * Place no further line of a list
         * @description What was placed stays, and is canceled order by order. Asking twice does no harm.
         */
        post: operations["postOrdersBatchByIdCancel"];
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
        /** All that can be ordered */
        get: operations["getServices"];
        put?: never;
        post?: never;
        delete?: never;
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
    "/v1/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The wallet's movements, newest first */
        get: operations["getStatement"];
        put?: never;
        post?: never;
        delete?: never;
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
         * Be told of what happens to orders
         * @description An e-mail address is told of nothing until it is confirmed, with the code that is sent to it.
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
         * @description What is still to be delivered to a webhook that is disabled is stopped; a replay sends it again.
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
         * @description With the code that was sent to it, within 72 hours. Confirming twice does no harm.
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
         * @description With the same webhook-id, so that receivers recognise what they have; at most 1000 at once. A period can be sent again once in 60 seconds, and so can one event.
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
         * Change the secret
         * @description The secret before signs too for 24 hours; one before that no longer.
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
         * @description At most 20 a minute.
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
            /** @description What follows, as a sentence */
            message: string;
        };
        Account: {
            balance: string;
            /** Format: date-time */
            createdAt: string;
            id: number;
            name: string;
        };
        Alert: {
            /** Format: date-time */
            at: string;
            /** @example funds */
            detail: string;
            id: number;
            /** @enum {string} */
            kind: "provider_paused" | "ledger_drift" | "order_lost" | "workflow_orphaned" | "workflow_stuck" | "order_unplaceable" | "order_parked" | "batch_unwatched" | "provider_silent" | "events_behind" | "provider_balance" | "provider_currency" | "provider_word" | "route_gone" | "route_unprofitable" | "route_limits" | "webhook_failing" | "watch_failing" | "report_refused" | "provider_takes_back" | "delivered_after_refund";
            /** Format: date-time */
            resolvedAt: string | null;
            /** @example provider:3 */
            subject: string;
        };
        Attempt: {
            attempt: number;
            batch: number;
            /** @description Orders of the provider that it may be, of which nobody knows whose they are */
            candidates: {
                /** Format: date-time */
                at: string | null;
                providerOrder: string;
                quantity: number | null;
                status: string | null;
            }[];
            /** Format: date-time */
            decidedAt: string | null;
            /** @description The provider's words, when it refused */
            error: string | null;
            /** @description The provider lists its orders, and they are looked through */
            isLookedFor: boolean;
            /** Format: date-time */
            lookedAt: string | null;
            looks: number;
            /**
             * Format: date-time
             * @description Since when no whole list of the provider has shown it
             */
            noneSince: string | null;
            provider: number;
            providerName: string;
            providerOrder: string | null;
            providerService: string;
            quantity: number;
            /** @description What the connection or the answer proved, or did not */
            said: string | null;
            sends: number;
            /** Format: date-time */
            sentAt: string | null;
            /**
             * @description `unknown`: it may have been placed; `released`: it was decided that it was not, or given up
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
            /** @description What was asked for, without keys and secrets */
            detail?: unknown;
            id: number;
            /** @description The key it was done with; null for what was done in the Temporal UI */
            key: number | null;
            /** @description The id of what was made or changed */
            object: number | null;
            requestId: string;
            /** @example accounts/1001/keys */
            subject: string;
        };
        BulkCancel: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "cancel";
            /**
             * @description Only says what it would touch
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            /** @description These orders */
            ids?: number[];
            /** @description Needed unless it is a dry run */
            reason?: string;
        };
        BulkComplete: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "complete";
            /**
             * @description Only says what it would touch
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            /** @description These orders */
            ids?: number[];
            /** @description Needed unless it is a dry run */
            reason?: string;
        };
        BulkDecision: {
            /** @enum {string} */
            action: "extend" | "complete" | "partial" | "cancel" | "redispatch" | "attach" | "notPlaced";
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
            /** @description Their workflow did not answer: look whether they were decided about */
            unanswered: number;
            waiting: number;
        };
        BulkDecisionPage: {
            /** @enum {string} */
            action: "extend" | "complete" | "partial" | "cancel" | "redispatch" | "attach" | "notPlaced";
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
            /** @description Their workflow did not answer: look whether they were decided about */
            unanswered: number;
            waiting: number;
        };
        BulkDecisionResult: {
            /** Format: date-time */
            at: string | null;
            /** @description What follows, or why it was refused */
            message: string | null;
            order: number;
            /** @enum {string} */
            status: "waiting" | "decided" | "refused" | "unanswered" | "canceled";
        };
        BulkDryRun: {
            currency: string;
            /** @enum {boolean} */
            dryRun: true;
            /** @description Money held for them */
            held: string;
            /** @description Orders that the action is possible for */
            orders: number;
            /** @description Orders that it is not possible for, or that do not wait for a person */
            refused: number;
        };
        BulkExtend: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "extend";
            /**
             * @description Only says what it would touch
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            hours: number;
            /** @description These orders */
            ids?: number[];
            /** @description Needed unless it is a dry run */
            reason?: string;
        };
        BulkNotPlaced: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "notPlaced";
            /**
             * @description Only says what it would touch
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            /** @description These orders */
            ids?: number[];
            /** @description Needed unless it is a dry run */
            reason?: string;
        };
        BulkOrderLine: {
            error: {
                /** @enum {string} */
                code: "unauthorized" | "invalid_signature" | "forbidden" | "not_found" | "order_not_found" | "method_not_allowed" | "body_too_large" | "unsupported_media_type" | "too_many_fields" | "unknown_charset" | "invalid_encoding" | "malformed_body" | "invalid_request" | "incorrect_action" | "too_many_ids" | "idempotency_key_missing" | "idempotency_key_invalid" | "idempotency_key_reused" | "claim_withdrawn" | "conflict" | "deleted_since" | "order_ended" | "not_possible" | "refill_unavailable" | "refill_not_found" | "webhook_not_found" | "webhook_disabled" | "too_many_webhooks" | "webhook_unconfirmed" | "confirmation_failed" | "too_many_confirmations" | "email_unavailable" | "webhook_has_no_secret" | "event_not_found" | "too_many_orders" | "replayed_lately" | "too_many_tests" | "too_many_lines" | "too_many_events" | "unknown_service" | "no_route" | "unknown_provider" | "unknown_account" | "unsupported_type" | "invalid_link" | "duplicate_link" | "invalid_quantity" | "quantity_below_min" | "quantity_above_max" | "quantity_not_multiple" | "unexpected_field" | "drip_feed_unavailable" | "invalid_runs" | "invalid_interval" | "invalid_keywords" | "invalid_comments" | "invalid_usernames" | "invalid_hashtags" | "invalid_groups" | "invalid_hashtag" | "invalid_username" | "invalid_media" | "invalid_answer_number" | "invalid_country" | "invalid_device" | "invalid_type_of_traffic" | "invalid_google_keyword" | "invalid_referring_url" | "invalid_min" | "invalid_max" | "invalid_posts" | "invalid_old_posts" | "invalid_delay" | "invalid_expiry" | "price_too_large" | "cannot_be_placed" | "charge_above_max" | "insufficient_funds" | "rate_limited" | "too_many_reads" | "outcome_unknown" | "unavailable" | "internal";
                detail: string;
                title: string;
            } | null;
            line: number;
            order: number | null;
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
             * @description Only says what it would touch
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            /** @description These orders */
            ids?: number[];
            /** @description Needed unless it is a dry run */
            reason?: string;
        };
        BulkRedispatch: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "redispatch";
            /**
             * @description Only says what it would touch
             * @default false
             */
            dryRun?: boolean;
            filter?: components["schemas"]["ReviewFilter"];
            /** @description These orders */
            ids?: number[];
            /** @description Needed unless it is a dry run */
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
        Delivery: {
            /** Format: date-time */
            nextRunAt: string | null;
            order: number;
            /** @description The schedule as it was placed, in at most 200 of its runs */
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
                /** @description Of the batch */
                delivered: number;
                /** @description Of all batches */
                total: number;
            }[];
            totalQuantity: number;
        };
        HeldCorrection: {
            /** @description What it would give back, as the order stood when this was said */
            amount: string;
            batch: number;
            /** Format: date-time */
            decidedAt: string | null;
            decidedBy: string | null;
            /** @description What counts as delivered of the batch once it is released */
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
             * @description A newer word of the provider takes the place of an older one
             */
            saidAt: string;
            /**
             * @description released: staff have decided, and it is made within a poll of the provider; withdrawn: the provider says something else now
             * @enum {string}
             */
            state: "held" | "released" | "applied" | "dropped" | "withdrawn";
            /** @description What the provider says, in our word */
            status: string;
        };
        HeldCorrectionsDecided: {
            /** @description What they give back, or would have */
            amount: string;
            /** @description How many were decided */
            corrections: number;
            provider: number;
        };
        HeldCorrectionsDecision: {
            /** @description Only of these orders; without it all that is held */
            orders?: number[];
            reason: string;
        };
        Import: {
            /** @description Instead of the provider's categories */
            category?: string;
            /** @description Selling rate = the provider's rate × (100 + percent) / 100 + plus, rounded up */
            markup: {
                /**
                 * @description Price them again by this rule whenever the provider's rate changes
                 * @default false
                 */
                follow?: boolean;
                /** @example 25 */
                percent: string;
                /**
                 * @description Put on after the percentage
                 * @example 0.01
                 */
                plus?: string;
            };
            /**
             * @description Of services that the provider refills
             * @default 0
             */
            refillDays?: number;
            /** @description The provider's ids, or all that it sells; 5000 new ones at most */
            services: "all" | string[];
        };
        Imported: {
            created: number;
            existing: number;
            refused: number;
            results: {
                /** @description Our service */
                id: number | null;
                /** @description What it is sold at, when it was created now */
                rate: string | null;
                /** @enum {string|null} */
                reason: "not_in_catalogue" | "unknown_type" | "unreadable_rate" | "rate_too_fine" | "unusable_limits" | "no_price" | "price_too_high" | null;
                /** @description The id at the provider */
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
             * @description To the minute
             */
            lastUsedAt: string | null;
            name: string;
            /** @description The beginning of the key, after hf_: all of it that is kept readable */
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
            /** @description What it cost the house; null until it has ended there */
            loss: string | null;
            order: number;
            provider: number;
            providerOrder: string;
            providerStatus: string | null;
        };
        LineResult: {
            error: {
                /** @enum {string} */
                code: "unauthorized" | "invalid_signature" | "forbidden" | "not_found" | "order_not_found" | "method_not_allowed" | "body_too_large" | "unsupported_media_type" | "too_many_fields" | "unknown_charset" | "invalid_encoding" | "malformed_body" | "invalid_request" | "incorrect_action" | "too_many_ids" | "idempotency_key_missing" | "idempotency_key_invalid" | "idempotency_key_reused" | "claim_withdrawn" | "conflict" | "deleted_since" | "order_ended" | "not_possible" | "refill_unavailable" | "refill_not_found" | "webhook_not_found" | "webhook_disabled" | "too_many_webhooks" | "webhook_unconfirmed" | "confirmation_failed" | "too_many_confirmations" | "email_unavailable" | "webhook_has_no_secret" | "event_not_found" | "too_many_orders" | "replayed_lately" | "too_many_tests" | "too_many_lines" | "too_many_events" | "unknown_service" | "no_route" | "unknown_provider" | "unknown_account" | "unsupported_type" | "invalid_link" | "duplicate_link" | "invalid_quantity" | "quantity_below_min" | "quantity_above_max" | "quantity_not_multiple" | "unexpected_field" | "drip_feed_unavailable" | "invalid_runs" | "invalid_interval" | "invalid_keywords" | "invalid_comments" | "invalid_usernames" | "invalid_hashtags" | "invalid_groups" | "invalid_hashtag" | "invalid_username" | "invalid_media" | "invalid_answer_number" | "invalid_country" | "invalid_device" | "invalid_type_of_traffic" | "invalid_google_keyword" | "invalid_referring_url" | "invalid_min" | "invalid_max" | "invalid_posts" | "invalid_old_posts" | "invalid_delay" | "invalid_expiry" | "price_too_large" | "cannot_be_placed" | "charge_above_max" | "insufficient_funds" | "rate_limited" | "too_many_reads" | "outcome_unknown" | "unavailable" | "internal";
                detail: string;
                errors?: {
                    message: string;
                    path: string;
                }[];
                title: string;
            } | null;
            /** @description Counts from 1, empty lines of a text with it */
            line: number;
            order: number | null;
            /**
             * @description unknown: send the list again with its key, which places nothing twice
             * @enum {string}
             */
            status: "placed" | "refused" | "unknown";
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
            /** @description Why it stands still: a step that can never be written down as it is, and when it is tried again */
            parked: string | null;
            price: string;
            /** @description It waits for an earlier order for its link */
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
        NewLateOrder: {
            /** @description Needed when several attempts may be meant */
            attempt?: number;
            /** @default 1 */
            batch?: number;
            /** @description The order's id at the provider */
            providerOrder: string;
            reason?: string;
        };
        NewOrder: {
            /** @description Of a type that has it: a whole number from 1 to 1000 */
            answer_number?: number | string;
            /** @description Of a type that has it: one a line, at most 10000 of 2500 characters each */
            comments?: string | string[];
            /** @description Of a type that has it: one line of at most 2500 characters */
            country?: string;
            /** @description Of a type that has it: one of 0, 5, 10, 15, 20, 30, 40, 50, 60, 90, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600 */
            delay?: number | string;
            /** @description Of a type that has it: a whole number from 1 to 5 */
            device?: number | string;
            dripFeed?: {
                intervalMinutes: number;
                runs: number;
            };
            /** @description Of a type that has it: a date as d/m/Y */
            expiry?: string;
            /** @description Of a type that has it: one line of at most 2500 characters */
            google_keyword?: string;
            /** @description Of a type that has it: one a line, at most 10000 of 2500 characters each */
            groups?: string | string[];
            /** @description Of a type that has it: one line of at most 2500 characters */
            hashtag?: string;
            /** @description Of a type that has it: one a line, at most 10000 of 2500 characters each */
            hashtags?: string | string[];
            /** @description Of a type that has it: one a line, at most 10000 of 2500 characters each */
            keywords?: string | string[];
            /** @description Not for subscriptions, which follow a `username` */
            link?: string;
            /** @description Of a type that has it: a whole number from 1 to 1000000000 */
            max?: number | string;
            /**
             * @description Refuse when the price is above this
             * @example 12.5
             */
            maxCharge?: string;
            /** @description Of a type that has it: one line of at most 2500 characters */
            media?: string;
            /** @description Of a type that has it: a whole number from 1 to 1000000000 */
            min?: number | string;
            /** @description Of a type that has it: a whole number from 1 to 100000 */
            old_posts?: number | string;
            /** @description Of a type that has it: a whole number from 1 to 100000 */
            posts?: number | string;
            /** @description Per run; not where the type has its own: packages, lists that count, subscriptions */
            quantity?: number;
            /** @description Your own name for the order */
            reference?: string;
            /** @description Of a type that has it: one line of at most 2500 characters */
            referring_url?: string;
            /**
             * Format: date-time
             * @description When to start; what has passed means now
             */
            scheduledAt?: string;
            service: number;
            /** @description Of a type that has it: a whole number from 1 to 3 */
            type_of_traffic?: number | string;
            /** @description Of a type that has it: one line of at most 2500 characters */
            username?: string;
            /** @description Of a type that has it: one a line, at most 10000 of 2500 characters each */
            usernames?: string | string[];
        };
        NewProvider: {
            /** @description It may be reached without TLS, our key there included; by default only https is, outside of a stack on one machine */
            allowPlainHttp?: boolean;
            /** @description Sends in a row without a clear answer after which it is paused. By default 3 */
            breakAfter?: number;
            /**
             * @description What it signs its callbacks with (Standard Webhooks); kept encrypted, never shown
             * @default null
             */
            callbackSecret?: string | null;
            /** @description Errors that contain the text mean this; `unknown`: they prove nothing */
            definiteErrors?: {
                /** @enum {string} */
                means: "refused" | "wait" | "funds" | "key" | "throttled" | "unreachable" | "trouble" | "unknown";
                text: string;
            }[];
            /** @description It refuses a second order for a service and link only while one of ours is running there */
            duplicateGuard?: boolean;
            /** @description Our key there; kept encrypted, never shown */
            key: string;
            /** @description Whether it can be asked about many orders, or refills, in one call. Null, as usual: that shows by its answers */
            lists?: boolean | null;
            /** @description How its orders are listed; without it nobody looks for a send whose outcome is not known */
            listsOrders?: {
                /** @default orders */
                action?: string;
                /**
                 * @description What its whole list does not show, twice, was not placed, and is sent again without asking anybody
                 * @default false
                 */
                authoritative?: boolean;
                /**
                 * @description How far apart the two looks must be, at least
                 * @default 600
                 */
                graceSeconds?: number;
                /**
                 * @description When its orders are looked through after such a send; the last is repeated
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
                 * @description How far its clock may be from ours
                 * @default 300
                 */
                skewSeconds?: number;
            } | null;
            /**
             * @description In the provider's own currency: with less left there an alert is raised
             * @example 50
             */
            lowBalance?: string | null;
            /** @description Sends it may have in flight at the same time; the others wait. By default 20 */
            maxParallelSends?: number;
            name: string;
            /** @default 15 */
            pollSeconds?: number;
            /**
             * @description What its words for a status mean, of orders and refills alike, in any case and spacing: `{"Selesai": "Completed"}`. `Error`: a person decides
             * @example {
             *       "Selesai": "Completed"
             *     }
             */
            statusWords?: {
                [key: string]: "Pending" | "Processing" | "In progress" | "Paused" | "Completed" | "Partial" | "Canceled" | "Error";
            };
            /** @description HTTP statuses that mean: asked too often, and not acted on. By default 429 */
            throttleStatuses?: number[];
            /** @description The panel's whole API address */
            url: string;
        };
        NewService: {
            /**
             * @description After a run of a drip-feed that did not deliver all: the next run, the missing part on the next route, or the end
             * @default continue
             * @enum {string}
             */
            afterFailedRun?: "continue" | "retry" | "stop";
            /** @default false */
            cancel?: boolean;
            category: string;
            /**
             * @description Of what was delivered, how much the count may lack
             * @default 5
             */
            counterTolerancePercent?: number;
            /**
             * @description Where a target is counted: GET <counterUrl>?link=<link> answers {"count": 1234}. With verify counter the default is the installation's
             * @default null
             */
            counterUrl?: string | null;
            /**
             * @description Only the types Default and Web Traffic have it, of any other it stays false
             * @default false
             */
            dripFeed?: boolean;
            /**
             * @default reject
             * @enum {string}
             */
            duplicateLink?: "reject" | "queue" | "allow";
            /**
             * @description Whose open orders for a link count: those of the same account, or also those of others that are being delivered
             * @default account
             * @enum {string}
             */
            duplicateScope?: "account" | "all";
            /**
             * @description Parameters of links that make no other target here, in any case, beside those that never do (utm_source, igsh, fbclid …)
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
             * @description Until a count that does not agree is taken again; each wait after it is twice as long
             * @default 300
             */
            recheckSeconds?: number;
            /**
             * @description Refills an order may have
             * @default 10
             */
            refillCap?: number;
            /**
             * @description From the end of one refill to the next request
             * @default 86400
             */
            refillCooldownSeconds?: number;
            /** @default 0 */
            refillDays?: number;
            /**
             * @description When the provider makes no refill: a person decides (review), what was counted as missing is sent on another route at the house's cost (resend), or it ends Rejected with the reason (reject)
             * @default review
             * @enum {string}
             */
            refillFallback?: "review" | "resend" | "reject";
            /** @description When it has not ended for so long, staff are told; by default a week, of a subscription a year */
            reviewAfterSeconds?: number;
            /** @description In order of preference */
            routes: {
                /**
                 * @description Whether orders are sent on it
                 * @default true
                 */
                active?: boolean;
                provider: number;
                /** @example 42 */
                providerService: string;
                /** @example 0.90 */
                rate: string;
            }[];
            /** @description When nothing has been delivered for so long, staff are told; by default a day, of a subscription a year */
            stallAfterSeconds?: number;
            /**
             * @description The quantity, of each run, is a multiple of it
             * @default 1
             */
            step?: number;
            /**
             * @default Default
             * @enum {string}
             */
            type?: "Default" | "Package" | "SEO" | "Custom Comments" | "Mentions" | "Mentions with Hashtags" | "Mentions Custom List" | "Mentions Hashtag" | "Mentions User Followers" | "Mentions Media Likers" | "Custom Comments Package" | "Comment Likes" | "Poll" | "Comment Replies" | "Invites from Groups" | "Subscriptions" | "Web Traffic";
            /** @description Only of Subscriptions: an order without posts is bought, and paid for, for so many; by default 100 */
            unlimitedPosts?: number;
            /**
             * @description counter: what the provider says is charged for once the target's count agrees, or a person decides
             * @default provider
             * @enum {string}
             */
            verify?: "provider" | "counter";
        };
        NewWebhook: {
            /**
             * Format: date-time
             * @description Until then the code counts that was sent to the address
             */
            confirmUntil: string | null;
            /** Format: date-time */
            createdAt: string;
            description: string | null;
            /**
             * @description gone: it answered 410; failing: nothing got through for days; unconfirmed: the address is to be confirmed; owner: its account did it
             * @enum {string|null}
             */
            disabledReason: "gone" | "owner" | "failing" | "unconfirmed" | null;
            email: string | null;
            enabled: boolean;
            /** @description The types it is told of; null: all */
            events: ("order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected")[] | null;
            id: number;
            /**
             * Format: date-time
             * @description Until then the secret before signs too
             */
            oldSecretUntil: string | null;
            /**
             * @description Shown once; there is none for e-mail
             * @example whsec_…
             */
            secret?: string;
            /** @description null: it is told by e-mail */
            url: string | null;
        };
        Order: {
            /** @enum {string} */
            attention: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
            /** @description The last 50; none before the first is sent */
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
             * @description The price until settlement; after it charge + refunded = price
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
            /**
             * Format: date-time
             * @description When the next run is due; null while the order is paused
             */
            nextRunAt: string | null;
            percent: number;
            /** @example 0.27819 */
            price: string;
            /** @description Per run */
            quantity: number;
            reason: string | null;
            reference: string | null;
            /** Format: date-time */
            refillUntil: string | null;
            /** @example 0.27819 */
            refunded: string;
            remains: number;
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
        Problem: {
            /** @enum {string} */
            code: "unauthorized" | "invalid_signature" | "forbidden" | "not_found" | "order_not_found" | "method_not_allowed" | "body_too_large" | "unsupported_media_type" | "too_many_fields" | "unknown_charset" | "invalid_encoding" | "malformed_body" | "invalid_request" | "incorrect_action" | "too_many_ids" | "idempotency_key_missing" | "idempotency_key_invalid" | "idempotency_key_reused" | "claim_withdrawn" | "conflict" | "deleted_since" | "order_ended" | "not_possible" | "refill_unavailable" | "refill_not_found" | "webhook_not_found" | "webhook_disabled" | "too_many_webhooks" | "webhook_unconfirmed" | "confirmation_failed" | "too_many_confirmations" | "email_unavailable" | "webhook_has_no_secret" | "event_not_found" | "too_many_orders" | "replayed_lately" | "too_many_tests" | "too_many_lines" | "too_many_events" | "unknown_service" | "no_route" | "unknown_provider" | "unknown_account" | "unsupported_type" | "invalid_link" | "duplicate_link" | "invalid_quantity" | "quantity_below_min" | "quantity_above_max" | "quantity_not_multiple" | "unexpected_field" | "drip_feed_unavailable" | "invalid_runs" | "invalid_interval" | "invalid_keywords" | "invalid_comments" | "invalid_usernames" | "invalid_hashtags" | "invalid_groups" | "invalid_hashtag" | "invalid_username" | "invalid_media" | "invalid_answer_number" | "invalid_country" | "invalid_device" | "invalid_type_of_traffic" | "invalid_google_keyword" | "invalid_referring_url" | "invalid_min" | "invalid_max" | "invalid_posts" | "invalid_old_posts" | "invalid_delay" | "invalid_expiry" | "price_too_large" | "cannot_be_placed" | "charge_above_max" | "insufficient_funds" | "rate_limited" | "too_many_reads" | "outcome_unknown" | "unavailable" | "internal";
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
            /** @description As the provider said it last, in its own currency */
            balance: string | null;
            /** Format: date-time */
            balanceAt: string | null;
            breakAfter: number;
            /** Format: date-time */
            catalogueAt: string | null;
            /** @description Why its catalogue was not read since */
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
            /** @description Calls in which it showed by its answers that it knows no lists, and when */
            noLists: {
                /** Format: date-time */
                refill_status?: string;
                /** Format: date-time */
                status?: string;
            };
            pollSeconds: number;
            statusWords: {
                [key: string]: string;
            };
            throttleStatuses: number[];
            url: string;
        };
        ProviderChange: {
            /** @description It may be reached without TLS, our key there included; by default only https is, outside of a stack on one machine */
            allowPlainHttp?: boolean | null;
            /** @description Sends in a row without a clear answer after which it is paused. By default 3 */
            breakAfter?: number | null;
            /** @description Errors that contain the text mean this; `unknown`: they prove nothing */
            definiteErrors?: {
                /** @enum {string} */
                means: "refused" | "wait" | "funds" | "key" | "throttled" | "unreachable" | "trouble" | "unknown";
                text: string;
            }[] | null;
            /** @description It refuses a second order for a service and link only while one of ours is running there */
            duplicateGuard?: boolean | null;
            /** @description Whether it can be asked about many orders, or refills, in one call. Null, as usual: that shows by its answers */
            lists?: boolean | null;
            /** @description How its orders are listed; without it nobody looks for a send whose outcome is not known */
            listsOrders?: {
                /** @default orders */
                action?: string;
                /**
                 * @description What its whole list does not show, twice, was not placed, and is sent again without asking anybody
                 * @default false
                 */
                authoritative?: boolean;
                /**
                 * @description How far apart the two looks must be, at least
                 * @default 600
                 */
                graceSeconds?: number;
                /**
                 * @description When its orders are looked through after such a send; the last is repeated
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
                 * @description How far its clock may be from ours
                 * @default 300
                 */
                skewSeconds?: number;
            } | null;
            /**
             * @description In the provider's own currency: with less left there an alert is raised
             * @example 50
             */
            lowBalance?: string | null;
            /** @description Sends it may have in flight at the same time; the others wait. By default 20 */
            maxParallelSends?: number | null;
            pollSeconds?: number;
            /**
             * @description What its words for a status mean, of orders and refills alike, in any case and spacing: `{"Selesai": "Completed"}`. `Error`: a person decides
             * @example {
             *       "Selesai": "Completed"
             *     }
             */
            statusWords?: {
                [key: string]: "Pending" | "Processing" | "In progress" | "Paused" | "Completed" | "Partial" | "Canceled" | "Error";
            } | null;
            /** @description HTTP statuses that mean: asked too often, and not acted on. By default 429 */
            throttleStatuses?: number[] | null;
        };
        ProviderChecked: {
            added: number;
            balanceRead: boolean;
            changed: number;
            /** @description Routes on which orders are sent again */
            freed: number;
            gone: number;
            /** @description Routes on which nothing is sent from now on */
            held: number;
            problem: string | null;
            provider: number;
            /** @description Whether it said what it sells; if not, nothing has changed */
            read: boolean;
            /** @description Services that are sold at another rate now, as their rules say */
            repriced: number;
            services: number;
            /** @description Rows of its answer that nothing could be done with */
            unreadable: number;
        };
        ProviderPause: {
            id: number;
            /**
             * Format: date-time
             * @description Null: orders are sent to it
             */
            pausedUntil: string | null;
            /** @description What staff said about it */
            pauseNote: string | null;
            /** @description `funds`, `key`, `throttled`, `unreachable` or `trouble` of its own; `staff` when somebody paused it */
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
             * @description Since when it is not in the catalogue; null: it is
             */
            goneAt: string | null;
            imported: boolean;
            /** Format: date-time */
            lastSeenAt: string;
            max: number | null;
            min: number | null;
            name: string;
            /** @description As the provider says it; null: it cannot be read */
            rate: string | null;
            refill: boolean;
            /**
             * @description Its id there
             * @example 42
             */
            service: string;
            /** @description Our services that have a route there */
            services: number[];
            /** @description Quantities are multiples of it; null: it does not say so */
            step: number | null;
            type: string;
        };
        Reconciliation: {
            /**
             * Format: date-time
             * @description When the last run began; null before the first
             */
            at: string | null;
            /** @description Parts of the run that could not be done */
            failed: string[];
            findings: {
                found: number;
                /** @enum {string} */
                kind: "order_lost" | "claim_open" | "workflow_orphaned" | "workflow_stuck" | "batch_unwatched" | "provider_silent" | "events_behind" | "outbox_lost" | "delivery_lost" | "list_lost";
                /** @description Of these, what was put right at once */
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
             * @description When the last pass over all orders that have not ended was through
             */
            sweptAt: string | null;
            tookMs: number | null;
        };
        Refill: {
            /** Format: date-time */
            endedAt: string | null;
            id: number;
            /** @description Items that are gone from the target; null where nobody counted */
            missing: number | null;
            order: number;
            reason: string | null;
            /** @description Why the provider did not refill it; null when it did, or a person decided */
            rejection: string | null;
            /** Format: date-time */
            requestedAt: string;
            /** @enum {string} */
            status: "Pending" | "In progress" | "Completed" | "Rejected";
        };
        Resolution: components["schemas"]["ResolutionExtend"] | components["schemas"]["ResolutionComplete"] | components["schemas"]["ResolutionPartial"] | components["schemas"]["ResolutionCancel"] | components["schemas"]["ResolutionRedispatch"] | components["schemas"]["ResolutionAttach"] | components["schemas"]["ResolutionNotPlaced"];
        /** @description What may have been placed is this order of the provider */
        ResolutionAttach: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "attach";
            /** @description Of an uncertain order: which batch this is about. Needed when more than one is uncertain */
            batch?: number;
            /** @description The order's id at the provider */
            providerOrder: string;
            reason?: string;
        };
        /** @description Asks the provider to stop. Of an uncertain order: what may have been placed counts as not delivered */
        ResolutionCancel: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "cancel";
            /** @description Of an uncertain order: which batch this is about. Needed when more than one is uncertain */
            batch?: number;
            reason?: string;
        };
        /** @description Settles it as Completed */
        ResolutionComplete: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "complete";
            reason?: string;
        };
        /** @description Lets it go on: the cap starts again */
        ResolutionExtend: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "extend";
            /** @description How long it may go on from now, above 0 */
            hours: number;
            reason?: string;
        };
        /** @description What may have been placed was not, and is sent again by the routes */
        ResolutionNotPlaced: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "notPlaced";
            /** @description Of an uncertain order: which batch this is about. Needed when more than one is uncertain */
            batch?: number;
            reason?: string;
        };
        /** @description Settles it with so much delivered; the rest is refunded */
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
        /** @description Asks the provider to stop; what is missing then goes to the next route */
        ResolutionRedispatch: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            action: "redispatch";
            reason?: string;
        };
        Review: {
            account: number;
            /** @description What resolve takes now */
            actions: ("extend" | "complete" | "partial" | "cancel" | "redispatch" | "attach" | "notPlaced")[];
            /** @enum {string} */
            attention: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
            by: string | null;
            /** Format: date-time */
            createdAt: string;
            delivered: number;
            order: number;
            reason: string | null;
            service: number;
            /**
             * Format: date-time
             * @description When it began to wait
             */
            since: string | null;
            /** @enum {string} */
            status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
            totalQuantity: number;
            /** @description Attempts of which nobody knows whether they were placed */
            uncertain: components["schemas"]["Attempt"][];
            why: string | null;
        };
        /** @description All that wait for a person now and fit; instead of ids */
        ReviewFilter: {
            /** @enum {string} */
            attention?: "stalled" | "paused" | "review" | "conflict" | "uncertain";
            /**
             * Format: date-time
             * @description Placed at this moment or later
             */
            from?: string;
            /** @description Where it may have been placed, or who has it. Attempts at others are not decided about */
            provider?: number;
            service?: number;
            /**
             * Format: date-time
             * @description Placed before
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
             * @description Per 1000, or per package
             * @example 0.9
             */
            rate: string;
            refillDays: number;
            /** @description The quantity, of each run, is a multiple of it */
            step: number;
            /** @description As panel API v2 has it: it says which fields an order has */
            type: string;
            /** @description Of a subscription: an order without `posts` is for so many. Null for every other type */
            unlimitedPosts: number | null;
        };
        ServiceChange: {
            /** @description Whether it is sold */
            active?: boolean;
            /**
             * @description After a run of a drip-feed that did not deliver all: the next run, the missing part on the next route, or the end
             * @enum {string}
             */
            afterFailedRun?: "continue" | "retry" | "stop";
            cancel?: boolean;
            category?: string;
            /** @description Of what was delivered, how much the count may lack */
            counterTolerancePercent?: number;
            /** @description Where a target is counted: GET <counterUrl>?link=<link> answers {"count": 1234}. With verify counter the default is the installation's */
            counterUrl?: string | null;
            /** @description Only the types Default and Web Traffic have it, of any other it stays false */
            dripFeed?: boolean;
            /** @enum {string} */
            duplicateLink?: "reject" | "queue" | "allow";
            /**
             * @description Whose open orders for a link count: those of the same account, or also those of others that are being delivered
             * @enum {string}
             */
            duplicateScope?: "account" | "all";
            /** @description Parameters of links that make no other target here, in any case, beside those that never do (utm_source, igsh, fbclid …) */
            ignoredLinkParameters?: string[];
            linkPattern?: string | null;
            max?: number;
            min?: number;
            name?: string;
            /** @example 0.90 */
            rate?: string;
            /** @description Until a count that does not agree is taken again; each wait after it is twice as long */
            recheckSeconds?: number;
            /** @description Refills an order may have */
            refillCap?: number;
            /** @description From the end of one refill to the next request */
            refillCooldownSeconds?: number;
            refillDays?: number;
            /**
             * @description When the provider makes no refill: a person decides (review), what was counted as missing is sent on another route at the house's cost (resend), or it ends Rejected with the reason (reject)
             * @enum {string}
             */
            refillFallback?: "review" | "resend" | "reject";
            /** @description When it has not ended for so long, staff are told; by default a week, of a subscription a year */
            reviewAfterSeconds?: number;
            /** @description In order of preference */
            routes?: {
                /**
                 * @description Whether orders are sent on it
                 * @default true
                 */
                active?: boolean;
                provider: number;
                /** @example 42 */
                providerService: string;
                /** @example 0.90 */
                rate: string;
            }[];
            /** @description When nothing has been delivered for so long, staff are told; by default a day, of a subscription a year */
            stallAfterSeconds?: number;
            /** @description The quantity, of each run, is a multiple of it */
            step?: number;
            /** @enum {string} */
            type?: "Default" | "Package" | "SEO" | "Custom Comments" | "Mentions" | "Mentions with Hashtags" | "Mentions Custom List" | "Mentions Hashtag" | "Mentions User Followers" | "Mentions Media Likers" | "Custom Comments Package" | "Comment Likes" | "Poll" | "Comment Replies" | "Invites from Groups" | "Subscriptions" | "Web Traffic";
            /** @description Only of Subscriptions: an order without posts is bought, and paid for, for so many; by default 100 */
            unlimitedPosts?: number;
            /**
             * @description counter: what the provider says is charged for once the target's count agrees, or a person decides
             * @enum {string}
             */
            verify?: "provider" | "counter";
        };
        ServiceStats: {
            /**
             * Format: date-time
             * @description When the figures were worked out; they are kept for some minutes
             */
            asOf: string;
            /**
             * @description Of the orders that ended; 0 to 1
             * @example 0.025
             */
            canceledShare: number | null;
            /** @description From the start of an order to Completed; drip-feeds, whose time is their plan, aside */
            completedSeconds: {
                average: number | null;
                p50: number | null;
                p95: number | null;
            };
            /** @description How many days back orders that ended are counted */
            days: number;
            ended: number;
            /** @description Delivered over the last day */
            itemsPerHour: number;
            /** @description How much runs where it is bought, in the order of preference */
            load: {
                route: number;
                runningBatches: number;
            }[];
            /**
             * @description Of the orders that ended; 0 to 1
             * @example 0.025
             */
            partialShare: number | null;
            /** @description Orders of the service that have not ended */
            running: number;
            service: number;
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
                 * @description Why nothing is sent on it: its provider does not sell it any more, or asks more than it is sold at
                 * @enum {string|null}
                 */
                held: "gone" | "unprofitable" | null;
                max: number | null;
                /** @description What the provider takes in one order; null: it has not said */
                min: number | null;
                provider: number;
                providerService: string;
                rate: string;
                /** @description Quantities that it takes are multiples of it */
                step: number | null;
            }[];
            stallAfterSeconds: number;
            step: number;
            type: string;
            unlimitedPosts: number | null;
            verify: string;
        };
        StatementLine: {
            /**
             * @description Negative when it left the wallet
             * @example -0.9
             */
            amount: string;
            /** Format: date-time */
            at: string;
            /** @description After this movement */
            balance: string;
            /** @enum {string} */
            kind: "deposit" | "hold" | "refund" | "correction";
            /** @description Counts the wallet's movements from 1, without a gap */
            line: number;
            note: string | null;
            order: number | null;
        };
        Webhook: {
            /**
             * Format: date-time
             * @description Until then the code counts that was sent to the address
             */
            confirmUntil: string | null;
            /** Format: date-time */
            createdAt: string;
            description: string | null;
            /**
             * @description gone: it answered 410; failing: nothing got through for days; unconfirmed: the address is to be confirmed; owner: its account did it
             * @enum {string|null}
             */
            disabledReason: "gone" | "owner" | "failing" | "unconfirmed" | null;
            email: string | null;
            enabled: boolean;
            /** @description The types it is told of; null: all */
            events: ("order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected")[] | null;
            id: number;
            /**
             * Format: date-time
             * @description Until then the secret before signs too
             */
            oldSecretUntil: string | null;
            /** @description null: it is told by e-mail */
            url: string | null;
        };
        WebhookDelivery: {
            /** @description All of them, those before a replay included */
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
            /** @description Why it had none: address_refused, no_connection, tls, timeout, broken_answer, login or no_mailer */
            lastError: string | null;
            /** @description The HTTP status of the last attempt, or what the mail server replied */
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
             * @description Until then the code counts that was sent to the address
             */
            confirmUntil: string | null;
            /** Format: date-time */
            createdAt: string;
            description: string | null;
            /**
             * @description gone: it answered 410; failing: nothing got through for days; unconfirmed: the address is to be confirmed; owner: its account did it
             * @enum {string|null}
             */
            disabledReason: "gone" | "owner" | "failing" | "unconfirmed" | null;
            email: string | null;
            enabled: boolean;
            /** @description The types it is told of; null: all */
            events: ("order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected")[] | null;
            id: number;
            /**
             * Format: date-time
             * @description Until then the secret before signs too
             */
            oldSecretUntil: string | null;
            /**
             * @description Shown once; there is none for e-mail
             * @example whsec_…
             */
            secret: string;
            /** @description null: it is told by e-mail */
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
export type Account = components['schemas']['Account'];
export type Alert = components['schemas']['Alert'];
export type Attempt = components['schemas']['Attempt'];
export type AuditEntry = components['schemas']['AuditEntry'];
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
export type Delivery = components['schemas']['Delivery'];
export type HeldCorrection = components['schemas']['HeldCorrection'];
export type HeldCorrectionsDecided = components['schemas']['HeldCorrectionsDecided'];
export type HeldCorrectionsDecision = components['schemas']['HeldCorrectionsDecision'];
export type Import = components['schemas']['Import'];
export type Imported = components['schemas']['Imported'];
export type Key = components['schemas']['Key'];
export type LateOrder = components['schemas']['LateOrder'];
export type LineResult = components['schemas']['LineResult'];
export type ListResult = components['schemas']['ListResult'];
export type LiveOrder = components['schemas']['LiveOrder'];
export type NewLateOrder = components['schemas']['NewLateOrder'];
export type NewOrder = components['schemas']['NewOrder'];
export type NewProvider = components['schemas']['NewProvider'];
export type NewService = components['schemas']['NewService'];
export type NewWebhook = components['schemas']['NewWebhook'];
export type Order = components['schemas']['Order'];
export type OrderEvent = components['schemas']['OrderEvent'];
export type Problem = components['schemas']['Problem'];
export type Provider = components['schemas']['Provider'];
export type ProviderChange = components['schemas']['ProviderChange'];
export type ProviderChecked = components['schemas']['ProviderChecked'];
export type ProviderPause = components['schemas']['ProviderPause'];
export type ProviderService = components['schemas']['ProviderService'];
export type Reconciliation = components['schemas']['Reconciliation'];
export type Refill = components['schemas']['Refill'];
export type Resolution = components['schemas']['Resolution'];
export type ResolutionAttach = components['schemas']['ResolutionAttach'];
export type ResolutionCancel = components['schemas']['ResolutionCancel'];
export type ResolutionComplete = components['schemas']['ResolutionComplete'];
export type ResolutionExtend = components['schemas']['ResolutionExtend'];
export type ResolutionNotPlaced = components['schemas']['ResolutionNotPlaced'];
export type ResolutionPartial = components['schemas']['ResolutionPartial'];
export type ResolutionRedispatch = components['schemas']['ResolutionRedispatch'];
export type Review = components['schemas']['Review'];
export type ReviewFilter = components['schemas']['ReviewFilter'];
export type Service = components['schemas']['Service'];
export type ServiceChange = components['schemas']['ServiceChange'];
export type ServiceStats = components['schemas']['ServiceStats'];
export type ServiceWithRoutes = components['schemas']['ServiceWithRoutes'];
export type StatementLine = components['schemas']['StatementLine'];
export type Webhook = components['schemas']['Webhook'];
export type WebhookDelivery = components['schemas']['WebhookDelivery'];
export type WebhookWithSecret = components['schemas']['WebhookWithSecret'];
export type $defs = Record<string, never>;
export interface operations {
    getAdminAccounts: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
                cursor?: string;
                limit?: number;
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
                /** @description nextCursor of the page before */
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
                     * @description When the key ends by itself; without, never
                     */
                    expiresAt?: string;
                    name: string;
                    scopes?: ("orders:read" | "orders:write" | "wallet:read" | "webhooks:manage" | "admin")[];
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
    getAdminAlerts: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
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
    getAdminAudit: {
        parameters: {
            query?: {
                action?: string;
                /** @description nextCursor of the page before */
                cursor?: string;
                from?: string;
                key?: number;
                limit?: number;
                /** @description With all that is below it */
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
                /** @description nextCursor of the page before */
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
            /** @description It is followed from now on */
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
            /** @description It was taken */
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
    getAdminProviders: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
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
            /** @description Made */
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
            /** @description It was changed */
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
    getAdminProvidersByIdCatalogue: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
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
            /** @description A page of its services */
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
                /** @description nextCursor of the page before */
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
            /** @description What became of each */
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
            /** @description What it brought */
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
                /** @description nextCursor of the page before */
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
            /** @description They are dropped */
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
            /** @description They are made */
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
    getAdminReviews: {
        parameters: {
            query?: {
                attention?: "stalled" | "paused" | "review" | "conflict" | "uncertain";
                /** @description nextCursor of the page before */
                cursor?: string;
                /** @description Placed at this moment or later */
                from?: string;
                limit?: number;
                /** @description Where it may have been placed, or who has it */
                provider?: number;
                service?: number;
                /** @description Placed before */
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
                /** @description nextCursor of the page before */
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
            /** @description A dry run: what it would touch */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkDryRun"];
                };
            };
            /** @description It was taken, and is carried out */
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
                /** @description nextCursor of the page before */
                cursor?: string;
                limit?: number;
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
            /** @description Made */
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
            /** @description It was changed */
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
    getOrders: {
        parameters: {
            query?: {
                /** @description true: only orders to which nothing can happen any more, as they have ended and neither a refill nor a correction can follow; false: only the others */
                archived?: "true" | "false";
                attention?: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
                /** @description nextCursor of the page before */
                cursor?: string;
                from?: string;
                limit?: number;
                reference?: string;
                service?: number;
                status?: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
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
                        data: components["schemas"]["Order"][];
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
                    "application/json": components["schemas"]["Order"];
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
            /** @description It was taken */
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
            /** @description It was taken */
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
                /** @description nextCursor of the page before */
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
            /** @description The refill, which takes its time */
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
            /** @description It was taken */
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
                /** @description nextCursor of the page before */
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
            /** @description What became of each line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListResult"];
                };
            };
            /** @description A list to follow */
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
                /** @description nextCursor of the page before */
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
    getStatement: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
                cursor?: string;
                limit?: number;
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
    getWebhooks: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
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
                     * @description Has to be confirmed
                     * @example orders@example.com
                     */
                    email?: string;
                    /**
                     * @description The types it is told of; null: all
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
            /** @description The webhook, and the secret that signs */
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
            /** @description It is gone */
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
                    /** @description The types it is told of; null: all */
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
                     * @description As it was sent to the address
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
                /** @description nextCursor of the page before */
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
    "/v1/admin/accounts/{id}/deposits",
    "/v1/admin/accounts/{id}/keys",
    "/v1/admin/orders/{id}/late-orders",
    "/v1/admin/orders/{id}/resolve",
    "/v1/admin/providers",
    "/v1/admin/providers/{id}/catalogue/import",
    "/v1/admin/providers/{id}/catalogue/refresh",
    "/v1/admin/providers/{id}/held-corrections/drop",
    "/v1/admin/providers/{id}/held-corrections/release",
    "/v1/admin/providers/{id}/pause",
    "/v1/admin/providers/{id}/resume",
    "/v1/admin/reviews/resolve",
    "/v1/admin/services",
    "/v1/orders",
    "/v1/orders/batch",
    "/v1/orders/{id}/cancel",
    "/v1/orders/{id}/pause",
    "/v1/orders/{id}/refills",
    "/v1/orders/{id}/resume",
    "/v1/webhooks",
    "/v1/webhooks/{id}/replay",
    "/v1/webhooks/{id}/rotate",
    "/v1/webhooks/{id}/test",
]);
