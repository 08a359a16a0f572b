import { isoTime } from '../../step-functions/execution/iso-time';

describe('a time of the context object', () => {
  it.each([0, 1, 999, 1000, 1_764_266_400_123, 1_764_266_400_007, 1_764_266_400_007.9, -1, 253_402_300_799_999])(
    'is written as a Date writes it: %d',
    (epochMs) => {
      expect(isoTime(epochMs)).toBe(new Date(epochMs).toISOString());
    },
  );
});
