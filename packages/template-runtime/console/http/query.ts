import { ApiProblem } from './answers';

/** The parameters of a request. */
export class Query {
  readonly texts: Readonly<Record<string, string>>;

  constructor(parameters: URLSearchParams) {
    this.texts = Object.fromEntries(parameters);
  }

  /** @throws ApiProblem where it is absent */
  text(name: string): string {
    const text = this.texts[name];
    if (text === undefined || text === '') throw new ApiProblem(400, `${name} must be given`);
    return text;
  }

  /** @throws ApiProblem where it isn't a whole number up to `most` */
  number(name: string, fallback: number, most = Number.MAX_SAFE_INTEGER): number {
    return this.optionalNumber(name, most) ?? fallback;
  }

  /** @throws ApiProblem where it isn't a whole number up to `most` */
  optionalNumber(name: string, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.texts[name];
    if (text === undefined) return undefined;
    const number = /^\d+$/.test(text) ? Number(text) : Infinity;
    if (number > most) throw new ApiProblem(400, `${name} must be a whole number from 0 to ${most}, got "${text}"`);
    return number;
  }

  /** @throws ApiProblem where it is another word; the first is the default */
  word<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const text = this.texts[name];
    const word = text === undefined ? words[0] : words.find((other) => other === text);
    if (word === undefined) throw new ApiProblem(400, `${name} must be one of ${words.join(', ')}, got "${text}"`);
    return word;
  }
}
