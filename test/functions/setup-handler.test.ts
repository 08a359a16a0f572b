import { setupHandler } from '../../functions/setup-handler';
import { SetupRefusedError } from '../../functions/setup-refused-error';
import { errorOf } from '../counter-store.contract';

describe('the handler of a setup', () => {
  it('throws a refusal by its name, which the state machine does not retry, and without its stack', async () => {
    const log = jest.spyOn(console, 'log').mockReturnValue();
    const handler = setupHandler('docdb', () => Promise.reject(new SetupRefusedError('docdb has another index')));

    const error = (await errorOf(handler({}, { awsRequestId: 'request' }))) as Error;

    expect([error.name, error.stack]).toEqual(['SetupRefusedError', 'SetupRefusedError: docdb has another index']);
    expect(JSON.parse(String(log.mock.calls[0]?.[0]))).toMatchObject({ store: 'docdb', outcome: 'failed' });
    log.mockRestore();
  });
});
