import { createRequire } from 'node:module';
import path from 'node:path';
import type { ModuleTarget } from '../job';
import { type Answer, type Caller, reasonOf } from './caller';

interface OpenedModule {
  increment(id: string): Promise<Answer>;
  close(): Promise<void> | void;
}

/** @throws Error where the module can't be loaded, exports no `open`, or can't be opened */
export async function openModule({ file, options }: ModuleTarget): Promise<Caller> {
  const load = createRequire(path.resolve('module-target.js'));
  const { open } = load(path.resolve(file)) as {
    readonly open?: (options: ModuleTarget['options']) => Promise<OpenedModule> | OpenedModule;
  };
  if (typeof open !== 'function') throw new Error(`${file} exports no function open`);
  const opened = await open(options);
  return {
    async increment(id) {
      try {
        return await opened.increment(id);
      } catch (error) {
        return { status: 'unknown', reason: reasonOf(error) };
      }
    },
    close: async () => opened.close(),
  };
}
