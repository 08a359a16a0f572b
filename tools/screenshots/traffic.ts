import type { Local } from '../../local/main';

export function increment(local: Local, store: string, id: string): Promise<Response> {
  return fetch(`${local.url}/${store}/${id}`, { method: 'POST', headers: { 'x-api-key': local.apiKey } });
}
