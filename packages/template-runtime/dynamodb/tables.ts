import { setTimeout as sleep } from 'node:timers/promises';
import type { TemplateResource } from '../cloudformation/resource';
import { UnsupportedTemplateError } from '../cloudformation/resource';

/** Calls one action of DynamoDB's JSON API. */
export type CallDynamo = (action: string, parameters: unknown) => Promise<unknown>;

/** What CloudFormation passes on to CreateTable. The others are set by calls of their own, and change no answer here. */
const CREATE_TABLE_FIELDS = ['AttributeDefinitions', 'KeySchema', 'BillingMode', 'ProvisionedThroughput'];
const IGNORED_FIELDS = [
  'PointInTimeRecoverySpecification',
  'SSESpecification',
  'TableName',
  'Tags',
  'DeletionProtectionEnabled',
];

/** A table of the template, as CreateTable takes it. */
export interface Table {
  readonly TableName: string;
  readonly [field: string]: unknown;
}

/**
 * Reads the template's tables.
 *
 * @throws UnsupportedTemplateError for a table property that isn't emulated
 */
export function readTables(resources: readonly TemplateResource[]): Table[] {
  return resources.filter(({ type }) => type === 'AWS::DynamoDB::Table').map(readTable);
}

function readTable(resource: TemplateResource): Table {
  const fields = Object.entries(resource.properties);
  for (const [field] of fields) {
    if (!CREATE_TABLE_FIELDS.includes(field) && !IGNORED_FIELDS.includes(field)) {
      throw new UnsupportedTemplateError(resource, field, 'is not emulated');
    }
  }
  const parameters = Object.fromEntries(fields.filter(([field]) => CREATE_TABLE_FIELDS.includes(field)));
  return { TableName: resource.physicalId, ...parameters };
}

/** Between two looks at a table that is being created, in milliseconds. */
const LOOK_AGAIN_AFTER = 5;

/**
 * Creates the template's tables and waits until they are active; existing ones are kept. A table that is still being
 * created refuses its items' requests as if it weren't there.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 *
 * @throws UnsupportedTemplateError like `readTables`
 */
export async function createTables(resources: readonly TemplateResource[], call: CallDynamo): Promise<void> {
  for (const table of readTables(resources)) {
    try {
      await call('CreateTable', table);
    } catch (error) {
      if (!(error instanceof Error && error.name.endsWith('ResourceInUseException'))) throw error;
    }
    while (!(await isActive(table, call))) await sleep(LOOK_AGAIN_AFTER);
  }
}

async function isActive({ TableName }: Table, call: CallDynamo): Promise<boolean> {
  const { Table } = (await call('DescribeTable', { TableName })) as { Table: { TableStatus: string } };
  return Table.TableStatus === 'ACTIVE';
}
