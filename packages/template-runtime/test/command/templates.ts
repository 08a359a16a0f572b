import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

type Fields = Readonly<Record<string, unknown>>;

const ROLE = 'arn:aws:iam::000000000000:role/local';

/** A definition of one state. */
const definition = (state: Fields): string =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Only', States: { Only: { End: true, ...state } } });

const machine = (type: 'EXPRESS' | 'STANDARD', text: unknown): Fields => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: { StateMachineType: type, RoleArn: ROLE, DefinitionString: text },
});

export const inlineFunction = (code: string, properties: Fields = {}): Fields => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: ROLE, Code: { ZipFile: code }, ...properties },
});

/** An API with the route `POST /greetings`. */
const api = (integration: Fields): Fields => ({
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'greetings' } },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Api' }, StageName: 'live' } },
  Greetings: {
    Type: 'AWS::ApiGateway::Resource',
    Properties: { RestApiId: { Ref: 'Api' }, ParentId: { 'Fn::GetAtt': 'Api.RootResourceId' }, PathPart: 'greetings' },
  },
  Greet: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: { Ref: 'Api' },
      ResourceId: { Ref: 'Greetings' },
      HttpMethod: 'POST',
      AuthorizationType: 'NONE',
      MethodResponses: [{ StatusCode: '200' }],
      Integration: { IntegrationHttpMethod: 'POST', ...integration },
    },
  },
});

/** API Gateway → Express, which invokes a function. */
export const EXPRESS: Fields = {
  Parameters: { Salute: { Type: 'String', Default: 'Hello' } },
  Resources: {
    Greeter: inlineFunction("exports.handler = async ({ name }) => process.env.SALUTE + ', ' + name;", {
      Environment: { Variables: { SALUTE: { Ref: 'Salute' } } },
    }),
    Machine: machine('EXPRESS', {
      'Fn::Sub': definition({
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: '${Greeter}', Payload: '{% $states.input %}' },
        Output: '{% $states.result.Payload %}',
      }),
    }),
    ...api({
      Type: 'AWS',
      Uri: { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:states:action/StartSyncExecution' },
      RequestTemplates: {
        'application/json': {
          'Fn::Sub': '{"stateMachineArn": "${Machine}", "input": "$util.escapeJavaScript($input.json(\'$\'))"}',
        },
      },
      IntegrationResponses: [
        { StatusCode: '200', ResponseTemplates: { 'application/json': "$input.path('$.output')" } },
      ],
    }),
  },
};

/** API Gateway → a function. */
export const PROXY: Fields = {
  Resources: {
    Greeter: inlineFunction(
      "exports.handler = async ({ body }) => ({ statusCode: 201, body: 'Hello, ' + JSON.parse(body).name });",
    ),
    ...api({
      Type: 'AWS_PROXY',
      Uri: {
        'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Greeter.Arn}/invocations',
      },
    }),
  },
};

/** EventBridge → Standard, which writes into a table: for the stack's own event, and for orders. */
export const STANDARD: Fields = {
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    Machine: machine('STANDARD', {
      'Fn::Sub': definition({
        Type: 'Task',
        Resource: 'arn:aws:states:::dynamodb:putItem',
        Arguments: { TableName: '${Table}', Item: { id: { S: '{% $states.input.source %}' } } },
        Output: '{% $states.input.detail %}',
      }),
    }),
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.cloudformation', 'shop'] },
        Targets: [{ Id: 'machine', Arn: { Ref: 'Machine' }, RoleArn: ROLE }],
      },
    },
  },
};

/** What runs, beside a good deal that doesn't. */
export const MIXED: Fields = {
  Resources: {
    ...(PROXY['Resources'] as Fields),
    Bucket: { Type: 'AWS::S3::Bucket' },
    Layered: inlineFunction('exports.handler = async () => 1;', { Layers: ['arn:aws:lambda:::layer:x:1'] }),
    Snake: inlineFunction('', { Runtime: 'python3.13' }),
    Reader: inlineFunction('', { Environment: { Variables: { BUCKET: { Ref: 'Bucket' } } } }),
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'p',
        PolicyDocument: { Statement: [{ Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } }] },
      },
    },
    PathMachine: machine('STANDARD', '{"StartAt":"P","States":{"P":{"Type":"Pass","ResultPath":"$.a","End":true}}}'),
    Nightly: {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(1 day)', Targets: [{ Id: 'm', Arn: { Ref: 'PathMachine' } }] },
    },
  },
  Outputs: { BucketName: { Value: { Ref: 'Bucket' } }, Url: { Value: { Ref: 'Api' } } },
};

export interface TemplateFolder {
  readonly folder: string;
  /** @returns the file's path */
  write(name: string, content: unknown): string;
  remove(): void;
}

/** A folder for the templates of a test file. */
export function templateFolder(): TemplateFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'templates-'));
  return {
    folder,
    write(name, content) {
      const file = path.join(folder, name);
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
