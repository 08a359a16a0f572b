import { foreignPage } from '../../http';

const OWN = 'http://127.0.0.1:3000';
const asked = (headers: Record<string, string>): string | undefined =>
  foreignPage({ headers: { host: '127.0.0.1:3000', ...headers } });

describe('a request that changes something', () => {
  it.each([
    ['a tool', {}],
    ['a page of this origin', { origin: OWN, 'sec-fetch-site': 'same-origin' }],
    ['a page of this origin, in an older browser', { origin: OWN }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
  ])('may come from %s', (_, headers) => {
    expect(asked(headers)).toBeUndefined();
  });

  it.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 'https://evil.example'],
    ['another port', { origin: 'http://127.0.0.1:8080', 'sec-fetch-site': 'same-site' }, 'http://127.0.0.1:8080'],
    ['another name of this machine', { origin: 'http://localhost:3000' }, 'http://localhost:3000'],
    ['a file or a sandbox', { origin: 'null' }, 'null'],
    ['a site that its browser hides', { 'sec-fetch-site': 'cross-site' }, 'cross-site'],
  ])('may not come from %s, and is told so', (_, headers, got) => {
    expect(asked(headers)).toBe(
      `Only a page of ${OWN}, and what isn't a browser, may do this, got the origin ${JSON.stringify(got)}`,
    );
  });
});
