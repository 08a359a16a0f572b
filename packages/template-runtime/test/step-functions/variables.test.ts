import { arnOf, machine, start } from './machines';

it('a variable may have the name of what objects inherit, and stays one among others', async () => {
  const states = {
    First: { Type: 'Pass', Assign: JSON.parse('{ "__proto__": { "x": 1 }, "b": 2 }') as object, Next: 'Second' },
    Second: { Type: 'Pass', Assign: { c: 3 }, Next: 'Last' },
    Last: {
      Type: 'Pass',
      Output: { proto: '{% $__proto__ %}', b: '{% $b %}', c: '{% $c %}', isX: '{% $exists($x) %}' },
      End: true,
    },
  };
  const stepFunctions = start([machine('m', states)]);

  const { output, cause } = await stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m') });

  expect({ output, cause }).toEqual({ output: '{"proto":{"x":1},"b":2,"c":3,"isX":false}', cause: undefined });
  await stepFunctions.close();
});
