import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Lambda, type LambdaOptions, startLambda } from '../../lambda';
import { createLogs, type Logs } from '../../cloudwatch/logs';
import type { TemplateResource } from '../../cloudformation/resource';

/** A function of a test: the text of its index.js, and properties beside the usual ones. */
export interface TestFunction {
  readonly code: string;
  readonly file?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface TestLambda extends Lambda {
  readonly logs: Logs;
  /** What a function wrote to its log, as one text. */
  logOf(name: string): string;
  remove(): Promise<void>;
}

export function functionResource(name: string, properties: Readonly<Record<string, unknown>> = {}): TemplateResource {
  return {
    logicalId: name,
    type: 'AWS::Lambda::Function',
    physicalId: name,
    attributes: { Arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}` },
    properties: { Code: {}, Handler: 'index.handler', Runtime: 'nodejs24.x', ...properties },
    metadata: {},
  };
}

/** Lambda with functions whose code is written to a folder that `remove` deletes. */
export function lambdaWith(
  functions: Readonly<Record<string, TestFunction>>,
  options: Partial<LambdaOptions> = {},
): TestLambda {
  const folder = mkdtempSync(path.join(tmpdir(), 'functions-'));
  const logs = createLogs();
  for (const [name, { code, file = 'index.js' }] of Object.entries(functions)) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, file), code);
  }
  const lambda = startLambda({
    resources: Object.entries(functions).map(([name, { properties }]) => functionResource(name, properties)),
    codeDirectory: ({ physicalId }) => path.join(folder, physicalId),
    region: 'us-east-1',
    account: '000000000000',
    baseEnvironment: {},
    logs,
    ...options,
  });
  return {
    ...lambda,
    logs,
    logOf: (name) =>
      logs
        .events(`/aws/lambda/${name}`)
        .map(({ message }) => message)
        .join(''),
    remove: async () => {
      await lambda.close();
      rmSync(folder, { recursive: true });
    },
  };
}
