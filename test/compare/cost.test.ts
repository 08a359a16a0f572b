import { fixedCosts, incrementCosts, type MeasuredIncrement, totalOf } from '../../compare/cost';
import { readPrices, UnpricedError } from '../../compare/prices';
import { type RawTemplate, resolveTemplate } from '../../local/template';
import type { TemplateResource } from '../../local/template-resource';
import { synthesized } from '../lib/synthesized';

const { date, region, prices } = readPrices();

const resourcesOf = (settings: Record<string, string> = {}): readonly TemplateResource[] =>
  resolveTemplate(synthesized(settings).toJSON() as RawTemplate).resources;

const all = resourcesOf();
const dynamo = resourcesOf({ STORES: 'dynamo' });

/** The template with other properties of the resources of one type. */
const withProperties = (type: string, properties: object): TemplateResource[] =>
  all.map((resource) =>
    resource.type === type ? { ...resource, properties: { ...resource.properties, ...properties } } : resource,
  );

const measured: MeasuredIncrement = {
  store: 'redis',
  executionMs: 20,
  functionMs: 10,
  executionLogBytes: 4000,
  functionLogBytes: 500,
  accessLogBytes: 200,
};

const usdOf = (lines: readonly { what: string; usd: number }[], what: string): number =>
  totalOf(lines.filter((line) => line.what.startsWith(what)));

describe('the price file', () => {
  it('has a date, a region, and for every price a unit and a source', () => {
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(region).toBe('us-east-1');
    for (const entry of Object.values(prices)) {
      expect(entry).toEqual({
        usd: expect.any(Number) as number,
        unit: expect.any(String) as string,
        source: expect.stringMatching(/^https:\/\//) as string,
        read: expect.any(Boolean) as boolean,
      });
    }
  });
});

describe('the fixed costs', () => {
  it('are none of servers, endpoints and secrets with DynamoDB alone', () => {
    const lines = fixedCosts(dynamo, prices).map(({ what }) => what);

    expect(lines.filter((what) => /ElastiCache|DocumentDB|endpoint|secret/.test(what))).toEqual([]);
  });

  it('count nodes by their type and number', () => {
    const before = usdOf(fixedCosts(all, prices), 'ElastiCache');
    const after = usdOf(
      fixedCosts(withProperties('AWS::ElastiCache::ReplicationGroup', { ReplicasPerNodeGroup: 3 }), prices),
      'ElastiCache',
    );

    expect(before).toBeCloseTo(2 * 730 * 0.016);
    expect(after).toBeCloseTo(2 * before);
  });

  it('refuse to guess the price of another node type', () => {
    const large = withProperties('AWS::DocDB::DBInstance', { DBInstanceClass: 'db.r6g.large' });

    expect(() => fixedCosts(large, prices)).toThrow(UnpricedError);
    expect(() => fixedCosts(large, prices)).toThrow('compare/prices.json has no price for "node.db.r6g.large"');
  });

  it('have no metrics below the log level that makes them', () => {
    const quiet = resourcesOf({ STORES: 'dynamo', EXECUTION_LOG_LEVEL: 'OFF' });

    expect(usdOf(fixedCosts(dynamo, prices), 'metric')).toBeCloseTo(5 * 0.3);
    expect(usdOf(fixedCosts(quiet, prices), 'metric')).toBe(0);
  });
});

describe('the costs of a million increments', () => {
  it('are what was measured, at the prices of the file', () => {
    const lines = incrementCosts(all, measured, prices);

    expect(usdOf(lines, 'API Gateway')).toBe(3.5);
    expect(usdOf(lines, 'Step Functions')).toBeCloseTo(1 + (0.1 / 3600) * (64 / 1024) * 1e6 * 0.06);
    expect(usdOf(lines, 'Lambda')).toBeCloseTo(0.2 + 0.01 * 0.5 * 1e6 * 0.0000133334);
    expect(usdOf(lines, 'execution log')).toBeCloseTo(2);
    expect(usdOf(lines, 'other logs')).toBeCloseTo(0.35);
  });

  it('follow the memory and the architecture of the function', () => {
    const template = withProperties('AWS::Lambda::Function', { MemorySize: 1024, Architectures: ['x86_64'] });

    const lines = incrementCosts(template, measured, prices);

    expect(usdOf(lines, 'Lambda')).toBeCloseTo(0.2 + 0.01 * 1e6 * 0.0000166667);
  });

  it('have traces where the state machine is traced', () => {
    const traced = withProperties('AWS::StepFunctions::StateMachine', { TracingConfiguration: { Enabled: true } });

    expect(usdOf(incrementCosts(all, measured, prices), 'traces')).toBe(0);
    expect(usdOf(incrementCosts(traced, measured, prices), 'traces')).toBe(5);
  });

  it('have a write and no function with DynamoDB', () => {
    const withoutFunction = { executionMs: 20, executionLogBytes: 4000, functionLogBytes: 0, accessLogBytes: 200 };

    const lines = incrementCosts(dynamo, { ...withoutFunction, store: 'dynamo' }, prices);

    expect(usdOf(lines, 'DynamoDB write')).toBe(0.625);
    expect(usdOf(lines, 'Lambda')).toBe(0);
  });

  it('bill another 100 ms of the state machine from the first millisecond', () => {
    const [none, short, long] = [0, 100, 101].map((executionMs) =>
      usdOf(incrementCosts(all, { ...measured, executionMs }, prices), 'Step Functions'),
    );

    expect(none).toBe(short);
    expect((long ?? 0) - 1).toBeCloseTo(2 * ((short ?? 0) - 1));
  });
});
