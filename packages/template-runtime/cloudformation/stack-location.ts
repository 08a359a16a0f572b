/** Where the laptop's stack seems to stand. */
export interface StackLocation {
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  readonly urlSuffix: string;
  readonly stackName: string;
  readonly stackId: string;
}

/** Where a stack of this name seems to stand: always in the same region and account, under the same id. */
export function stackLocation(stackName: string): StackLocation {
  const [region, account] = ['us-east-1', '000000000000'];
  return {
    region,
    account,
    partition: 'aws',
    urlSuffix: 'amazonaws.com',
    stackName,
    stackId: `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/10ca1000-0000-4000-8000-000000000000`,
  };
}
