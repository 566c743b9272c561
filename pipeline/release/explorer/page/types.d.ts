/*
 * Types of what Python writes for the page: list.js and the evidence scripts. Checked by `make check`, never shipped.
 * What a script of the page offers is inferred from it.
 */

/** A row's place in values, -1 for unknown; with sets, its set of places. */
interface Coded {
  values: string[];
  codes: number[];
  sets?: number[][];
}

interface Facet {
  name: string;
  label: string;
  about: string;
  words: string[];
  unknown: number[];
  null: string;
}

/** Words for values, by vocabulary. */
type Words = Record<string, Record<string, string>>;

declare const h1b: {
  about: { release_id: string; as_of: string };
  words: Words;
  grid: {
    rows: number;
    columns: Record<string, Coded & { numbers: (number | null)[] }>;
    facets: Facet[];
    tones: Record<string, Record<string, string>>;
  };
  /** Take what an evidence script brings; data.js says how. */
  received: (id: string, value: Own) => void;
  /** Of facts.js, which is loaded when a profile is there. */
  facts: Facts;
  /** Of changed.js, which is loaded when it is asked for. */
  changed: Changed;
};

declare const Tabulator: any;

type Choices = Map<string, Set<number>>;

/** What is shown. chosen: places of the values that are ticked, by facet; -1 is "not known". */
interface State {
  q: string;
  sort: string;
  program: string;
  /** Codes of the programs that stand side by side. */
  compared: string[];
  chosen: Choices;
}

/** What became of programs since the release before. previous: its id, null where there is none. */
interface Changed {
  previous: string | null;
  changes: Change[];
}

interface Change {
  change: string;
  meaning: string;
  rows: ChangedProgram[];
}

/** before, now: in words, "" where nothing is to be said. */
interface ChangedProgram {
  code: string;
  program: string | null;
  institution: string | null;
  state: string | null;
  before: string;
  now: string;
  url: string | null;
  quote: string | null;
}

/** The evidence of one institution. */
interface Own {
  name: string;
  places: unknown[];
  petitioners: Petitioner[];
  in_review: number;
  statements: Statement[];
  filings: [number | null, string | null, string | null, string | null, number][];
  programs: Record<string, Program>;
  /** What parts of letters are places in. */
  texts: string[];
}

interface Statement {
  scope: string;
  h1b: string;
  j1: string;
  evidence_quote?: string;
  evidence_kind: string;
  url?: string;
  page_date?: string;
  retrieved_on?: string;
  counter_evidence?: string[];
  confidence: string;
}

interface Petitioner {
  name: string;
  state?: string;
  relation: string;
  files_for: number;
  attributed: boolean;
  sites: number;
  reasons: string[];
  years: [number, string, ...number[]][];
  cap: Cap | null;
}

type Piece = [field: string, value: string, source: string, locator: string, strength: string];

interface Cap {
  category: string;
  confidence: string;
  basis: string;
  rule_id: string;
  overlays?: string[];
  for: Piece[];
  against: Piece[];
}

/** A row of the list as the drawer shows it; what is null there is absent. */
interface Program {
  program_name?: string;
  specialty?: string;
  city?: string;
  state?: string;
  accreditation: string;
  accreditation_status?: string;
  list_year?: number;
  website?: string;
  positions_approved?: number;
  positions_filled?: number;
  positions_offered_in_match?: number;
  positions_matched?: number;
  match_year?: number;
  visa_category: string;
  h1b_stated: string;
  j1_stated: string;
  step3_required_for_h1b: string;
  step3_deadline?: string;
  conditions?: string[];
  routes?: string[];
  paused_until?: string;
  evidence_quote?: string;
  evidence_url?: string;
  evidence_scope: string;
  evidence_date?: string;
  evidence_saved_on?: string;
  evidence_kind: string;
  sponsor_tier: string;
  tier_reasons?: string[];
  tier_confidence: string;
  sponsoring_likelihood?: number;
  sponsoring_likelihood_low: number;
  sponsoring_likelihood_high: number;
  sponsoring_likelihood_basis: string;
  state_freeze?: string;
  state_freeze_until?: string;
  state_freeze_exceptions?: string;
  state_freeze_petitioner: string;
  related_programs?: { program_code: string; specialty?: string; relation: string }[];
  statements?: Statement[];
  open: string[];
  ask: string[];
  letter: LetterParts;
}

/** What of a letter hangs on the program: places in the texts of its institution. applicants/letter.py says what each is. */
interface LetterParts {
  subject: number;
  apply: number;
  at_hand: number;
  first: Record<string, number[]>;
  possible: boolean;
  alone: number | null;
  settled: boolean;
  files: number;
  step3: number | null;
  freeze: number | null;
}

/** What one applicant wants and is, with the keys of a profile for `h1b-sponsors shortlist`. A day is YYYY-MM-DD. */
interface Profile {
  specialties: string[];
  visas: string[];
  step3?: string;
  must_haves: string[];
  places: { states: string[]; metros: string[]; only: boolean };
  applicant: Partial<Record<"name" | "where" | "school" | "degree" | "level" | "citizenship" | "ecfmg" | "step1" | "step2", string>>;
  weights: Record<string, number>;
}

/** When Step 3 is due: the first and the last day that may be meant. of_year: the year of another start. */
interface Due {
  first: string;
  last: string;
  words: string;
  exact: boolean;
  of_year: number | null;
}

/** What facts.js brings: applicants/facts.py says what each is. */
interface Facts {
  columns: Record<string, Coded & { numbers?: (number | boolean | null)[] }>;
  closed: {
    countries: Record<string, number>;
    held: boolean[];
    h1b: Record<string, Record<string, string>>;
    j1: Record<string, string>;
  };
  due: (Due | null)[];
  wanted: Record<string, Record<string, string>>;
  areas: Record<string, string[]>;
  tables: Record<
    | "passed" | "not_planned" | "certified" | "withdrawn" | "no_specialty" | "against" | "doubtful" | "nothing" | "undated"
    | "nothing_known" | "not_yet" | "step3_not_planned" | "step3_closed",
    string
  > &
    Record<"good" | "unknown_counts" | "unrated", number> &
    Record<"visas" | "must_haves" | "schools" | "degrees" | "levels", string[]> &
    Record<"where" | "specialty_why" | "place_why" | "step3_words" | "step3_verdicts", Record<string, string>> &
    Record<"weights" | "second_choice" | "specialty", Record<string, number>>;
  letter: { longest_link: number } & Record<"frame" | "exams" | "steps" | "opening" | "standing" | "routes" | "fees" | "step3_us", Record<string, string>>;
}

/** What a person notes of a program. interest: 1 to 5, 0 where none is noted. */
interface Mark {
  star: boolean;
  interest: number;
  notes: string;
}

/** What a person keeps. */
interface Kept {
  programs: Record<string, Mark>;
  profile: Profile | null;
}
