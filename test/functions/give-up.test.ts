import { once } from 'node:events';
import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { giveUpAfter } from '../../functions/give-up';

describe('giving up', () => {
  it('comes at once where the time is over, and Node has nothing to warn of', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);

    await new Promise<void>((resolve) => void giveUpAfter(-500, resolve));

    await pause(1); // a warning comes a tick later
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('leaves an answer that waits in the socket one more turn', async () => {
    const { port1, port2 } = new MessageChannel();
    const answered = once(port2, 'message');
    await setImmediate(); // behind it the loop turns to its timers, and then to what has come
    const gaveUp = jest.fn();
    const patience = giveUpAfter(5, gaveUp);
    port1.postMessage('answer');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);

    await answered;
    patience.end();
    await pause(20);

    expect(gaveUp).not.toHaveBeenCalled();
    port1.close();
  });
});
