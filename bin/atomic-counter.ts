import { existsSync } from 'node:fs';
import path from 'node:path';
import { App, Annotations } from 'aws-cdk-lib';
import { AtomicCounterStack } from '../lib/atomic-counter-stack';
import { ConfigurationError } from '../lib/configuration';
import { misspeltSettings, readDeployment } from '../lib/environment';
import { CREDENTIAL_FILES } from '../lib/credential-files';
import { projectRoot } from '../lib/project-root';

/** The CDK app: one stack, configured by `.env` and the environment. */
function main(): void {
  const root = projectRoot();
  const { configuration } = readDeployment(root);
  for (const line of misspeltSettings(process.env)) console.error(`Warning: ${line}`);
  const app = new App({ analyticsReporting: false });
  const stack = new AtomicCounterStack(app, 'AtomicCounter', { configuration });
  for (const { store, file } of Object.values(CREDENTIAL_FILES)) {
    if (configuration.stores.includes(store) && !existsSync(path.join(root, file))) {
      Annotations.of(stack).addWarningV2(
        `atomic-counter:no-${store}-credentials`,
        `${file} is missing: ${store} answers 503 until \`npm run secrets\` has uploaded it (docs/deployment.md)`,
      );
    }
  }
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
