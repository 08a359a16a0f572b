import { dashboardBody, fillDashboardBody } from '../../lib/dashboard-body';

const STACK = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Counters/2b1d0c4e';

const template = (DashboardBody: unknown): Parameters<typeof dashboardBody>[0] => ({
  Resources: { Board: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody } } },
});

describe('dashboardBody', () => {
  it('writes references as placeholders', () => {
    const body = dashboardBody(
      template({
        'Fn::Join': [
          '',
          ['{"region":"', { Ref: 'AWS::Region' }, '","alarm":"', { 'Fn::GetAtt': ['Alarm', 'Arn'] }, '"}'],
        ],
      }),
    );

    expect(JSON.parse(body)).toEqual({ region: '${AWS::Region}', alarm: '${Alarm.Arn}' });
  });

  it('refuses a template without a dashboard, and a reference that it does not know', () => {
    expect(() => dashboardBody({ Resources: {} })).toThrow('the template has no dashboard: DASHBOARD must be true');
    expect(() => dashboardBody(template({ 'Fn::ImportValue': 'x' }))).toThrow('Fn::ImportValue');
  });
});

describe('fillDashboardBody', () => {
  it('takes the names of the stack and of its resources', () => {
    const body = fillDashboardBody('${AWS::StackName} ${AWS::Region} ${Table} ${Alarm.Arn}', STACK, [
      { logicalId: 'Table', physicalId: 'Counters-Table-1' },
      { logicalId: 'Alarm', physicalId: 'Counters-latency' },
    ]);

    expect(body).toBe(
      'Counters eu-west-1 Counters-Table-1 arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Counters-latency',
    );
  });

  it('names what the stack does not have', () => {
    expect(() => fillDashboardBody('${Table}', STACK, [])).toThrow(
      'the stack Counters has no Table: deploy this version of it first',
    );
  });
});
