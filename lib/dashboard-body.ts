/** The part of a CloudFormation template that this file reads. */
export interface TemplateWithDashboard {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: { DashboardBody?: unknown } }>
  >;
}

/**
 * The body of the template's dashboard as `aws cloudwatch put-dashboard` takes it, except for the names that only a
 * deployment has: they appear in it as `${LogicalId}`, `${LogicalId.Attribute}` or `${AWS::Region}`.
 *
 * @throws Error when the template has no dashboard
 */
export function dashboardBody(template: TemplateWithDashboard): string {
  const dashboard = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
  if (!dashboard) throw new Error('the template has no dashboard: DASHBOARD must be true');
  const body: unknown = JSON.parse(withPlaceholders(dashboard.Properties?.DashboardBody));
  return `${JSON.stringify(body, null, 2)}\n`;
}

function withPlaceholders(value: unknown): string {
  if (typeof value === 'string') return value;
  const [name, argument] = Object.entries(value as object)[0] as [string, unknown];
  switch (name) {
    case 'Ref':
      return `\${${String(argument)}}`;
    case 'Fn::GetAtt':
      return `\${${(argument as string[]).join('.')}}`;
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(withPlaceholders).join(separator);
    }
    default:
      throw new Error(`the dashboard refers to a resource by ${name}`);
  }
}

/** A resource of a deployed stack. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly physicalId: string;
}

/**
 * Fills the placeholders of {@link dashboardBody} with the names of a deployed stack.
 *
 * @param stackId the stack's ARN
 * @throws Error for a name that the stack doesn't have
 */
export function fillDashboardBody(body: string, stackId: string, resources: readonly DeployedResource[]): string {
  const [, partition = '', , region = '', account = '', stack = ''] = stackId.split(':');
  const stackName = stack.split('/')[1] ?? '';
  const names = new Map([
    ['AWS::Partition', partition],
    ['AWS::Region', region],
    ['AWS::AccountId', account],
    ['AWS::StackName', stackName],
    ...resources.flatMap(({ logicalId, physicalId }): [string, string][] => [
      [logicalId, physicalId],
      // The only attribute in the body is that of alarms.
      [`${logicalId}.Arn`, `arn:${partition}:cloudwatch:${region}:${account}:alarm:${physicalId}`],
    ]),
  ]);
  return body.replace(/\$\{([\w:.]+)\}/g, (_placeholder, name: string) => {
    const value = names.get(name);
    if (value === undefined) throw new Error(`the stack ${stackName} has no ${name}: deploy this version of it first`);
    return value;
  });
}
