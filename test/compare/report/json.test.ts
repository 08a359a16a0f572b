import { type Comparison, comparisonJson, InvalidComparisonError, parseComparison } from '../../../compare/report';
import { realisticComparison } from './fixture';

const comparison = realisticComparison({ rounds: 1 });

/** Changes a copy of the comparison where a path says. */
function changed(path: readonly (string | number)[], value: unknown): string {
  const copy = structuredClone(comparison) as unknown;
  const holder = path.slice(0, -1).reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], copy);
  (holder as Record<string, unknown>)[String(path.at(-1))] = value;
  return JSON.stringify(copy);
}

const messageOf = (json: string): string => {
  try {
    parseComparison(json, 'run.json');
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidComparisonError);
    return (error as Error).message;
  }
  return 'accepted';
};

describe('the file of a comparison', () => {
  it('is read as it was written', () => {
    expect(parseComparison(comparisonJson(comparison), 'run.json')).toEqual(comparison);
  });

  it.each<[string, readonly (string | number)[], unknown, string]>([
    ['a text for a number', ['machine', 'cores'], '4', 'machine.cores must be a whole number of at least 1, got "4"'],
    ['a missing field', ['machine', 'cpu'], undefined, 'machine.cpu must be a text, got nothing'],
    [
      'a field of a round',
      ['cells', 3, 'rounds', 0, 'durationMs'],
      -1,
      'cells[3].rounds[0].durationMs must be a number of at least 0, got -1',
    ],
    [
      'a histogram that is none',
      ['cells', 1, 'rounds', 0, 'histogram'],
      'SGk=',
      'cells[1].rounds[0].histogram must be an HdrHistogram, V2 compressed, in base64, got "SGk="',
    ],
    [
      'an unknown mode',
      ['cells', 0, 'mode'],
      'both',
      'cells[0].mode must be "unconditional" or "conditional", got "both"',
    ],
    [
      'an unknown kind of load',
      ['cells', 0, 'load'],
      { kind: 'bursty' },
      'cells[0].load.kind must be "closed" or "open", got "bursty"',
    ],
    [
      'a load without its number',
      ['cells', 0, 'load'],
      { kind: 'open' },
      'cells[0].load.ratePerSecond must be a number above 0, got nothing',
    ],
    [
      'a map',
      ['servers', 'redis'],
      { name: 'x', kind: 'fast' },
      'servers["redis"].kind must be "stand-in" or "emulator" or "server" or "aws", got "fast"',
    ],
    ['a list', ['costs'], {}, 'costs must be a list, got {}'],
    ['a time', ['startedAt'], 'yesterday', 'startedAt must be a time in ISO 8601, got "yesterday"'],
    [
      'a store that no server has',
      ['cells', 2, 'store'],
      'constructor',
      'cells[2].store must be a name in servers (dynamo, redis, momento, docdb, tidb), got "constructor"',
    ],
  ])('is refused for %s, naming the field and what it must be', (_, path, value, message) => {
    expect(messageOf(changed(path, value))).toBe(`run.json: ${message}`);
  });

  it('of another schema version is refused naming both versions', () => {
    expect(messageOf(changed(['schemaVersion'], 2))).toBe(
      'run.json has schemaVersion 2, and this release reads 1: read it with the release that wrote it, or measure again with npm run compare',
    );
  });

  it.each(['{"schemaVersion": 1, "cells": [', ''])('that is cut off is refused saying so', (json) => {
    expect(messageOf(json)).toBe("run.json isn't JSON, or is cut off: measure again with npm run compare");
  });

  it.each(['null', '[]', '"x"', '{}'])('is no other JSON, such as %s', (json) => {
    expect(messageOf(json)).toMatch('schemaVersion must be 1, got nothing');
  });

  it('has no number that JSON can’t hold', () => {
    const broken: Comparison = { ...comparison, addedLatencyMs: NaN };

    expect(() => comparisonJson(broken)).toThrow(
      'the comparison: addedLatencyMs must be a number of at least 0, got null',
    );
  });

  it('may have fields of later releases', () => {
    expect(messageOf(changed(['machine', 'colour'], 'beige'))).toBe('accepted');
  });
});
