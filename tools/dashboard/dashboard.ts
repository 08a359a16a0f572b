import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { DEFAULT_SETTINGS } from '../../lib/configuration';
import {
  dashboardBody,
  type DeployedResource,
  fillDashboardBody,
  type TemplateWithDashboard,
} from '../../lib/dashboard-body';
import { projectRoot } from '../../lib/project-root';
import { onAws } from '../aws';
import { stackId } from '../deployed-stack';
import { startProgress } from '../../local/progress';
import { synthesize } from '../../local/synthesize';

const FILE = 'docs/cloudwatch-dashboard.json';

/**
 * `npm run dashboard`: writes the dashboard that the default settings deploy to `docs/cloudwatch-dashboard.json`. With the
 * name of a deployed stack, prints that file with the stack's own names in it.
 */
export async function exportDashboard([stack]: readonly string[]): Promise<void> {
  if (stack === undefined) {
    await writeFile(path.join(projectRoot(), FILE), await defaultDashboardBody());
    console.log(`Wrote ${FILE}`);
  } else {
    const body = await readFile(path.join(projectRoot(), FILE), 'utf8');
    await onAws(async () => {
      const client = new CloudFormationClient({});
      console.log(fillDashboardBody(body, await stackId(client, stack), await stackResources(client, stack)).trimEnd());
    });
  }
}

async function defaultDashboardBody(): Promise<string> {
  const assembly = await mkdtemp(path.join(tmpdir(), 'dashboard-'));
  try {
    const { during } = startProgress();
    await during('Synthesizing the CDK app', () => synthesize({ outputFolder: assembly, settings: DEFAULT_SETTINGS }));
    const template = await readFile(path.join(assembly, 'AtomicCounter.template.json'), 'utf8');
    return dashboardBody(JSON.parse(template) as TemplateWithDashboard);
  } finally {
    await rm(assembly, { recursive: true });
  }
}

async function stackResources(client: CloudFormationClient, stack: string): Promise<DeployedResource[]> {
  const resources: DeployedResource[] = [];
  for await (const { StackResourceSummaries: page = [] } of paginateListStackResources(
    { client },
    { StackName: stack },
  )) {
    for (const { LogicalResourceId: logicalId = '', PhysicalResourceId: physicalId = '' } of page) {
      resources.push({ logicalId, physicalId });
    }
  }
  return resources;
}
