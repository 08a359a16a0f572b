import {
  type Integration,
  startStepFunctions,
  stateMachinesFromTemplate,
  type StepFunctions,
} from 'template-runtime/step-functions';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import { synthesized } from '../lib/synthesized';
import { fails } from './answered-machines';
import { impatientClock } from './impatient-clock';

const { resources } = resolveTemplate(synthesized().toJSON() as RawTemplate, stackLocation('AtomicCounter'));
const stateMachines = stateMachinesFromTemplate(resources);
const arnOf = (operation: string): string =>
  stateMachines.find(({ name }) => name.endsWith(`-${operation}`))?.arn ?? '';

/** What each call is answered with, the last of them again and again. */
let answers: (() => unknown)[];
let calls: number;
let stepFunctions: StepFunctions;

const service: Integration = () => {
  const answer = answers[Math.min(calls, answers.length - 1)];
  calls += 1;
  return Promise.resolve().then(() => answer?.());
};

beforeEach(() => {
  calls = 0;
  stepFunctions = startStepFunctions({
    region: 'us-east-1',
    account: '000000000000',
    stateMachines,
    integrations: {
      'arn:aws:lambda:': service,
      'arn:aws:states:::aws-sdk:dynamodb:updateItem': service,
      'arn:aws:states:::aws-sdk:dynamodb:getItem': service,
    },
    clock: impatientClock,
  });
});
afterEach(() => stepFunctions.close());

/** An error of DynamoDB, in the words of the SDK for Java. */
const dynamoError = (name: string, message: string, { status = 400, attempts = 1 } = {}) =>
  fails(
    `DynamoDb.${name}`,
    `${message} (Service: DynamoDb, Status Code: ${status}, Request ID: 4T3F) (SDK Attempt Count: ${attempts})`,
  );

const counted = (): unknown => ({ Attributes: { atomic_counter: { N: '4' } } });

/** The outcome of an execution, or how it failed, and the number of calls that it made. */
async function run(operation: string, input: object): Promise<[outcome: unknown, calls: number]> {
  calls = 0;
  const { status, output } = await stepFunctions.startSyncExecution({
    stateMachineArn: arnOf(operation),
    input: JSON.stringify(input),
  });
  const outcome = status === 'SUCCEEDED' ? (JSON.parse(output ?? '{}') as { outcome: unknown }).outcome : status;
  return [outcome, calls];
}

const always = (store: string): object => ({ store, id: 'votes', useConditionalWrites: false });
const below = (store: string): object => ({ store, id: 'votes', useConditionalWrites: true, max: '10' });

const inBothModes = async (store: string): Promise<unknown[]> => [
  await run('increment', always(store)),
  await run('increment', below(store)),
];

const twice = (outcome: unknown): unknown[] => [outcome, outcome];

