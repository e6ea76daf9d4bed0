import type { Markup } from '../../domain/catalogue/mark-up.ts';
import type { Tx } from '../client.ts';

/** A service of ours, and the provider's service that it was imported from. */
export interface Import {
  readonly service: number;
  readonly providerService: string;
}

/** The mark-up rule of an import; `follow`: the services get a new price by this rule when the provider's rate changes. */
export interface ImportRule extends Markup {
  readonly follow: boolean;
}

/** Our services that were imported from a provider, by the ids of the provider's services. */
export async function importsOf(tx: Tx, provider: number): Promise<Map<string, number>> {
  const rows = await tx<Import[]>`
    select service_id as service, provider_service as "providerService" from imports where provider_id = ${provider}`;
  return new Map(rows.map(({ service, providerService }) => [providerService, service]));
}

/** @throws PostgresError 23505 when one of them was imported before. */
export async function recordImports(
  tx: Tx,
  provider: number,
  imports: readonly Import[],
  { percent, plus, follow }: ImportRule,
): Promise<void> {
  await tx`
    insert into imports (service_id, provider_id, provider_service, percent, plus, follow)
      select i.service, ${provider}, i."providerService", ${percent}, ${plus}, ${follow}
        from jsonb_to_recordset(${tx.json(imports as never)}) as i(service integer, "providerService" text)`;
}
