import { openKeyedDynamo, startKeyedDynamo } from '../functions/dynamo-keyed-store';
import { describeKeyedCounter } from '../functions/keyed-counter.contract';
import { describeOnRealServer } from '../real-server';

describeKeyedCounter('embedded DynamoDB, by the state machines,', { create: startKeyedDynamo });

describeOnRealServer('DYNAMODB_URL', ({ host, port }) => {
  describeKeyedCounter('the server of DYNAMODB_URL, by the state machines,', {
    create: () => openKeyedDynamo(`http://${host}:${port}`),
  });
});
