import { appendFileSync } from 'node:fs';
import {
  type CaseReport,
  type FaultName,
  faultsOf,
  type Mode,
  MODES,
  reachReal,
  runCase,
  type Server,
  startEmbedded,
} from './fault-matrix';
import { keyedLoad } from './keyed-load';
import type { Subject } from './stores-under-fault';

/** Takes one line of JSON for each case: `npm run reliability` makes a table of them. */
const REPORT = process.env['RELIABILITY_REPORT'];

const MODE_NAMES = Object.keys(MODES) as Mode[];

/** The faults that no store passes without a call being lost. */
const LOSES_CALLS = /^(?:cut|reset|frozen)/;

/** The matrix of a subject: 32 callers over each fault and a restart, without keys and with them. */
export function describeFaultMatrix(name: string, subject: Subject): void {
  describe(`${name} under 32 callers`, () => {
    /** One of each kind for each mode, so that both modes run at once. */
    const servers: { readonly mode: Mode; readonly server: Server }[] = [];
    const rejections: unknown[] = [];
    const noteRejection = (reason: unknown): void => void rejections.push(reason);

    beforeAll(async () => {
      process.on('unhandledRejection', noteRejection);
      for (const mode of MODE_NAMES) {
        for (const start of [startEmbedded, reachReal]) {
          const server = await start(subject.store);
          if (server) servers.push({ mode, server });
        }
      }
    });

    afterAll(async () => {
      process.off('unhandledRejection', noteRejection);
      for (const { server } of servers) await server.close();
    });

    /** Runs a case in both modes, on all servers at once, and expects of each what none may lack. */
    const run = async (fault: FaultName, keyed: boolean): Promise<readonly CaseReport[]> => {
      const startLoad = keyed ? keyedLoad : undefined;
      const reports = await Promise.all(
        servers.map(async ({ mode, server }) => {
          const report = await runCase(subject, server, mode, fault, startLoad);
          return { store: name, server: server.kind, fault, mode, keyed, ...report };
        }),
      );

      if (REPORT) for (const report of reports) appendFileSync(REPORT, `${JSON.stringify(report)}\n`);
      for (const { violations, recovery, connections } of reports) {
        expect(violations).toEqual([]);
        expect(recovery).toEqual(['incremented']);
        expect(connections.inUse).toBeLessThanOrEqual(subject.maxConnections);
        expect(connections.afterwards).toBe(0);
      }
      expect(rejections).toEqual([]);
      return reports;
    };

    it.each(faultsOf(subject.store))(
      'counts exactly over %s and a restart',
      async (fault) => {
        await run(fault, false);
      },
      60_000,
    );

    it.each(faultsOf(subject.store))(
      'counts each key once, whatever is repeated, and settles every unknown outcome by a repeat: %s and a restart',
      async (fault) => {
        const reports = await run(fault, true);

        for (const { counts } of reports) {
          expect(counts.replayed).toBeGreaterThan(0);
          if (LOSES_CALLS.test(fault)) expect(counts.unknown + counts.notApplied).toBeGreaterThan(0);
        }
      },
      120_000,
    );
  });
}
