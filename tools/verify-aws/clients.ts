import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SFNClient } from '@aws-sdk/client-sfn';
import { refuse } from '../../lib/configuration';
import { awsProblems } from '../aws';

/** The clients of the services that are called, for the account and region of the SDK's usual environment. */
export interface Clients {
  readonly region: string;
  readonly stepFunctions: SFNClient;
  readonly logs: CloudWatchLogsClient;
  readonly apiGateway: APIGatewayClient;
  close(): void;
}

/**
 * Creates the clients; calls nothing yet.
 *
 * @throws ConfigurationError that names what to set if there is no region or no credentials
 */
export async function connect(): Promise<Clients> {
  // Several hundred calls in a row: the client slows down to the account's quotas.
  const options = { retryMode: process.env['AWS_RETRY_MODE'] ?? 'adaptive' };
  const stepFunctions = new SFNClient({ ...options, disableHostPrefix: hasOwnEndpoint('SFN') });
  refuse(await awsProblems(stepFunctions));
  const region = await stepFunctions.config.region();
  const logs = new CloudWatchLogsClient(options);
  const apiGateway = new APIGatewayClient(options);
  return {
    region,
    stepFunctions,
    logs,
    apiGateway,
    close() {
      for (const client of [stepFunctions, logs, apiGateway]) client.destroy();
    },
  };
}

/** Whether the environment redirects a service's calls: TestState's would go to the host `sync-…` there. */
function hasOwnEndpoint(service: string): boolean {
  return Boolean(process.env[`AWS_ENDPOINT_URL_${service}`] ?? process.env['AWS_ENDPOINT_URL']);
}