describe('an increment in DynamoDB', () => {
  it.each([
    dynamoError(
      'ProvisionedThroughputExceededException',
      'The level of configured provisioned throughput was exceeded',
    ),
    dynamoError(
      'ThrottlingException',
      'Throughput exceeds the maximum OnDemandThroughput configured on table or index',
    ),
    dynamoError('RequestLimitExceededException', 'Throughput exceeds the current throughput limit for your account'),
    dynamoError('TransactionConflictException', 'Transaction is ongoing for the item'),
    dynamoError('ReplicatedWriteConflictException', 'One or more items are being modified in another Region'),
    dynamoError('ResourceNotFoundException', 'Requested resource not found'),
    dynamoError('DynamoDbException', 'Throughput exceeds the current capacity of your table'),
    dynamoError('DynamoDbException', 'Rate exceeded'),
    dynamoError('DynamoDbException', 'The request was throttled'),
  ])('that is refused for a passing reason is repeated twice, and is then not applied (%#)', async (refusal) => {
    answers = [refusal];
    const refused = await inBothModes('dynamo');
    answers = [refusal, refusal, counted];
    const later = await inBothModes('dynamo');

    expect(refused).toEqual(twice(['unavailable', 3]));
    expect(later).toEqual(twice(['incremented', 3]));
  });

  it.each([
    dynamoError('DynamoDbException', 'An operand in the update expression has an incorrect data type'),
    dynamoError('DynamoDbException', 'User: x is not authorized to perform: dynamodb:UpdateItem on resource: y'),
    fails('DynamoDb.SdkClientException', 'Unable to execute HTTP request: Connection refused (SDK Attempt Count: 1)'),
  ])('that is refused for good is not applied, at once (%#)', async (refusal) => {
    answers = [refusal];

    expect(await inBothModes('dynamo')).toEqual(twice(['unavailable', 1]));
  });

  it.each([
    dynamoError('InternalServerErrorException', 'Internal server error', { status: 500 }),
    dynamoError('DynamoDbException', 'Service is unavailable', { status: 503 }),
    dynamoError('DynamoDbException', 'Internally throttled', { status: 500 }),
    dynamoError('DynamoDbException', 'Something that is new'),
    fails('DynamoDb.SdkClientException', 'Unable to execute HTTP request: Connection reset (SDK Attempt Count: 1)'),
    fails('DynamoDb.SdkClientException', 'Unable to execute HTTP request: throttled (SDK Attempt Count: 1)'),
    fails('States.Timeout', ''),
  ])('is unknown otherwise, and not repeated (%#)', async (failure) => {
    answers = [failure];

    expect(await inBothModes('dynamo')).toEqual(twice(['unknown', 1]));
  });

  it.each([
    dynamoError('ProvisionedThroughputExceededException', 'The level of throughput was exceeded', { attempts: 2 }),
    dynamoError('TransactionConflictException', 'Transaction is ongoing for the item', { attempts: 3 }),
    dynamoError('DynamoDbException', 'Rate exceeded', { attempts: 10 }),
    dynamoError('DynamoDbException', 'User: x is not authorized to perform: y', { attempts: 2 }),
    fails('DynamoDb.SdkClientException', 'Unable to execute HTTP request: Connection refused (SDK Attempt Count: 4)'),
  ])('is unknown once the SDK has made more than one attempt, whatever the last one met (%#)', async (refusal) => {
    answers = [refusal];

    expect(await inBothModes('dynamo')).toEqual(twice(['unknown', 1]));
  });

  it('reaches the limit only at the first attempt: a second may meet what the first has written', async () => {
    const refusal = (attempts: number) =>
      dynamoError('ConditionalCheckFailedException', 'The conditional request failed', { attempts });

    answers = [refusal(1)];
    const first = await inBothModes('dynamo');
    answers = [refusal(2)];
    const second = await inBothModes('dynamo');

    expect(first).toEqual(twice(['limit-reached', 1]));
    expect(second).toEqual(twice(['FAILED', 1])); // 504
  });

  it.each(['6.5', '1E+2', '9007199254740991.5', '-9007199254740991', '90071992547409920'])(
    'is unknown when the item then holds %s, which no counter can have become',
    async (N) => {
      answers = [() => ({ Attributes: { atomic_counter: { N } } })];

      expect(await inBothModes('dynamo')).toEqual(twice(['unknown', 1]));
    },
  );
});

/** The errors of Invoke by which Lambda refuses a call, or can't set the function up, so that it doesn't run. */
const NEVER_RAN = [
  ...['CodeArtifactUserDeleted', 'CodeArtifactUserFailed', 'CodeArtifactUserPending'],
  ...['EC2AccessDenied', 'EC2Unexpected', 'EFSMountConnectivity', 'EFSMountFailure', 'EFSMountTimeout'],
  ...['ENILimitReached', 'ENINotReady', 'InvalidParameterValue', 'InvalidRequestContent', 'InvalidRuntime'],
  ...['InvalidSecurityGroupID', 'InvalidSubnetID', 'InvalidZipFile', 'KMSAccessDenied', 'KMSDisabled'],
  ...['KMSInvalidState', 'KMSNotFound', 'ModeNotSupported', 'NoPublishedVersion', 'RecursiveInvocation'],
  ...['RequestTooLarge', 'ResourceConflict', 'ResourceNotFound', 'ResourceNotReady', 'RuntimeAliasDeleted'],
  ...['RuntimeVersionDeleted', 'S3FilesMountConnectivity', 'S3FilesMountFailure', 'S3FilesMountTimeout'],
  ...['SerializedRequestEntityTooLarge', 'ServiceQuotaExceeded', 'SnapStart', 'SnapStartNotReady'],
  ...['SnapStartRegenerationFailure', 'SnapStartTimeout', 'SubnetIPAddressLimitReached', 'UnsupportedMediaType'],
];

