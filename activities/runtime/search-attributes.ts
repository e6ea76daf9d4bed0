import { type Connection, isGrpcServiceError } from '@temporalio/client';
import { KEYWORD, searchAttributes } from '../../workflows/contract.ts';

/**
 * Ensures that the namespace knows our search attributes: a workflow that sets an unknown one fails its task for ever.
 * Registers those that are missing.
 * @throws Error that names the attributes and the command to run, when they are missing and cannot be registered.
 */
export async function ensureSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
): Promise<void> {
  const wanted = Object.values(searchAttributes);
  const missing = async () => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return wanted.filter(({ name }) => customAttributes?.[name] === undefined);
  };
  const absent = await missing();
  if (absent.length === 0) return;
  try {
    await registerSearchAttributes(connection, namespace, absent);
  } catch (error) {
    // Another worker may have been faster; only the present state counts.
    const still = await missing().catch(() => absent);
    if (still.length === 0) return;
    const commands = still.map(
      ({ name }) => `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type Keyword`,
    );
    const why = isGrpcServiceError(error) ? error.details : String(error);
    throw new Error(
      `search attributes are missing and could not be registered (${why}); workflows would be stuck. Run:\n  ${commands.join('\n  ')}`,
    );
  }
}

/** Registers the attributes, all of type Keyword. */
export async function registerSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
  attributes: readonly { readonly name: string }[] = Object.values(searchAttributes),
): Promise<void> {
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(attributes.map(({ name }) => [name, KEYWORD])),
  });
}
