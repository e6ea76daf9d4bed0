import { KEYWORD, searchAttributes } from '../../../workflows/contract.ts';
import { check } from '../check.ts';
import { type Finding, ok, wrong } from '../finding.ts';
import type { Installation } from '../installation.ts';

export interface AttributesReading {
  readonly address: string;
  readonly namespace: string;
  /** The attributes of the namespace, by their names. */
  readonly types: Readonly<Record<string, number>>;
}

async function read({ settings, temporal }: Installation): Promise<AttributesReading> {
  const { temporalAddress: address, temporalNamespace: namespace } = settings;
  const { connection } = await temporal();
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return { address, namespace, types: customAttributes ?? {} };
}

export function judgeAttributes({ address, namespace, types }: AttributesReading): Finding[] {
  const wanted = Object.values(searchAttributes).map(({ name }) => name);
  const missing = wanted.filter((name) => types[name] === undefined);
  const odd = wanted.filter((name) => types[name] !== undefined && types[name] !== KEYWORD);
  const command = (act: string, names: readonly string[], type = ''): string =>
    `temporal operator search-attribute ${act} --address ${address} --namespace ${namespace} ${names.map((name) => `--name ${name}${type}`).join(' ')}`;
  const findings: Finding[] = [];
  if (missing.length > 0) {
    const says = `search attributes are missing, and workflows that set them are stuck: ${missing.join(', ')}`;
    findings.push(wrong(says, command('create', missing, ' --type Keyword')));
  }
  if (odd.length > 0) {
    const says = `search attributes are not of type Keyword: ${odd.join(', ')}`;
    findings.push(wrong(says, `${command('remove', odd)}, then create them with --type Keyword`));
  }
  return findings.length === 0 ? [ok(`all ${wanted.length} search attributes are registered`)] : findings;
}

export const attributes = check('search-attributes', read, judgeAttributes);
