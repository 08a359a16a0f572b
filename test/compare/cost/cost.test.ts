import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CALL_KINDS,
  callCosts,
  type CostLine,
  idleCosts,
  type MeasuredCall,
  metricCosts,
  totalOf,
} from '../../../compare/cost/cost';
import { keptKeys, keyedStoreCost, keysTable } from '../../../compare/cost/keys';
import { callTable, idleTable, logTable, UNVERIFIED } from '../../../compare/cost/table';
import { keptSeconds } from '../../../functions/keyed-increment';
import { readPrices, UnpricedError } from '../../../compare/cost/prices';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import type { TemplateResource } from 'template-runtime/cloudformation';
import { synthesized } from '../../lib/synthesized';

const { date, region, prices } = readPrices();

const resourcesOf = (settings: Record<string, string> = {}): readonly TemplateResource[] =>
  resolveTemplate(synthesized(settings).toJSON() as RawTemplate, stackLocation('AtomicCounter')).resources;

const all = resourcesOf();
const dynamo = resourcesOf({ STORES: 'dynamo' });

interface Dashboard {
  readonly widgets: readonly { readonly properties: { readonly metrics?: readonly unknown[] } }[];
}

/** The template with other properties of the resources of one type. */
const withProperties = (type: string, properties: object): TemplateResource[] =>
  all.map((resource) =>
    resource.type === type ? { ...resource, properties: { ...resource.properties, ...properties } } : resource,
  );

const measured: MeasuredCall = {
  store: 'redis',
  kind: 'unconditional',
  executionMs: 20,
  functionMs: 10,
  executionEvents: 11,
  executionLogBytes: 4000,
  functionLogBytes: 500,
  accessLogBytes: 200,
};

const usdOf = (lines: readonly CostLine[], what: string): number =>
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
        read: entry.read && {
          at: expect.stringMatching(/^https:\/\//) as string,
          dated: entry.read.dated && (expect.stringMatching(/^\d{4}(-\d\d){0,2}$/) as string),
        },
        ...(entry.freePerMonth === undefined ? {} : { freePerMonth: expect.any(Number) as number }),
      });
    }
  });
});

describe('the idle costs', () => {
  it('are none of servers, endpoints and secrets with DynamoDB alone', () => {
    const lines = idleCosts(dynamo, prices).map(({ what }) => what);

    expect(lines.filter((what) => /ElastiCache|DocumentDB|endpoint|secret/.test(what))).toEqual([]);
  });

  it('count nodes by their type and number', () => {
    const before = usdOf(idleCosts(all, prices), 'ElastiCache');
    const after = usdOf(
      idleCosts(withProperties('AWS::ElastiCache::ReplicationGroup', { ReplicasPerNodeGroup: 3 }), prices),
      'ElastiCache',
    );

    expect(before).toBeCloseTo(2 * 730 * 0.016);
    expect(after).toBeCloseTo(2 * before);
  });

  it('refuse to guess the price of another node type', () => {
    const large = withProperties('AWS::DocDB::DBInstance', { DBInstanceClass: 'db.r6g.large' });

    expect(() => idleCosts(large, prices)).toThrow(UnpricedError);
    expect(() => idleCosts(large, prices)).toThrow('compare/prices.json has no price for "node.db.r6g.large"');
  });

  it('are nothing with DynamoDB alone, after the free tier of CloudWatch', () => {
    const idle = idleCosts(dynamo, prices);

    expect(idle.map(({ what }) => what)).toEqual(['alarm × 9', 'dashboard × 1']);
    expect(idleTable(idle).at(-1)).toEqual(['together', '$3.90', '$0.00']);
  });

  it('are nothing at all with DynamoDB alone, without alarms and dashboard', () => {
    const bare = resourcesOf({ STORES: 'dynamo', ALARMS: 'false', DASHBOARD: 'false' });

    expect(idleCosts(bare, prices)).toEqual([]);
  });

  it('have what exceeds the free tier', () => {
    const alarms = idleCosts(all, prices).find(({ what }) => what === 'alarm × 20');

    expect(alarms?.usd).toBeCloseTo(2);
    expect(alarms?.afterFreeTier).toBeCloseTo(1);
  });

  // https://aws.amazon.com/cloudwatch/pricing/: dashboards of up to 50 metrics, alarms on a metric, not on a query
  it('are of dashboards and alarms that the free tier is for', () => {
    const bodies = all
      .filter(({ type }) => type === 'AWS::CloudWatch::Dashboard')
      .map(({ properties }) => JSON.parse(String(properties['DashboardBody'])) as Dashboard);
    const alarms = all.filter(({ type }) => type === 'AWS::CloudWatch::Alarm');

    for (const { widgets } of bodies) {
      expect(widgets.flatMap(({ properties }) => properties.metrics ?? []).length).toBeLessThanOrEqual(50);
    }
    expect(alarms.filter(({ properties }) => properties['MetricName'] === undefined)).toEqual([]);
    expect(alarms.filter(({ properties }) => Number(properties['Period']) < 60)).toEqual([]);
  });

  it('have the key of the topic that mails alarms, the secrets and each zone of the endpoint', () => {
    const mailed = resourcesOf({ STORES: 'dynamo', ALARM_EMAIL: 'operator@example.com' });

    expect(usdOf(idleCosts(mailed, prices), 'KMS key × 1')).toBe(1);
    expect(usdOf(idleCosts(all, prices), 'secret × 5')).toBeCloseTo(5 * 0.4);
    expect(usdOf(idleCosts(all, prices), 'VPC endpoint, zones × 2')).toBeCloseTo(2 * 730 * 0.01);
  });

  it('are marked where a price could not be read', () => {
    const [head = '', ...rest] = idleTable(idleCosts(all, prices)).flatMap(([what = '']) => what);

    expect(head).toBe('idle, per month');
    expect(rest.filter((what) => what.endsWith(UNVERIFIED))).toEqual([
      `ElastiCache cache.t4g.micro × 2${UNVERIFIED}`,
      `DocumentDB db.t4g.medium × 1${UNVERIFIED}`,
    ]);
  });
});

