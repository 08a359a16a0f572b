/** Where the laptop's stack seems to stand. */
export interface StackLocation {
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  readonly urlSuffix: string;
  readonly stackName: string;
  readonly stackId: string;
}

export const LOCAL_STACK: StackLocation = {
  region: 'us-east-1',
  account: '000000000000',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
  stackName: 'AtomicCounter',
  stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/AtomicCounter/10ca1000-0000-4000-8000-000000000000',
};
