import type { ServerResponse } from 'node:http';
import { API_HEADERS } from './headers';
import type { ProblemAnswer } from './shapes';

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

export function sendProblem(response: ServerResponse, status: number, message: string): void {
  const answer: ProblemAnswer = { message };
  sendAnswer(response, status, answer);
}
