import type { TemplateResource } from 'template-runtime/cloudformation';
import { markedStore } from '../../local/marked-store';
import { type CostLine, line } from './cost-line';
import { isSized, keyedStoreCost, REPLAY } from './keys';
import { price, type Prices } from './prices';

export { type CostLine, totalOf } from './cost-line';

/** A monthly item. */
export interface MonthlyCost extends CostLine {
  /** The rest in an account that uses its free tier for nothing else. */
  readonly afterFreeTier: number;
}

/** A kind of call of the API: an increment in either mode, with a new idempotency key or a known one, or a read. */
export const CALL_KINDS = ['unconditional', 'conditional', 'keyed', 'replayed', 'read'] as const;
export type CallKind = (typeof CALL_KINDS)[number];
type UnkeyedKind = Exclude<CallKind, 'keyed' | 'replayed'>;

/** What one call uses, as measured. */
export interface MeasuredCall {
  readonly store: string;
  readonly kind: CallKind;
  /** From its first event to its last, in milliseconds; 0 if the log lacks them. */
  readonly executionMs: number;
  /** As Lambda bills it; absent if no function is called. */
  readonly functionMs?: number;
  /** Events written to the execution log. */
  readonly executionEvents: number;
  /** Bytes written to the execution log, the function's log and the access log. */
  readonly executionLogBytes: number;
  readonly functionLogBytes: number;
  readonly accessLogBytes: number;
}

const HOURS_PER_MONTH = 730;
const MILLION = 1e6;
const GB = 1e9;

/** Express bills memory in steps of 64 MB: 50 MB and the definition are well within the first. */
const EXPRESS_GB = 64 / 1024;
const EXPRESS_STEP_MS = 100;

/**
 * Momento bills each operation by the started KB, and a read with the read concern `CONSISTENT` sixfold. An uncontended
 * conditional increment is such a read and a write.
 * Source: https://docs.momentohq.com/cache/learn/how-it-works/read-concern
 */
const MOMENTO_OPERATIONS: Readonly<Record<UnkeyedKind, number>> = { unconditional: 1, conditional: 7, read: 6 };

/**
 * Request units of TiDB Cloud Starter, estimated: a read of one row (1/8 for the request, 1/2 for the batch), three
 * replicas of a write (1/2 and 1/2 each), 1 ms of CPU (1/3) and 100 bytes sent (1/10).
 * Source: https://www.pingcap.com/tidb-cloud-starter-pricing-details/
 */
const TIDB_UNITS: Readonly<Record<UnkeyedKind, number>> = { unconditional: 4.1, conditional: 4.1, read: 1.1 };

/**
 * What X-Ray's default rule records: one request in twenty, and the first of each second, which a number of calls can't
 * determine. API Gateway decides, and the services that it calls follow.
 * Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
 */
const TRACED_SHARE = 0.05;

const of = (resources: readonly TemplateResource[], type: string): TemplateResource[] =>
  resources.filter((resource) => resource.type === type);

/** `count` of something billed by the month, or by the hours of one. */
function monthly(prices: Prices, name: string, what: string, count: number, hours = 1): MonthlyCost[] {
  if (count === 0) return [];
  const full = line(prices, `${what} × ${count}`, { [name]: count * hours });
  const charged = Math.max(0, count - (price(prices, name).freePerMonth ?? 0));
  return [{ ...full, afterFreeTier: full.usd * (charged / count) }];
}

/**
 * What a deployment costs per month without calls, by the resources of its CloudFormation template.
 *
 * The metrics of the log are not included: they are billed for the hours in which they get data.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_billing.html
 *
 * @throws UnpricedError for a node or instance type without a price
 */
export function idleCosts(resources: readonly TemplateResource[], prices: Prices): MonthlyCost[] {
  const perMonth = (name: string, what: string, type: string): MonthlyCost[] =>
    monthly(prices, name, what, of(resources, type).length);
  const perHour = (name: string, what: string, count: number): MonthlyCost[] =>
    monthly(prices, name, what, count, HOURS_PER_MONTH);
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
    ...of(resources, 'AWS::EC2::FlowLog')
      .filter(({ properties }) => properties['TrafficType'] === 'REJECT')
      .map(() => ({ ...line(prices, 'flow log, without rejected traffic', { logs: 0 }), afterFreeTier: 0 })),
    ...perMonth('secret', 'secret', 'AWS::SecretsManager::Secret'),
    ...perMonth('key', 'KMS key', 'AWS::KMS::Key'),
    ...perMonth('alarm', 'alarm', 'AWS::CloudWatch::Alarm'),
    ...perMonth('dashboard', 'dashboard', 'AWS::CloudWatch::Dashboard'),
  ];
}

