import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { StepFunctions } from '../../step-functions';

/** Step Functions behind HTTP, and the AWS SDK's client for it. */
export interface ApiServer {
  readonly url: string;
  readonly client: SFNClient;
  close(): Promise<void>;
}

/** Serves the API on a free loopback port. */
export async function serveApi(stepFunctions: StepFunctions): Promise<ApiServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const action = String(request.headers['x-amz-target']).replace('AWSStepFunctions.', '');
      void stepFunctions.handle(action, Buffer.concat(chunks).toString()).then(({ status, headers, body }) => {
        response.writeHead(status, headers).end(body);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new SFNClient({
    endpoint: url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    disableHostPrefix: true,
    maxAttempts: 1,
  });
  return {
    url,
    client,
    async close() {
      client.destroy();
      server.closeAllConnections();
      server.close();
      await stepFunctions.close();
    },
  };
}
