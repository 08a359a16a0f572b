import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_SETTINGS } from '../lib/configuration';
import { projectRoot } from '../lib/project-root';
import { loadTemplate } from 'template-runtime/cloudformation';
import { runCommand } from '../tools/command-line';
import { openApiDocument } from '../tools/openapi/document';
import { startProgress } from '../local/progress';
import { synthesize } from '../local/synthesize';

const FILE = path.join('docs', 'openapi.json');

/** `npm run openapi`: writes docs/openapi.json, the description of the API that the default settings deploy. */
async function main(): Promise<void> {
  const outputFolder = `cdk.out.openapi-${process.pid}`;
  const { during } = startProgress();
  const assembly = await during('Synthesizing the CDK app', () =>
    synthesize({ outputFolder, settings: DEFAULT_SETTINGS }),
  );
  try {
    const { version } = JSON.parse(readFileSync(path.join(projectRoot(), 'package.json'), 'utf8')) as {
      version: string;
    };
    const document = openApiDocument(loadTemplate(assembly).resources, version);
    writeFileSync(path.join(projectRoot(), FILE), `${JSON.stringify(document, null, 2)}\n`);
    console.log(`Wrote ${FILE}`);
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
}

runCommand(
  {
    name: 'openapi',
    purpose: 'Writes docs/openapi.json, the description of the API that the default settings deploy.',
  },
  main,
);
