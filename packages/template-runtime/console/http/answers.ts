import type { IncomingMessage, ServerResponse } from 'node:http';
import { API_HEADERS } from './headers';
import type { ProblemAnswer } from '../shapes';

/** What is wrong with a request, as the API answers it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export function sendAnswer(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, API_HEADERS).end(`${JSON.stringify(answer)}\n`);
}

/** Makes the answer only for who hasn't that version of it. */
export function sendIfChanged(
  request: IncomingMessage,
  response: ServerResponse,
  version: string,
  answer: () => unknown,
): void {
  const tag = `"${version}"`;
  const headers = { ...API_HEADERS, ETag: tag };
  if (request.headers['if-none-match'] === tag) return void response.writeHead(304, headers).end();
  const body = `${JSON.stringify(answer())}\n`; // first: it may throw
  response.writeHead(200, headers).end(body);
}

export function sendProblem(response: ServerResponse, status: number, message: string): void {
  const answer: ProblemAnswer = { message };
  sendAnswer(response, status, answer);
}
