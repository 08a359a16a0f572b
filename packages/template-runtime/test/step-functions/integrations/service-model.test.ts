import * as sdk from '@aws-sdk/client-dynamodb';
import { DYNAMODB_OPERATIONS } from '../../../step-functions/integrations/dynamodb-operations';
import { argumentsProblem, isOperation } from '../../../step-functions/integrations/service-model';
import { type DefinedState, type Definition, stateMachines, synthesized } from '../../../../../test/lib/synthesized';

const UPDATE = 'arn:aws:states:::aws-sdk:dynamodb:updateItem';

/** A structure as the SDK describes it: kind, namespace, name, traits, members. */
type Structure = readonly [3, string, string, unknown, readonly string[]];

describe('the operations of a service', () => {
  it.each([
    [UPDATE, true],
    ['arn:aws:states:::dynamodb:getItem', true],
    ['arn:aws:states:::aws-sdk:dynamodb:UpdateItem', false],
    ['arn:aws:states:::dynamodb:GetItem', false],
    ['arn:aws:states:::aws-sdk:dynamodb:updateitem', false],
    ['arn:aws:states:::aws-sdk:dynamodb:toString', false],
    ['arn:aws:states:::lambda:invoke', true],
    ['arn:aws:states:::states:startExecution.sync:2', true],
    ['arn:aws:lambda:us-east-1:111122223333:function:f', true],
  ])('%s is one: %s', (resource, expected) => {
    expect(isOperation(resource)).toBe(expected);
  });

  it.each([
    [UPDATE, { TableName: 't', Key: {}, ConditionExpression: 'x' }, undefined],
    [UPDATE, { TableName: 't', ConditionExpresion: 'x' }, 'ConditionExpresion'],
    [UPDATE, { tableName: 't' }, 'tableName'],
    ['arn:aws:states:::dynamodb:getItem', { Keys: {} }, 'Keys'],
    ['arn:aws:states:::lambda:invoke', { FunctionName: 'f', payload: 1 }, 'payload'],
    ['arn:aws:states:::states:startExecution', { StateMachineArn: 'a', input: {} }, 'input'],
    ['arn:aws:lambda:us-east-1:111122223333:function:f', { anything: 1 }, undefined],
    [UPDATE, '{% $states.input %}', undefined],
  ])('%s takes %j, but not %s', (resource, args, unknown) => {
    const problem = unknown && `The field "${unknown}" is not supported by Step Functions`;

    expect(argumentsProblem(resource, args)).toBe(problem);
  });

  it('take what the installed SDK says they take', () => {
    const model = sdk as unknown as Readonly<Record<string, Structure | undefined>>;
    const modelled = Object.keys(DYNAMODB_OPERATIONS).map((name) => {
      const operation = name.charAt(0).toUpperCase() + name.slice(1);
      return [name, (model[`${operation}Input$`] ?? model[`${operation}Request$`])?.[4]];
    });

    expect(Object.fromEntries(modelled)).toEqual(DYNAMODB_OPERATIONS);
  });
});

describe("the project's state machines", () => {
  it('call operations that exist, with arguments that they take and all that they require', () => {
    const problems = tasks(Object.values(stateMachines(synthesized()))).map(({ Resource = '', Arguments }) => [
      isOperation(Resource),
      argumentsProblem(Resource, Arguments),
      Resource.includes('dynamodb') && !('TableName' in (Arguments ?? {}) && 'Key' in (Arguments ?? {})),
    ]);

    expect(problems.length).toBeGreaterThan(10);
    expect(problems).toEqual(problems.map(() => [true, undefined, false]));
  });
});

function tasks(definitions: readonly Definition[]): DefinedState[] {
  return definitions.flatMap(({ States }) =>
    Object.values(States).flatMap((state) => [
      ...(state.Type === 'Task' ? [state] : []),
      ...tasks(state.Branches ?? []),
    ]),
  );
}
