import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { awsEndpoint } from 'template-runtime/http';
import { startSecretsManager } from 'template-runtime/secrets-manager';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:store-abcdef';

/** A Secrets Manager with one secret, for the unmodified SDK. */
export interface SecretsEndpoint {
  /** The variables by which a function finds it and its secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** How many requests have come. */
  readonly requests: number;
  setValue(value: Readonly<Record<string, unknown>>): void;
  /** Answers with an error of this name from now on, or properly again. */
  failWith(error: string | undefined): void;
  close(): Promise<void>;
}

/** Starts it on a free loopback port. The secret has no value yet. */
export async function startSecretsEndpoint(): Promise<SecretsEndpoint> {
  const secretsManager = startSecretsManager({
    resources: [
      {
        logicalId: 'Secret',
        type: 'AWS::SecretsManager::Secret',
        physicalId: ARN,
        attributes: {},
        properties: {},
        metadata: {},
      },
    ],
  });
  let failure: string | undefined;
  let requests = 0;
  const route = awsEndpoint({
    secretsmanager: (action, body) => {
      requests += 1;
      if (failure === undefined) return secretsManager.handle(action, body);
      return Promise.resolve({
        status: 400,
        headers: { 'Content-Type': 'application/x-amz-json-1.1' },
        body: JSON.stringify({ __type: failure, message: 'made to fail' }),
      });
    },
  });
  const server = createServer((request, response) => void route(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    environment: {
      AWS_ACCESS_KEY_ID: 'local',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'eu-west-1',
      AWS_SECRET_ACCESS_KEY: 'local',
      STORE_SECRET: ARN,
    },
    get requests() {
      return requests;
    },
    setValue: (value) => secretsManager.setValue('Secret', value),
    failWith: (error) => {
      failure = error;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
