declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Times that DynamoDB's control plane seems to take, in milliseconds. Without `path` the data stays in memory. */
  interface DynaliteOptions {
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }

  export default function dynalite(options?: DynaliteOptions): Server;
}
