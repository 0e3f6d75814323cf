export const VENDORS = ['reducto', 'pulse'] as const;
export type Vendor = (typeof VENDORS)[number];
