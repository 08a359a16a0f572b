import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { DEPLOYMENTS } from './deployments';
import { stackOf } from './synthesized';

interface Finding {
  readonly rule: string;
  readonly path: string;
}

/** What the AWS Solutions rules of cdk-nag find, besides what is acknowledged. */
function findings(scope: IConstruct): Finding[] {
  return new AwsSolutionsChecks()
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({ rule: ruleName, path: constructPath })),
    );
}

/** What they find when nothing is acknowledged. */
function allFindings(settings: Readonly<Record<string, string>>): Finding[] {
  const acknowledge = jest.spyOn(Validations.prototype, 'acknowledge').mockReturnValue();
  try {
    return findings(stackOf(settings));
  } finally {
    acknowledge.mockRestore();
  }
}

/** Every acknowledgment of a stack, with the construct that it stands at. */
function acknowledgments(scope: IConstruct): (Finding & { reason: string })[] {
  return scope.node.findAll().flatMap(
    ({ node }) =>
      node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries(data as Record<string, string>))
        .map(([id, reason]) => ({ path: node.path, rule: id.replace(/^Annotation::/, ''), reason }))
        .filter(({ rule }) => rule.startsWith('AwsSolutions-')), // CDK acknowledges findings of its own rules
  );
}

describe.each(Object.entries(DEPLOYMENTS))('the AWS Solutions rules on a deployment with %s', (_, settings) => {
  const stack = stackOf(settings);

  it('find nothing that is not acknowledged', () => {
    const found = findings(stack);

    expect(found).toEqual([]);
  });

  it('find everything that is acknowledged, at its construct', () => {
    const found = allFindings(settings);

    const idle = acknowledgments(stack).filter(
      ({ rule, path }) => !found.some((finding) => finding.rule === rule && finding.path.startsWith(path)),
    );
    expect(idle).toEqual([]);
  });
});

describe('an acknowledgment', () => {
  it('silences only its own finding', () => {
    const found = allFindings({ STORES: 'dynamo' }).map(({ rule }) => rule);

    expect(found).toContain('AwsSolutions-APIG4');
  });

  it('gives its reason in a sentence', () => {
    for (const { reason } of acknowledgments(stackOf())) expect(reason).toMatch(/^[A-Z].{20,}\.$/);
  });

  it('is listed in docs/security.md with its rule, constructs and reason', () => {
    const listed = /<!-- acknowledged -->\n+- ([^]*?)\n+<!-- \/acknowledged -->/.exec(
      readFileSync(path.join(__dirname, '..', '..', 'docs', 'security.md'), 'utf8'),
    )?.[1];
    const constructs = new Map<string, Set<string>>();
    for (const settings of Object.values(DEPLOYMENTS)) {
      for (const { rule, path: construct, reason } of acknowledgments(stackOf(settings))) {
        const key = `${rule.replace('AwsSolutions-', '')}\n${reason}`;
        constructs.set(key, (constructs.get(key) ?? new Set()).add(construct.replace('AtomicCounter/', '')));
      }
    }

    const items = [...constructs].map(([key, at]) => {
      const [rule, reason] = key.split('\n');
      return `\`${rule}\`, ${[...at].sort().join(', ')}: ${reason}`;
    });
    const written = listed?.split('\n- ').map((item) => item.replace(/\s+/g, ' '));
    expect(written?.sort()).toEqual(items.sort());
  });
});
