import type { Check } from './checks';
import type { Deployment, Resource } from './deployment';

/** How one emulator deployed the CloudFormation template of one configuration. */
export interface Opinion {
  readonly emulator: string;
  readonly version: string;
  /** The settings of the synthesis, as one would type them. */
  readonly settings: string;
  readonly deployment: Deployment;
  readonly checks: readonly Check[];
}

/**
 * The report as Markdown: a summary, then what failed, was skipped by the emulator, or differs from the contract. Lists,
 * since an emulator's messages are too long for the columns of a table.
 */
export function markdown(opinions: readonly Opinion[], date: string): string {
  const summary = list(
    opinions.map(({ emulator, version, settings, deployment: { status, resources }, checks }) =>
      [
        `**${emulator} ${version}, \`${settings}\`**: ${status}`,
        ...(resources.length === 0 ? [] : [`resources created: ${made(resources).length} of ${resources.length}`]),
        ...(checks.length === 0
          ? []
          : [
              `checks that match the contract: ${checks.filter(agrees).length} of ${checks.length}`,
              `\`POST /dynamo/x\`: ${checks[0]?.actual ?? '–'}`,
            ]),
      ].join('; '),
    ),
  );
  const sections = opinions.map(({ emulator, version, settings, deployment, checks }) =>
    [
      `### ${emulator} ${version}, \`${settings}\``,
      ...(deployment.resources.length === 0 ? [`Not deployed: ${deployment.status}`] : [resourceList(deployment)]),
      ...(checks.length === 0
        ? []
        : [
            list(
              checks.map((check) =>
                agrees(check)
                  ? `\`${check.what}\`: ${check.actual}`
                  : `\`${check.what}\`: ${check.expected} by the contract, but **${check.actual}**`,
              ),
            ),
          ]),
    ].join('\n\n'),
  );
  return [`Asked on ${date}.`, summary, ...sections].join('\n\n');
}

/** Whether the emulator answers a request according to the contract. */
export function agrees({ expected, actual }: Check): boolean {
  return actual === expected;
}

/** Created by the emulator, not just skipped. */
function made(resources: Deployment['resources']): Deployment['resources'] {
  return resources.filter(({ status, reason }) => status === 'CREATE_COMPLETE' && reason === '');
}

/** What was created, in a line; what was not, or was skipped, in a list. */
function resourceList({ resources }: Deployment): string {
  const plain = made(resources);
  const others = counted(resources.filter((resource) => !plain.includes(resource)));
  const types = counted(plain.map(({ type }) => ({ type, status: '', reason: '' })));
  const line = `Created: ${types.map(({ type, count }) => `${count} × \`${type.replace('AWS::', '')}\``).join(', ') || 'nothing'}.`;
  if (others.length === 0) return line;
  const items = others.map(
    ({ type, count, status, reason }) => `${count} × \`${type}\`: ${status}${reason && `, ${reason}`}`,
  );
  return `${line}\n\n${list(items)}`;
}

type Counted = Pick<Resource, 'type' | 'status' | 'reason'> & { readonly count: number };

function counted(resources: readonly Pick<Resource, 'type' | 'status' | 'reason'>[]): Counted[] {
  const groups = new Map<string, Counted>();
  for (const { type, status, reason } of resources) {
    const key = JSON.stringify([type, status, reason]);
    groups.set(key, { type, status, reason, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item.replace(/\s+/g, ' ')}`).join('\n');
}
