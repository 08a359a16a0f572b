import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { isNativeError } from 'node:util/types';
import { refuse } from '../lib/configuration';

/** The part of an SDK's client that knows where it calls, and as whom. */
interface Configured {
  readonly config: { region(): Promise<string>; credentials(): Promise<unknown> };
}

/**
 * Looks where the AWS SDK looks for a region and credentials, before the first call.
 *
 * @param client whose configuration is read. @default - one of the environment
 * @returns a line for what is missing, saying what to set
 */
export async function awsProblems({ config }: Configured = new CloudFormationClient({})): Promise<string[]> {
  const problems: string[] = [];
  const region = await config.region().catch(() => '');
  if (region === '') problems.push('No AWS region: set AWS_REGION, or AWS_PROFILE to a profile that has one');
  await config.credentials().catch((error: unknown) => {
    const profile = process.env['AWS_PROFILE'];
    const by = profile === undefined ? 'set AWS_PROFILE' : `AWS_PROFILE is "${profile}": set another`;
    problems.push(`No AWS credentials: ${by}, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (${messageOf(error)})`);
  });
  return problems;
}

/**
 * Does what calls AWS. What is missing for it, and what AWS says about credentials, becomes words that say what to set.
 *
 * @param problems what else is wrong, which is told with it. @default - nothing
 * @throws ConfigurationError with all that is wrong, before the work
 * @throws Error in one line for what AWS refuses
 */
export async function onAws<T>(work: () => Promise<T>, problems: readonly string[] = []): Promise<T> {
  refuse([...problems, ...(await awsProblems())]);
  try {
    return await work();
  } catch (error) {
    throw new Error(explained(error), { cause: error });
  }
}

/**
 * By the names of the errors that are common to AWS's services.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html, and of the JSON protocol
 * https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html
 */
const OF_CREDENTIALS: readonly (readonly [names: readonly string[], explanation: string])[] = [
  [
    ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'],
    'The AWS credentials have expired: sign in again (aws sso login), or set new ones',
  ],
  [
    ['InvalidClientTokenId', 'UnrecognizedClientException', 'IncompleteSignature', 'SignatureDoesNotMatch'],
    "AWS doesn't know the credentials: check AWS_PROFILE, or AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
  ],
  [
    ['InvalidSignatureException'],
    "AWS doesn't accept the signature: check AWS_SECRET_ACCESS_KEY and this machine's clock",
  ],
];

const EXPLANATIONS: typeof OF_CREDENTIALS = [
  ...OF_CREDENTIALS,
  [
    ['AccessDenied', 'AccessDeniedException', 'NotAuthorized', 'UnauthorizedOperation'],
    'The AWS credentials lack a permission',
  ],
  [['OptInRequired'], 'The AWS account is not signed up for this region or service: set AWS_REGION'],
  [['CredentialsProviderError'], 'No AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
  [
    ['ENOTFOUND', 'ECONNREFUSED', 'EAI_AGAIN', 'ETIMEDOUT', 'TimeoutError'],
    'AWS does not answer: check AWS_REGION and the network',
  ],
];

/** Whether the next call would be refused for the same reason. */
export function isOfCredentials(error: unknown): boolean {
  const { name = '' } = error as { name?: string };
  return OF_CREDENTIALS.some(([names]) => names.includes(name));
}

/** An error of the SDK in one line, with what to set where that helps. */
export function explained(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string };
  const found = EXPLANATIONS.find(([names]) => [name, code].some((each) => each !== undefined && names.includes(each)));
  return found === undefined ? messageOf(error) : `${found[1]} (${messageOf(error)})`;
}

function messageOf(error: unknown): string {
  return (isNativeError(error) ? error.message : String(error)).replace(/\s+/g, ' ').trim();
}
