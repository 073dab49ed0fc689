
export type Lang = "ky" | "ru" | "uz" | "en";
export type Band = "none" | "notice" | "warning" | "danger";
export type Category = "trafficking" | "recruitment-scam";
export type Strength = "context" | "weak" | "medium" | "strong";

/** What a caller may choose. */
export interface Options {
  /** Language of the answer's texts; the advert's own where it is one of them, else Russian, by default. */
  lang?: Lang;
  /** Country whose help lines are given, ISO 3166-1 alpha-2; KG by default. */
  country?: string;
  /** The kind of offer, where it is known: job, marriage, modelling, study or other. */
  kind?: string;
  /** The advert's title, read before the text. */
  title?: string;
  /** Your identifier, given back. */
  id?: string;
}

/** Words of the advert that raised a finding. `start` and `end` are UTF-16 offsets: `text.slice(start, end)`. */
export interface Evidence {
  field: "text" | "title";
  start: number;
  end: number;
  text: string;
}

export interface Finding {
  indicator: string;
  strength: Strength;
  points: number;
  category: Category;
  /** It speaks of something that the advert leaves out; the evidence is the offer's own words. */
  absent?: boolean;
  title: string;
  explanation: string;
  /** What to ask the recruiter. */
  ask: string;
  evidence: Evidence[];
}

/** One term of the score; `of` are its points before a cap took the rest. */
export interface Term {
  term: string;
  points: number;
  of?: number;
}

export interface Pay {
  min: number;
  max: number;
  currency?: string;
  period?: string;
  start: number;
  end: number;
}

export interface AgeLimit {
  from?: number;
  to?: number;
  start: number;
  end: number;
}

/** Offsets of facts count the title, an empty line and the text as one string where there is a title. */
export interface Facts {
  telephones: string[];
  handles: string[];
  pay: Pay[];
  ages: AgeLimit[];
  destinations: string[];
  firms: string[];
  /** As written; a fact to check, it never lowers the score. */
  permit: string | null;
  registry?: { asked: string; state: string; until?: string };
}

export interface HelpLine {
  name: string;
  /** Empty for advice without a number. */
  telephone: string;
  country: string;
  source: string;
  source_date: string | null;
  /** null: show "not checked by us since" and the source date. */
  verified_on: string | null;
}

/** The answer for one advert. The band `none` means "no red flags found": no promise that a job is safe. */
export interface Assessment {
  v: 1;
  id?: string;
  /** 0 to 100. */
  score: number;
  band: Band;
  category: Category | null;
  /** Is the text an offer at all? */
  offer: boolean;
  /** Why not. */
  no_offer?: string;
  kind: string;
  /** Of the advert: ISO 639-1, `und` when unknown. */
  language: string;
  /** Languages of a mixed text and their shares of the words in percent; left out where it is not mixed. */
  languages?: Record<string, number>;
  /** Gravest first. */
  findings: Finding[];
  sum: Term[];
  cap: number;
  facts: Facts;
  /** Its words with their parts of the points. */
  classifier: { points: number; terms: (Evidence & { points: number })[]; state?: string };
  advice: string[];
  help: HelpLine[];
  engine: string;
  pack: string;
  model: string | null;
}

/** An answer and how the text was read: for rule writers. */
export interface Explanation {
  assessment: Assessment;
  /** Signals that hold, with their words. */
  signals: { signal: string; role: string; words: { start: number; end: number; text: string }[] }[];
}
