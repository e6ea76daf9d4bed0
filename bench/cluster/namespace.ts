import { Connection } from '@temporalio/client';
import { registerSearchAttributes } from '../../activities/runtime/search-attributes.ts';
import { registerNamespace } from '../../test/support/engines/namespace.ts';

export const NAMESPACE = 'default';

/** Registers the namespace with the product's search attributes. Needs only the frontend. */
export async function makeNamespace(address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await registerNamespace(connection, NAMESPACE);
    await registerSearchAttributes(connection, NAMESPACE);
  } finally {
    await connection.close();
  }
}