/** What the metrics of the log add to a month in which each of them counts a call in every hour. */
export function metricCosts(resources: readonly TemplateResource[], prices: Prices): MonthlyCost[] {
  return monthly(prices, 'metric', 'metric of the log', metricsOf(resources));
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 1);

/** The metrics of the filters: one with a dimension is a metric for each store. */
function metricsOf(resources: readonly TemplateResource[]): number {
  const filters = of(resources, 'AWS::Logs::MetricFilter').flatMap(({ properties }) => {
    const [transformation] = properties['MetricTransformations'] as {
      Dimensions?: unknown;
      MetricNamespace?: string;
    }[];
    return transformation ? [transformation] : [];
  });
  const stores = new Set(filters.flatMap(({ MetricNamespace = '' }) => MetricNamespace.split('/').slice(1)));
  return filters.reduce((count, { Dimensions }) => count + (Dimensions === undefined ? 1 : stores.size), 0);
}

/**
 * What a million calls cost on top of that.
 *
 * @throws UnpricedError
 */
export function callCosts(
  resources: readonly TemplateResource[],
  measured: MeasuredCall,
  prices: Prices,
): readonly CostLine[] {
  const billedMs = Math.max(1, Math.ceil(measured.executionMs / EXPRESS_STEP_MS)) * EXPRESS_STEP_MS;
  const logBytes = measured.executionLogBytes + measured.functionLogBytes + measured.accessLogBytes;
  const tracing = machineOf(resources, measured.kind)?.properties['TracingConfiguration'] as
    { Enabled?: boolean } | undefined;
  return [
    line(prices, 'API Gateway', { apiRequests: 1 }),
    line(prices, 'Express', {
      expressRequests: 1,
      expressDuration: (billedMs / 3_600_000) * EXPRESS_GB * MILLION,
    }),
    ...(measured.functionMs === undefined ? [] : [lambdaCost(resources, measured.store, measured.functionMs, prices)]),
    ...storeCost(resources, measured, prices),
    line(prices, 'log', { logs: (logBytes * MILLION) / GB }),
    ...(tracing?.Enabled === true ? [line(prices, 'traces', { traces: TRACED_SHARE })] : []),
  ];
}

function lambdaCost(resources: readonly TemplateResource[], store: string, ms: number, prices: Prices): CostLine {
  const properties = functionOf(resources, store)?.properties ?? {};
  const [architecture = 'x86_64'] = (properties['Architectures'] ?? []) as string[];
  const gigabytes = Number(properties['MemorySize'] ?? 128) / 1024;
  return line(prices, 'Lambda', {
    lambdaRequests: 1,
    [`lambdaDuration.${architecture}`]: (ms / 1000) * gigabytes * MILLION,
  });
}

/** The state machine of a kind of call, found by the logical id that its construct gives it. */
function machineOf(resources: readonly TemplateResource[], kind: CallKind): TemplateResource | undefined {
  const construct = workflowOf(kind);
  return of(resources, 'AWS::StepFunctions::StateMachine').find(({ logicalId }) => logicalId.startsWith(construct));
}

/** The construct that creates the state machine of a kind of call, and its log. */
export const workflowOf = (kind: CallKind): string => (kind === 'read' ? 'ReadWorkflow' : 'IncrementWorkflow');

/** The function of a store's calls, by the metadata in the CloudFormation template. */
export function functionOf(resources: readonly TemplateResource[], store: string): TemplateResource | undefined {
  return of(resources, 'AWS::Lambda::Function').find((resource) => markedStore(resource) === store);
}

/**
 * What the store itself bills per call, with a key where the counter has few. Servers billed by the hour are idle costs,
 * and DocumentDB answers reads from memory.
 */
function storeCost(
  resources: readonly TemplateResource[],
  { store, kind }: MeasuredCall,
  prices: Prices,
): readonly CostLine[] {
  const bill = (name: string, quantity = 1): CostLine[] => [line(prices, 'store', { [name]: quantity })];
  if (store === 'dynamo' && !isOnDemand(resources)) return [];
  if (store === 'docdb') return kind === 'read' || kind === 'replayed' ? [] : bill('docdbIo');
  if (kind === 'replayed') return REPLAY[store] ? [line(prices, 'store', REPLAY[store])] : [];
  if (kind === 'keyed') return isSized(store) ? [keyedStoreCost(store, 1, prices)] : [];
  switch (store) {
    case 'dynamo':
      return bill(kind === 'read' ? 'dynamoReads' : 'dynamoWrites');
    case 'momento':
      return bill('momentoOperations', MOMENTO_OPERATIONS[kind]);
    case 'tidb':
      return bill('tidbUnits', TIDB_UNITS[kind]);
    default:
      return [];
  }
}

const isOnDemand = (resources: readonly TemplateResource[]): boolean =>
  of(resources, 'AWS::DynamoDB::Table').some(({ properties }) => properties['BillingMode'] === 'PAY_PER_REQUEST');
