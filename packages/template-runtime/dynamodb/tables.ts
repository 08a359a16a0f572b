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

/**
 * Makes the template's tables; one that is there already is kept.
 *
 * @throws UnsupportedTemplateError for a table property that isn't emulated
 */
export async function createTables(resources: readonly TemplateResource[], call: CallDynamo): Promise<void> {
  for (const resource of resources.filter(({ type }) => type === 'AWS::DynamoDB::Table')) {
    const fields = Object.entries(resource.properties);
    for (const [field] of fields) {
      if (!CREATE_TABLE_FIELDS.includes(field) && !IGNORED_FIELDS.includes(field)) {
        throw new UnsupportedTemplateError(resource, field, 'is not emulated');
      }
    }
    const parameters = Object.fromEntries(fields.filter(([field]) => CREATE_TABLE_FIELDS.includes(field)));
    try {
      await call('CreateTable', { TableName: resource.physicalId, ...parameters });
    } catch (error) {
      if (!(error instanceof Error && error.name.endsWith('ResourceInUseException'))) throw error;
    }
  }
}
