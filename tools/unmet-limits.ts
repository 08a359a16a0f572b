/** Settings of a throttle and a quota that no measurement meets. */
export const UNMET_LIMITS = { THROTTLE_RATE: '1000000', THROTTLE_BURST: '1000000', QUOTA_PER_DAY: '2147483647' };