describe('the metrics of the log', () => {
  it('are billed while they are written, where the log level makes them', () => {
    const quiet = resourcesOf({ STORES: 'dynamo', EXECUTION_LOG_LEVEL: 'OFF' });

    expect(metricCosts(dynamo, prices)).toEqual([
      { what: 'metric of the log × 5', usd: 1.5, afterFreeTier: 0, verified: true },
    ]);
    expect(metricCosts(quiet, prices)).toEqual([]);
  });
});

describe('the costs of a million calls', () => {
  it('are what was measured, at the prices of the file', () => {
    const lines = callCosts(all, measured, prices);

    expect(usdOf(lines, 'API Gateway')).toBe(3.5);
    expect(usdOf(lines, 'Express')).toBeCloseTo(1 + (0.1 / 3600) * (64 / 1024) * 1e6 * 0.06);
    expect(usdOf(lines, 'Lambda')).toBeCloseTo(0.2 + 0.01 * 0.5 * 1e6 * 0.0000133334);
    expect(usdOf(lines, 'log')).toBeCloseTo(2.35);
  });

  it('follow the memory and the architecture of the function', () => {
    const template = withProperties('AWS::Lambda::Function', { MemorySize: 1024, Architectures: ['x86_64'] });

    const lines = callCosts(template, measured, prices);

    expect(usdOf(lines, 'Lambda')).toBeCloseTo(0.2 + 0.01 * 1e6 * 0.0000166667);
  });

  it('have the traces of one call of twenty where the state machine is traced', () => {
    const traced = withProperties('AWS::StepFunctions::StateMachine', { TracingConfiguration: { Enabled: true } });

    expect(usdOf(callCosts(all, measured, prices), 'traces')).toBe(0);
    expect(usdOf(callCosts(traced, measured, prices), 'traces')).toBe(0.25);
  });

  it('have what the store bills for each kind of call', () => {
    const bill = (store: string, kind: MeasuredCall['kind']): number =>
      usdOf(callCosts(all, { ...measured, store, kind }, prices), 'store');
    const bills = (store: string): string[] => CALL_KINDS.map((kind) => bill(store, kind).toFixed(2));

    expect(CALL_KINDS).toEqual(['unconditional', 'conditional', 'keyed', 'replayed', 'read']);
    expect(bills('dynamo')).toEqual(['0.63', '0.63', '0.65', '0.75', '0.13']);
    expect(bills('redis')).toEqual(['0.00', '0.00', '0.00', '0.00', '0.00']);
    expect(bills('momento')).toEqual(['0.50', '3.50', '3.50', '3.00', '3.00']);
    expect(bills('docdb')).toEqual(['0.20', '0.20', '0.20', '0.00', '0.00']);
    expect(bills('tidb')).toEqual(['0.41', '0.41', '0.44', '0.22', '0.11']);
  });

  it('have nothing of the store where DynamoDB has capacity that is paid by the hour', () => {
    const provisioned = withProperties('AWS::DynamoDB::Table', { BillingMode: 'PROVISIONED' });

    for (const kind of CALL_KINDS)
      expect(usdOf(callCosts(provisioned, { ...measured, store: 'dynamo', kind }, prices), 'store')).toBe(0);
  });

  it('bill another 100 ms of the state machine from the first millisecond', () => {
    const [none, short, long] = [0, 100, 101].map((executionMs) =>
      usdOf(callCosts(all, { ...measured, executionMs }, prices), 'Express'),
    );

    expect(none).toBe(short);
    expect((long ?? 0) - 1).toBeCloseTo(2 * ((short ?? 0) - 1));
  });
});

