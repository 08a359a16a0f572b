import path from 'node:path';
import type { CellKey, Mode } from '../../compare/report';
import type { Target } from '../../compare/load';
import type { Remote } from './options';
import type { System } from './systems';

/** Makes the target of a cell's calls. */
export type TargetOf = (cell: CellKey) => Target;

/** The input of an execution but for its id, which the generator sets. */
function inputOf({ store, mode, limit = Number.MAX_SAFE_INTEGER, strategy }: CellKey): Record<string, unknown> {
  return {
    store,
    useConditionalWrites: mode === 'conditional',
    max: String(limit),
    ...(strategy !== undefined && { momentoStrategy: strategy }),
  };
}

function httpTarget(url: string, apiKey: string, { store, keyed }: CellKey): Target {
  return {
    kind: 'http',
    method: 'POST',
    url: `${url}/${store}/{id}`,
    headers: { 'x-api-key': apiKey },
    valuePath: '$.counter',
    ...(keyed && { keyHeader: 'Idempotency-Key' }),
  };
}

/** Targets on this machine's systems, one per mode. */
export function localTargets(systems: Readonly<Partial<Record<Mode, System>>>): TargetOf {
  return (cell) => {
    const { mode, path: way } = cell;
    const system = systems[mode];
    if (!system) throw new Error(`no system runs in the ${mode} mode`);
    switch (way) {
      case 'api':
        return httpTarget(system.url, system.apiKey, cell);
      case 'state-machine':
        return {
          kind: 'state-machine',
          arn: system.stateMachineArn,
          region: system.stateMachineArn.split(':')[3] ?? '',
          endpoint: system.endpoint,
          input: inputOf(cell),
          keyed: cell.keyed,
        };
      case 'direct':
        return directTarget(system, cell);
    }
  };
}

function directTarget({ assembly, endpoint, dynamoDbUrl }: System, { store, mode }: CellKey): Target {
  const max = mode === 'conditional' ? { max: String(Number.MAX_SAFE_INTEGER) } : {};
  if (store !== 'dynamo') {
    const options = { assembly, store, endpoint, ...max };
    return { kind: 'module', file: path.join(__dirname, 'direct-function.js'), options };
  }
  const options = { assembly, dynamoDbUrl, ...max };
  return { kind: 'module', file: path.join(__dirname, 'direct-dynamo.js'), options };
}

/**
 * Targets on a deployed stack.
 *
 * @param endpoint another one than AWS's own, such as the laptop's. @default - AWS's
 */
export function remoteTargets(remote: Remote, endpoint: string | undefined): TargetOf {
  return (cell) =>
    remote.kind === 'api'
      ? httpTarget(remote.url, remote.apiKey, cell)
      : {
          kind: 'state-machine',
          arn: remote.arn,
          region: remote.region,
          ...(endpoint !== undefined && { endpoint }),
          input: inputOf(cell),
          keyed: cell.keyed,
        };
}
