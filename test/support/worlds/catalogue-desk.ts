import type { Answer } from './api.ts';
import type { ApiWorld } from './api-world.ts';

export type Row = Readonly<Record<string, unknown>>;

/** A staff member who views the simulated provider's services, imports them, and checks the effects of changes. */
export class CatalogueDesk {
  /** The simulated provider, added under a new name for each test. */
  provider = 0;
  private keys = 0;
  private readonly opened: ApiWorld;

  constructor(opened: ApiWorld) {
    this.opened = opened;
  }

  /** Adds the provider under a new name and restores its original catalogue. */
  async anew(): Promise<void> {
    await this.says({});
    this.provider = await this.addProvider();
  }

  /** Adds the simulated provider again under another name. Returns its id. */
  async addProvider(): Promise<number> {
    const { apiUrl: url, key } = this.opened.world.provider;
    return (await this.post('/providers', { name: `panel ${++this.keys}`, url, key, pollSeconds: 1 })).body
      .id as number;
  }

  get(path: string): Promise<Answer> {
    return this.opened.api.v1(`/v1/admin${path}`, { key: this.opened.staff });
  }

  post(path: string, body: unknown, idempotencyKey = `k-${++this.keys}`): Promise<Answer> {
    return this.opened.api.v1(`/v1/admin${path}`, { key: this.opened.staff, body, idempotencyKey, method: 'POST' });
  }

  async data(path: string): Promise<Row[]> {
    return (await this.get(path)).body.data as Row[];
  }

  refresh(): Promise<Answer> {
    return this.post(`/providers/${this.provider}/catalogue/refresh`, {});
  }

  catalogue(query = 'limit=100'): Promise<Row[]> {
    return this.data(`/providers/${this.provider}/catalogue?${query}`);
  }

  async row(service: string): Promise<Row | undefined> {
    return (await this.catalogue()).find((one) => one.service === service);
  }

  importing(services: unknown, markup: object, more: object = {}): Promise<Answer> {
    return this.post(`/providers/${this.provider}/catalogue/import`, { services, markup, ...more });
  }

  /** Imports one service of the provider with a mark-up. Returns the id of our service. */
  async imported(service: string, markup: object = { percent: '20' }): Promise<number> {
    await this.refresh();
    const { body } = await this.importing([service], markup);
    return (body.results as Row[])[0]?.id as number;
  }

  /** Changes the simulated provider's catalogue from now on. */
  says(changes: Parameters<ApiWorld['world']['provider']['configure']>[0]['catalogue']) {
    return this.opened.world.provider.configure({ catalogue: changes });
  }

  async serviceOf(id: unknown): Promise<Row | undefined> {
    return (await this.data('/services?limit=100')).find((one) => one.id === id);
  }

  async routesOf(id: unknown): Promise<Row[]> {
    return ((await this.serviceOf(id))?.routes ?? []) as Row[];
  }

  async routeOf(id: unknown): Promise<Row | undefined> {
    return (await this.routesOf(id))[0];
  }

  async openAlerts(service: unknown) {
    return (await this.data('/alerts?open=true&limit=100'))
      .filter(({ subject }) => subject === `route:${service}-1`)
      .map(({ kind, detail }) => [kind, detail]);
  }

  /** Places an order as the customer. */
  place(service: unknown, quantity = 1000): Promise<Answer> {
    return this.opened.api.v1('/v1/orders', {
      key: this.opened.key,
      body: { service, link: `https://example.com/p/${++this.keys}`, quantity },
      idempotencyKey: `o-${++this.keys}`,
    });
  }
}