describe('the keys that a counter remembers', () => {
  const load = { keptSeconds: keptSeconds(120), cap: 1000 };
  const usd = (store: 'dynamo' | 'momento' | 'tidb', keys: number): number => keyedStoreCost(store, keys, prices).usd;

  it('are those of the window and five times the slack, and no more than there may be', () => {
    const kept = [0.1, 1, 3.7, 100].map((newKeysPerSecond) => keptKeys({ ...load, newKeysPerSecond }));

    expect(kept).toEqual([27, 270, 999, 1000]);
  });

  it('cost in DynamoDB a write unit per started KB, and at every 32nd value a read and a write more', () => {
    expect(usd('dynamo', 0)).toBeCloseTo(0.625 * (1 + 1 / 32) + 0.125 / 32);
    expect(usd('dynamo', 37)).toBeCloseTo(0.625 * (1 + 1 / 32) + 0.125 / 32);
    expect(usd('dynamo', 38)).toBeCloseTo(2 * 0.625 * (1 + 1 / 32) + 0.125 / 32);
    expect(usd('dynamo', 999)).toBeCloseTo(26 * 0.625 * (1 + 1 / 32) + (7 * 0.125) / 32);
  });

  it('cost in Momento a consistent read and a write of both texts, in TiDB the bytes of three replicas', () => {
    expect(usd('momento', 10)).toBeCloseTo(0.5 * (6 + 1));
    expect(usd('momento', 33)).toBeCloseTo(0.5 * (12 + 3));
    expect(usd('tidb', 270) - usd('tidb', 0)).toBeCloseTo(0.1 * ((270 * 46 * 3) / 2048) * (1 + 1 / 32), 2);
  });
});

describe('the tables of docs/cost.md', () => {
  const page = readFileSync(path.join(__dirname, '../../../docs/cost.md'), 'utf8');
  const table = (name: string): string[][] => {
    const [, text = ''] = new RegExp(`<!-- ${name} -->([^]*)<!-- /${name} -->`).exec(page) ?? [];
    const lines = text.trim().split('\n');
    return [...lines.slice(0, 1), ...lines.slice(2)].map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  };

  it('have the idle costs of all stores', () => {
    expect(table('idle')).toEqual(idleTable(idleCosts(all, prices)));
  });

  it('have for each store and call what is not measured, and sums that are right', () => {
    const calls = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'].flatMap((store) =>
      CALL_KINDS.map((kind) => {
        const call = { ...measured, store, kind };
        return { measured: call, lines: callCosts(all, call, prices) };
      }),
    );
    const [head, ...rows] = table('cost');
    const [expectedHead, ...expected] = callTable(calls);
    const MEASURED = ['Lambda', 'log', 'together'].map((column) => head?.indexOf(column));
    const fixed = (row: readonly string[]): string[] => row.filter((_, column) => !MEASURED.includes(column));

    expect(head).toEqual(expectedHead);
    expect(rows.map(fixed)).toEqual(expected.map(fixed));
    for (const row of rows) {
      const usd = row.slice(2).map((text) => Number(text.replace(/^(\$|–)/, '')));
      const together = usd.pop() ?? NaN;

      expect(Math.abs(usd.reduce((sum, one) => sum + one, 0) - together)).toBeLessThan(0.04);
    }
  });

  it('have what keys cost with the default window and cap', () => {
    const loads = [0.1, 1, 3.7].map((newKeysPerSecond) => ({
      newKeysPerSecond,
      keptSeconds: keptSeconds(120),
      cap: 1000,
    }));

    expect(table('keys')).toEqual(keysTable(loads, prices));
  });

  it('have the bytes and the events of each increment', () => {
    const [head, ...rows] = table('log');
    const [redis = '', ...kinds] = rows[1] ?? [];
    const calls = (['unconditional', 'conditional', 'keyed', 'replayed', 'read'] as const).map((kind) => ({
      measured: { ...measured, kind },
      lines: [],
    }));

    expect([head, [redis, ...kinds.map(() => '4,000, 11')]]).toEqual(logTable(calls));
    expect(rows.map(([store]) => store)).toEqual(['dynamo', 'redis', 'momento', 'docdb', 'tidb']);
    expect(rows.flat().filter((text) => !/^\d{1,2},\d{3}, \d{2}$|^[a-z]+$/.test(text))).toEqual([]);
  });

  it('are about the default deployment, of which the text names what DynamoDB alone costs', () => {
    const [, list = '', free = ''] = idleTable(idleCosts(dynamo, prices)).at(-1) ?? [];

    const deployment = readFileSync(path.join(__dirname, '../../../docs/deployment.md'), 'utf8');
    expect(deployment.replace(/\s+/g, ' ')).toContain(
      `idle it costs ${free} within CloudWatch's free tier (${list} without`,
    );
  });
});
