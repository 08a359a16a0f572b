import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as docdb from '../../functions/docdb/errors';
import * as redis from '../../functions/redis/errors';
import * as tidb from '../../functions/tidb/errors';
import { incrementAnswerTemplate } from '../../lib/counter-api/mapping-templates';
import { stateMachines, synthesized } from '../lib/synthesized';

const page = readFileSync(path.join(__dirname, '../../docs/errors.md'), 'utf8');

type Class = 'rejected' | 'not applied, retried' | 'not applied, at once' | 'unknown';

interface Item {
  readonly errors: string;
  readonly kind: string;
  /** Whether the connection is kept or replaced, where it matters. */
  readonly connection?: string;
}

/** The items of the list between `<!-- name -->` and `<!-- /name -->`. */
function items(name: string): Item[] {
  const [, list = ''] = new RegExp(`<!-- ${name} -->([^]*)<!-- /${name} -->`).exec(page) ?? [];
  return list
    .trim()
    .split(/^- /m)
    .slice(1)
    .map((item) => {
      const [, errors = '', kind = '', connection] =
        /^(.*?): \*\*(.*?)\*\*(?:, connection (\w+))?/.exec(item.replace(/\s+/g, ' ')) ?? [];
      return { errors, kind, ...(connection === undefined ? {} : { connection }) };
    });
}

/** What the page lists in a class by a name or a code alone, not by a text that goes with it. */
function listed(name: string, wanted: Class): string[] {
  return items(name)
    .filter(({ errors, kind }) => kind === wanted && /^(`\w+`(, )?)+$/.test(errors))
    .flatMap(({ errors }) => Array.from(errors.matchAll(/`(\w+)`/g), ([, error = '']) => error))
    .sort();
}

/** Codes that a translation knows by themselves, beside its lists. */
const DOCDB_ALONE = { retried: ['11000'], atOnce: ['14', '2'] };
const REDIS_ALONE = ['WRONGTYPE'];

const sorted = (keys: Iterable<unknown>): string[] => Array.from(keys, String).sort();

describe('docs/errors.md', () => {
  it("lists Redis' errors as the code has them", () => {
    expect(listed('redis', 'not applied, retried')).toEqual(sorted(redis.REFUSED_FOR_NOW));
    expect(listed('redis', 'not applied, at once')).toEqual(sorted(redis.REFUSED));
    for (const word of REDIS_ALONE) expect(redis.NOT_A_NUMBER.test(word)).toBe(true);
  });

  it("lists DocumentDB's errors as the code has them", () => {
    const retried = [...docdb.REFUSED_FOR_NOW.keys(), ...DOCDB_ALONE.retried];
    const atOnce = [...docdb.REFUSED.keys(), ...DOCDB_ALONE.atOnce];

    expect(listed('docdb', 'not applied, retried')).toEqual(sorted(retried));
    expect(listed('docdb', 'not applied, at once')).toEqual(sorted(atOnce));
  });

  it("lists TiDB's errors as the code has them, and whether their connection is kept", () => {
    const isKept = (errno: string): boolean =>
      tidb.isConnectionGood(Object.assign(new Error('x'), { errno: Number(errno), sqlState: 'HY000' }));

    expect(listed('tidb', 'not applied, retried')).toEqual(sorted(tidb.REFUSED_FOR_NOW.keys()));
    expect(listed('tidb', 'not applied, at once')).toEqual(sorted(tidb.REFUSED.keys()));
    for (const { errors, connection } of items('tidb')) {
      if (connection === undefined) continue;
      for (const [, errno = ''] of errors.matchAll(/`(\d+)`/g))
        expect([errno, isKept(errno)]).toEqual([errno, connection === 'kept']);
    }
  });

  it('lists how an increment with a key ends as the mapping template answers', () => {
    const answers = incrementAnswerTemplate({ idempotencyWindowSeconds: 120 });
    const ends = Array.from(
      answers.matchAll(/\$outcome == "(replayed|no-room|late)"\)\s*#set\(\$status = (\d{3})\)[^{]*?(\{.*?\})/g),
      ([, outcome, status, body = '']) => ({ outcome, status, error: /"error":"([^"]*)"/.exec(body)?.[1] }),
    );

    const rows = items('keys').map(({ errors, kind }) => `${errors}: ${kind}`);

    expect(ends.map(({ outcome }) => outcome)).toEqual(['replayed', 'no-room', 'late']);
    for (const { outcome, status, error } of ends.slice(1))
      expect(rows).toContain(`\`${outcome}\`, "${error}", ${status}: not applied`);
    expect(rows).toContain('`replayed`, 200: counted');
    expect(rows).toContain('`invalid-request`, "Idempotency-Key must be 1 to 64 of the characters …", 400: rejected');
    expect(rows).toHaveLength(5);
  });

  it('lists the errors of Lambda and of DynamoDB as the state machine has them', () => {
    const { States } = stateMachines(synthesized()).increment;
    /** The names that an expression asks for: the alternatives of the first pattern in a state's choices. */
    const namesIn = (state: string): string[] => {
      const conditions = JSON.stringify(States[state]?.Choices);
      const [, pattern = ''] = /\/\^\w+\\\\\.(\(\?:.*?Exception)\$\//.exec(conditions) ?? [];
      return expand(pattern);
    };
    const { Retry = [] } = States['Increment in Redis'] ?? {};
    const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals).map((name) => name.replace('Lambda.', ''));

    expect(listed('dynamo', 'not applied, retried')).toEqual(namesIn('Was the update refused?').sort());
    expect([...listed('lambda', 'not applied, at once'), ...listed('lambda', 'not applied, retried')].sort()).toEqual(
      namesIn("Did Redis's function run?").sort(),
    );
    expect(sorted([...listed('lambda', 'not applied, retried'), 'Ec2ThrottledException', 'NotAppliedError'])).toEqual(
      retried.sort(),
    );
  });
});

/** All texts that a pattern of nested alternatives matches: `a(?:b|c)?` is `a`, `ab` and `ac`. */
function expand(pattern: string): string[] {
  const group = /\(\?:([^()]*)\)(\??)/.exec(pattern);
  if (!group) return alternatives(pattern);
  const [whole, inner = '', optional] = group;
  const branch = { start: pattern.slice(0, group.index), end: pattern.slice(group.index + whole.length) };
  // A group's own alternatives belong between what stands before and after it inside the alternative around it.
  const before = /[^|(:]*$/.exec(branch.start)?.[0] ?? '';
  const after = /^[^|)]*/.exec(branch.end)?.[0] ?? '';
  const texts = [...inner.split('|'), ...(optional ? [''] : [])].map((text) => `${before}${text}${after}`);
  return expand(
    branch.start.slice(0, branch.start.length - before.length) + texts.join('|') + branch.end.slice(after.length),
  );
}

const alternatives = (pattern: string): string[] => pattern.split('|');
