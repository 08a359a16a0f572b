import { createRequire } from 'node:module';
import { serveThread } from '../worker/serve-thread';
import { type JournaledState, rewrite, type RewriteProtocol } from './rewrite';

// The entry of the thread that rewrites a journal: all of it happens in its start.

void serveThread<RewriteProtocol>(({ state: { module, make }, nowMs, ...files }) => {
  const exported = createRequire(__filename)(module) as Record<string, (nowMs: number) => JournaledState<unknown>>;
  const makeState = exported[make];
  if (typeof makeState !== 'function') throw new Error(`${module} exports no function ${make}`);
  return { ready: rewrite(makeState(nowMs), files), handle: () => Promise.resolve() };
});
