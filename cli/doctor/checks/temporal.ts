import { check } from '../check.ts';
import { isNotFound } from '../engines/temporal.ts';
import { type Finding, ok, wrong } from '../finding.ts';
import { EngineDown, type Installation } from '../installation.ts';

/** Servers from here on know fairness and worker deployments. */
const OLDEST = [1, 29] as const;

export interface TemporalReading {
  readonly address: string;
  readonly namespace: string;
  readonly isLocalStack: boolean;
  /** Why it cannot be reached. */
  readonly down?: string;
  readonly version?: string;
  readonly hasNamespace?: boolean;
}

async function read({ settings, temporal }: Installation): Promise<TemporalReading> {
  const { temporalAddress: address, temporalNamespace: namespace, isLocalStack } = settings;
  const about = { address, namespace, isLocalStack };
  try {
    const { connection, version } = await temporal();
    const hasNamespace = await connection.workflowService.describeNamespace({ namespace }).then(
      () => true,
      (error: unknown) => {
        if (isNotFound(error)) return false;
        throw error;
      },
    );
    return { ...about, version, hasNamespace };
  } catch (error) {
    if (!(error instanceof EngineDown)) throw error;
    return { ...about, down: error.message };
  }
}

export function judgeTemporal({
  address,
  namespace,
  isLocalStack,
  down,
  version,
  hasNamespace,
}: TemporalReading): Finding[] {
  if (down !== undefined) {
    const mend = isLocalStack
      ? 'npm start'
      : 'start the Temporal server, or correct TEMPORAL_ADDRESS (docs/configure.md)';
    return [wrong(`Temporal cannot be reached at ${address}: ${down}`, mend)];
  }
  const findings = [judgeVersion(version ?? '')];
  if (hasNamespace === false) {
    const mend = `temporal operator namespace create --address ${address} --namespace ${namespace} --retention 72h`;
    findings.push(wrong(`the namespace ${namespace} does not exist`, mend));
  } else findings.push(ok(`the namespace ${namespace} exists`));
  return findings;
}

function judgeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST;
  const isOld = !(major > wantedMajor || (major === wantedMajor && minor >= wantedMinor));
  if (isOld)
    return wrong(
      `Temporal server ${version || '(of unknown version)'} is too old`,
      `upgrade it to ${OLDEST.join('.')} or later`,
    );
  return ok(`Temporal server ${version}`);
}

export const temporal = check('temporal', read, judgeTemporal);
