import type { TemplateResource } from '../cloudformation/resource';
import { GatewayError } from './gateway-error';
import { Properties } from './properties';
import { Quota, type QuotaSettings, readQuota } from './quota';
import { TokenBucket } from './token-bucket';

/** A key that a client may send as `x-api-key`, with the limits of the plan that it belongs to. */
export interface ApiKey {
  readonly id: string;
  readonly value: string;
  readonly enabled: boolean;
}

interface Limit {
  readonly rate: number;
  readonly burst: number;
}

/** A usage plan's limits for one stage. */
export interface PlanOfStage {
  readonly apiId: string;
  readonly stage: string;
  readonly plan: UsagePlan;
  /** Limits of single methods, by `/resource/path/METHOD`. */
  readonly methodLimits: ReadonlyMap<string, Limit>;
}

export interface UsagePlan {
  readonly id: string;
  readonly keys: ApiKey[];
  readonly throttle: Limit | undefined;
  readonly quota: QuotaSettings | undefined;
  /** Used up by each key over all stages of the plan. */
  readonly use: Map<string, { bucket: TokenBucket | undefined; quota: Quota | undefined }>;
}

/**
 * Admits the requests of a stage's methods that need a key: the key must be enabled and in a usage plan of the stage, and
 * within the plan's throttle and quota.
 *
 * Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html (limits of a client and
 * method come before the others).
 */
export class UsagePlans {
  private readonly clients = new Map<string, { key: ApiKey; of: PlanOfStage }>();
  private readonly methodBuckets = new Map<string, TokenBucket>();

  constructor(
    plans: readonly PlanOfStage[],
    private readonly now: () => number,
  ) {
    for (const of of plans) for (const key of of.plan.keys) this.clients.set(key.value, { key, of });
  }

  /**
   * @param value of the `x-api-key` header
   * @param method `/resource/path/METHOD`
   * @throws GatewayError INVALID_API_KEY, THROTTLED, QUOTA_EXCEEDED
   */
  admit(value: string | undefined, method: string): ApiKey {
    const client = value === undefined ? undefined : this.clients.get(value);
    if (client?.key.enabled !== true) throw new GatewayError('INVALID_API_KEY');
    const { key, of } = client;
    const limit = of.methodLimits.get(method);
    if (limit !== undefined && !this.methodBucket(key.id, method, limit).take()) throw new GatewayError('THROTTLED');
    const { bucket, quota } = this.useOf(of.plan, key);
    if (limit === undefined && bucket?.take() === false) throw new GatewayError('THROTTLED');
    if (quota?.take() === false) throw new GatewayError('QUOTA_EXCEEDED');
    return key;
  }

  private methodBucket(keyId: string, method: string, { rate, burst }: Limit): TokenBucket {
    const id = `${keyId} ${method}`;
    const bucket = this.methodBuckets.get(id) ?? new TokenBucket(rate, burst, this.now);
    this.methodBuckets.set(id, bucket);
    return bucket;
  }

  private useOf({ use, throttle, quota }: UsagePlan, key: ApiKey) {
    const known = use.get(key.id);
    if (known !== undefined) return known;
    const made = {
      bucket: throttle && new TokenBucket(throttle.rate, throttle.burst, this.now),
      quota: quota && new Quota(quota, this.now),
    };
    use.set(key.id, made);
    return made;
  }
}

/** Reads `Throttle`, or `ThrottlingRateLimit` and `ThrottlingBurstLimit` of a stage's method settings. */
export function readLimit(properties: Properties, rateField: string, burstField: string): Limit | undefined {
  const rate = properties.optionalNumber(rateField);
  const burst = properties.optionalNumber(burstField);
  if (rate === undefined && burst === undefined) return undefined;
  if (rate === undefined) throw properties.refuse(rateField, `is missing beside ${burstField}`);
  if (burst === undefined) throw properties.refuse(burstField, `is missing beside ${rateField}`);
  return { rate, burst };
}

/**
 * Reads keys, plans, and which key is in which plan.
 *
 * @param keyValue of a key that has none in the template: CloudFormation would generate one
 * @throws UnsupportedTemplateError
 */
export function readUsagePlans(resources: readonly TemplateResource[], keyValue: string): PlanOfStage[] {
  const keys = readKeys(resources, keyValue);
  const plans = resources.filter(({ type }) => type === 'AWS::ApiGateway::UsagePlan').map(readPlan);
  for (const resource of resources.filter(({ type }) => type === 'AWS::ApiGateway::UsagePlanKey')) {
    const properties = new Properties(resource);
    properties.choice('KeyType', ['API_KEY'], 'API_KEY');
    const key = keys.get(properties.text('KeyId'));
    if (key === undefined) throw properties.refuse('KeyId', 'names no AWS::ApiGateway::ApiKey of the template');
    const plan = plans.find(([{ id }]) => id === properties.text('UsagePlanId'));
    if (plan === undefined)
      throw properties.refuse('UsagePlanId', 'names no AWS::ApiGateway::UsagePlan of the template');
    plan[0].keys.push(key);
    properties.refuseOthers();
  }
  return plans.flatMap(([, stages]) => stages);
}

function readKeys(resources: readonly TemplateResource[], keyValue: string): Map<string, ApiKey> {
  const keys = new Map<string, ApiKey>();
  for (const resource of resources.filter(({ type }) => type === 'AWS::ApiGateway::ApiKey')) {
    const properties = new Properties(resource);
    properties.ignore('Name', 'Description', 'Tags', 'CustomerId', 'GenerateDistinctId');
    properties.ignore('StageKeys'); // from before usage plans: names a stage, admits no caller on its own
    const value = properties.optionalText('Value') ?? keyValue;
    if ([...keys.values()].some((other) => other.value === value))
      throw properties.refuse('Value', 'is missing: only one key can have the generated value');
    keys.set(resource.physicalId, { id: resource.physicalId, value, enabled: properties.flag('Enabled') });
    properties.refuseOthers();
  }
  return keys;
}

function readPlan(resource: TemplateResource): [UsagePlan, PlanOfStage[]] {
  const properties = new Properties(resource).ignore('UsagePlanName', 'Description', 'Tags');
  const throttle = properties.optionalObject('Throttle');
  const quota = properties.optionalObject('Quota');
  const plan: UsagePlan = {
    id: resource.physicalId,
    keys: [],
    throttle: throttle && readLimit(throttle, 'RateLimit', 'BurstLimit'),
    quota: quota && readQuota(quota),
    use: new Map(),
  };
  throttle?.refuseOthers();
  const stages = properties.objects('ApiStages').map((stage): PlanOfStage => {
    const methodLimits = new Map<string, Limit>();
    const limits = stage.optionalObject('Throttle');
    for (const method of limits?.fields ?? []) {
      const limit = limits?.optionalObject(method);
      const read = limit && readLimit(limit, 'RateLimit', 'BurstLimit');
      if (read !== undefined) methodLimits.set(method, read);
      limit?.refuseOthers();
    }
    const read = { apiId: stage.text('ApiId'), stage: stage.text('Stage'), plan, methodLimits };
    stage.refuseOthers();
    return read;
  });
  properties.refuseOthers();
  return [plan, stages];
}
