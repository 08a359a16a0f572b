import { compiledModule, type StoreModule } from 'template-runtime/worker';

const standIn = (folder: string, start: string) =>
  ({ name: folder, module: compiledModule(`${folder}/index.js`, __dirname), start }) satisfies StoreModule;

/** The stand-ins, each for a thread of its own. A room's face starts one in the caller's thread. */
export const STAND_INS = {
  redis: standIn('redis', 'startRedis'),
  momento: standIn('momento', 'startMomento'),
  docdb: standIn('docdb', 'startDocdb'),
  tidb: standIn('tidb', 'startTidb'),
} as const;
