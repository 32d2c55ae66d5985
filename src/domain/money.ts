/** Digits after the point of each currency that has not two: ISO 4217, list one of 2024-06-25. */
const exponents: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** Minor units in one major unit where that is not 100, by currency. */
export const minorUnits: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(exponents).map(([currency, exponent]) => [currency, 10 ** exponent]),
);

export const defaultMinorUnits = 100;
