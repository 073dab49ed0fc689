/** Countries whose help lines can be chosen (rules/help). */
export const COUNTRIES = ["KG", "KZ", "UZ", "TJ", "TM", "RU", "TR", "AE", "KR", "CZ", "PL", "DE", "SY"] as const;