/** Lambda's name as version 2 of the SDK for Java spells it: `Ec2ThrottledException`. */
const inVersion2 = (name: string): string =>
  name.replace(/[A-Z]+(?=[A-Z][a-z])/, (letters) => letters[0] + letters.slice(1).toLowerCase());

const CAUSE = 'Not now. (Service: AWSLambda; Status Code: 502; Error Code: X; Request ID: 1; Proxy: null)';

describe.each(['redis', 'momento', 'docdb', 'tidb'])('a call of the function of %s', (store) => {
  // One store tries them all: that the others ask in the same words is tested with the definitions.
  it.each(
    store === 'redis' ? [...new Set(NEVER_RAN.flatMap((name) => [name, inVersion2(name)]))] : ['ENILimitReached'],
  )('that Lambda refuses by %sException is not applied, at once', async (name) => {
    answers = [fails(`Lambda.${name}Exception`, CAUSE)];

    expect(await inBothModes(store)).toEqual(twice(['unavailable', 1]));
    expect(await run('read', { store, id: 'votes' })).toEqual(['unavailable', 1]);
  });

  it.each(['TooManyRequests', 'EC2Throttled', 'Ec2Throttled'])(
    'that Lambda throttles by %sException is repeated twice, and is then not applied',
    async (name) => {
      answers = [fails(`Lambda.${name}Exception`, CAUSE)];

      expect(await inBothModes(store)).toEqual(twice(['unavailable', 3]));
      expect(await run('read', { store, id: 'votes' })).toEqual(['unavailable', 3]);
    },
  );

  it('that the role may not make is not applied', async () => {
    const cause =
      'User: x is not authorized to perform: lambda:InvokeFunction on resource: y (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; Request ID: 1; Proxy: null)';
    answers = [fails('Lambda.AWSLambdaException', cause)];

    expect(await inBothModes(store)).toEqual(twice(['unavailable', 1]));
    expect(await run('read', { store, id: 'votes' })).toEqual(['unavailable', 1]);
  });

  it.each([
    ['Lambda.ServiceException', CAUSE],
    ['Lambda.AWSLambdaException', CAUSE],
    ['Lambda.SdkClientException', 'Unable to execute HTTP request: Connection reset'],
    ['Lambda.ClientExecutionTimeoutException', CAUSE],
    ['Lambda.EFSIOException', CAUSE], // while it runs
    ['Lambda.DurableExecutionAlreadyStartedException', CAUSE],
    ['Lambda.Unknown', CAUSE],
    ['Lambda.SomethingNewException', CAUSE],
    ['ResourceNotReadyException', CAUSE], // the function's own
    ['States.Timeout', ''],
  ])('that ends by %s is unknown, and not repeated', async (name, cause) => {
    answers = [fails(name, cause)];

    expect(await inBothModes(store)).toEqual(twice(['unknown', 1]));
    expect(await run('read', { store, id: 'votes' })).toEqual(['no-answer', 1]);
  });

  it('is unknown once the SDK has made more than one attempt', async () => {
    answers = [
      fails('Lambda.EniNotReadyException', 'Not now (Service: Lambda, Status Code: 502) (SDK Attempt Count: 2)'),
    ];

    expect(await inBothModes(store)).toEqual(twice(['unknown', 1]));
  });
});
