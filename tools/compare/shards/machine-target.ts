import { writeFileSync } from 'node:fs';
import { loadTemplate } from 'template-runtime/cloudformation';
import { dynamoDbIntegrations, startStepFunctions, stateMachinesFromTemplate } from 'template-runtime/step-functions';
import { type Answer, answerOfExecution } from '../../../compare/load';
import type { DynamoRequest, RequestKind, TargetRecord } from './requests';

export interface MachineTargetOptions {
  /** The folder of the cloud assembly. */
  readonly assembly: string;
  /** Where DynamoDB answers, such as `http://127.0.0.1:8000`. */
  readonly dynamoDbUrl: string;
  /** Decimal digits. */
  readonly max: string;
  /** The file for the {@link TargetRecord}, which is written at the end. */
  readonly recordFile: string;
}

/**
 * The module of a generator's target: executes the template's own state machines in the generator's process, over a real
 * connection to DynamoDB, without API and logs. What is left of a laptop's time then goes to the requests.
 */
export function open({ assembly, dynamoDbUrl, max, recordFile }: MachineTargetOptions): {
  increment: (id: string) => Promise<Answer>;
  close: () => Promise<void>;
} {
  const { resources, location } = loadTemplate(assembly);
  const stateMachines = stateMachinesFromTemplate(resources);
  const dynamoDb = dynamoDbIntegrations(dynamoDbUrl);
  const requests: DynamoRequest[] = [];
  let began: number | undefined;
  const record = (kind: RequestKind, input: unknown): void => {
    requests.push({ atMs: performance.now() - (began ?? NaN), kind, ...readOf(kind, input) });
  };
  const integrations = Object.fromEntries(
    Object.entries(dynamoDb.integrations).map(([arn, carryOut]) => [
      arn,
      async (task: Parameters<typeof carryOut>[0]) => {
        const isRead = /:(get|batchGet)Item$/.test(task.resource);
        try {
          const result = await carryOut(task);
          record(isRead ? 'read' : 'written', task.arguments);
          return result;
        } catch (error) {
          record(kindOf(error), task.arguments);
          throw error;
        }
      },
    ]),
  );
  const stepFunctions = startStepFunctions({ ...location, stateMachines, integrations });
  const run = async (operation: string, input: object): Promise<string | undefined> => {
    const machine = stateMachines.find(({ name }) => name.endsWith(`-${operation}`));
    const { status, output } = await stepFunctions.startSyncExecution({
      stateMachineArn: machine?.arn ?? '',
      input: JSON.stringify({ store: 'dynamo', ...input }),
    });
    if (status !== 'SUCCEEDED') throw new Error(`the execution ended as ${status}`);
    return output;
  };

  const ids = new Set<string>();
  return {
    async increment(id) {
      began ??= performance.now();
      ids.add(id);
      return answerOfExecution(await run('increment', { id, useConditionalWrites: true, max }));
    },
    async close() {
      const reads: Record<string, number> = {};
      const made = [...requests];
      for (const id of ids) {
        const { counter } = JSON.parse((await run('read', { id })) ?? '{}') as { counter?: number };
        if (counter !== undefined) reads[id] = counter;
      }
      await stepFunctions.close();
      dynamoDb.close();
      writeFileSync(recordFile, JSON.stringify({ requests: made, reads } satisfies TargetRecord));
    },
  };
}

function kindOf(error: unknown): RequestKind {
  const { error: name = '' } = error as { readonly error?: string };
  if (name.endsWith('ConditionalCheckFailedException')) return 'refused';
  return name.endsWith('ThrottlingException') ? 'throttled' : 'failed';
}

/** What a read asks for. */
function readOf(kind: RequestKind, input: unknown): Pick<DynamoRequest, 'items' | 'isConsistent'> {
  if (kind !== 'read') return { items: 0, isConsistent: false };
  const { RequestItems: tables, ConsistentRead: isConsistent = false } = input as {
    readonly RequestItems?: Readonly<
      Record<string, { readonly Keys: readonly unknown[]; readonly ConsistentRead?: boolean }>
    >;
    readonly ConsistentRead?: boolean;
  };
  if (tables === undefined) return { items: 1, isConsistent };
  const batches = Object.values(tables);
  return {
    items: batches.reduce((sum, { Keys: keys }) => sum + keys.length, 0),
    isConsistent: batches.every((batch) => batch.ConsistentRead === true),
  };
}
