/** The apparent location of the laptop's stack. */
export interface StackLocation {
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  readonly urlSuffix: string;
  readonly stackName: string;
  readonly stackId: string;
}

/** The apparent location of a stack of this name: always the same region, account and id. */
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
