import type { TemplateResource } from '../local/template-resource';
import { price, type Prices } from './prices';

/** One position of a bill. */
export interface CostLine {
  readonly what: string;
  readonly usd: number;
}

/** What one increment was measured to need. */
export interface MeasuredIncrement {
  readonly store: string;
  /** From its first event to its last, in milliseconds; 0 where the log doesn't tell. */
  readonly executionMs: number;
  /** As Lambda bills it; absent where no function is called. */
  readonly functionMs?: number;
  /** Bytes written to the execution log, the function's log and the access log. */
  readonly executionLogBytes: number;
  readonly functionLogBytes: number;
  readonly accessLogBytes: number;
}

const HOURS_PER_MONTH = 730;
const MILLION = 1e6;
const GB = 1e9;

/** Express bills memory in steps of 64 MB: 50 MB and the definition, which is far below the next step. */
const EXPRESS_GB = 64 / 1024;
const EXPRESS_STEP_MS = 100;

const of = (resources: readonly TemplateResource[], type: string): TemplateResource[] =>
  resources.filter((resource) => resource.type === type);

/**
 * What a deployment costs per month while nobody calls it, by what its template has.
 *
 * @throws UnpricedError for a node or instance type without a price
 */
export function fixedCosts(resources: readonly TemplateResource[], prices: Prices): CostLine[] {
  const perMonth = (name: string, what: string, count: number): CostLine[] =>
    count === 0 ? [] : [{ what: `${what} × ${count}`, usd: count * price(prices, name) }];
  const perHour = (name: string, what: string, count: number): CostLine[] =>
    perMonth(name, what, count).map((line) => ({ ...line, usd: line.usd * HOURS_PER_MONTH }));
  return [
    ...of(resources, 'AWS::ElastiCache::ReplicationGroup').flatMap(({ properties }) => {
      const nodes = Number(properties['NumNodeGroups'] ?? 1) * (1 + Number(properties['ReplicasPerNodeGroup'] ?? 0));
      const type = String(properties['CacheNodeType']);
      return perHour(`node.${type}`, `ElastiCache ${type}`, nodes);
    }),
    ...of(resources, 'AWS::DocDB::DBInstance').flatMap(({ properties }) => {
      const type = String(properties['DBInstanceClass']);
      return perHour(`node.${type}`, `DocumentDB ${type}`, 1);
    }),
    ...of(resources, 'AWS::EC2::VPCEndpoint')
      .filter(({ properties }) => properties['VpcEndpointType'] === 'Interface')
      .flatMap(({ properties }) => perHour('endpoint', 'VPC endpoint, zones', lengthOf(properties['SubnetIds']))),
    ...perMonth('secret', 'secret', of(resources, 'AWS::SecretsManager::Secret').length),
    ...perMonth('metric', 'metric of the log', metricsOf(resources)),
    ...perMonth('alarm', 'alarm', of(resources, 'AWS::CloudWatch::Alarm').length),
    ...perMonth('dashboard', 'dashboard', of(resources, 'AWS::CloudWatch::Dashboard').length),
    ...perMonth('key', 'KMS key', of(resources, 'AWS::KMS::Key').length),
  ];
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 1);

/** Metrics that filters make: one with a dimension is a metric for each store. */
function metricsOf(resources: readonly TemplateResource[]): number {
  const filters = of(resources, 'AWS::Logs::MetricFilter').flatMap(({ properties }) => {
    const [transformation] = properties['MetricTransformations'] as { Dimensions?: unknown }[];
    return transformation ? [transformation] : [];
  });
  const stores = new Set(
    of(resources, 'AWS::Logs::MetricFilter').flatMap(({ properties }) => {
      const [{ MetricNamespace: namespace = '' } = {}] = properties['MetricTransformations'] as {
        MetricNamespace?: string;
      }[];
      return namespace.split('/').slice(1);
    }),
  );
  return filters.reduce((count, { Dimensions }) => count + (Dimensions === undefined ? 1 : stores.size), 0);
}

/**
 * What a million increments in one store cost on top of that.
 *
 * @throws UnpricedError
 */
export function incrementCosts(
  resources: readonly TemplateResource[],
  measured: MeasuredIncrement,
  prices: Prices,
): CostLine[] {
  const of1 = (name: string): number => price(prices, name);
  const billedMs = Math.max(1, Math.ceil(measured.executionMs / EXPRESS_STEP_MS)) * EXPRESS_STEP_MS;
  const logs = (what: string, bytes: number): CostLine => ({ what, usd: ((bytes * MILLION) / GB) * of1('logs') });
  const machine = of(resources, 'AWS::StepFunctions::StateMachine').find(
    ({ properties }) => properties['StateMachineType'] === 'EXPRESS',
  );
  const tracing = machine?.properties['TracingConfiguration'] as { Enabled?: boolean } | undefined;
  return [
    { what: 'API Gateway', usd: of1('apiRequests') },
    {
      what: 'Step Functions',
      usd: of1('expressRequests') + (billedMs / 3_600_000) * EXPRESS_GB * MILLION * of1('expressDuration'),
    },
    ...(measured.functionMs === undefined ? [] : [lambdaCost(resources, measured.store, measured.functionMs, prices)]),
    ...storeCost(resources, measured.store, prices),
    logs('execution log', measured.executionLogBytes),
    logs('other logs', measured.functionLogBytes + measured.accessLogBytes),
    ...(tracing?.Enabled === true ? [{ what: 'traces', usd: of1('traces') }] : []),
  ];
}

function lambdaCost(resources: readonly TemplateResource[], store: string, ms: number, prices: Prices): CostLine {
  const properties = functionOf(resources, store)?.properties ?? {};
  const [architecture = 'x86_64'] = (properties['Architectures'] ?? []) as string[];
  const gigabytes = Number(properties['MemorySize'] ?? 128) / 1024;
  const duration = (ms / 1000) * gigabytes * MILLION * price(prices, `lambdaDuration.${architecture}`);
  return { what: 'Lambda', usd: price(prices, 'lambdaRequests') + duration };
}

/** The function of a store's increments, by the logical id that its construct gives it. */
export function functionOf(resources: readonly TemplateResource[], store: string): TemplateResource | undefined {
  return of(resources, 'AWS::Lambda::Function').find(
    ({ logicalId }) => logicalId.toLowerCase().startsWith(store) && !/setup/i.test(logicalId),
  );
}

/** What the store itself bills per write; servers by the hour are fixed costs, other companies' bills are not known here. */
function storeCost(resources: readonly TemplateResource[], store: string, prices: Prices): CostLine[] {
  if (store === 'docdb') return [{ what: 'DocumentDB I/O', usd: price(prices, 'docdbIo') }];
  const onDemand = of(resources, 'AWS::DynamoDB::Table').some(
    ({ properties }) => properties['BillingMode'] === 'PAY_PER_REQUEST',
  );
  return store === 'dynamo' && onDemand ? [{ what: 'DynamoDB write', usd: price(prices, 'dynamoWrites') }] : [];
}

export const totalOf = (lines: readonly CostLine[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);
