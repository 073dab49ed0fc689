-- What was screened and what came of it. Rows of evidence are only ever added.
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,            -- file name or address, as it was named
  kind TEXT NOT NULL,            -- file, page, archive ...
  sha256 BLOB NOT NULL UNIQUE,   -- of its bytes
  bytes INTEGER NOT NULL,
  kept TEXT NOT NULL,            -- copied: `place` is inside NAME.files; referenced: `place` is where it was read
  place TEXT NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  version TEXT NOT NULL,
  hash BLOB NOT NULL             -- of this row
);
-- how far a source was read; follows from the log
CREATE TABLE progress (source INTEGER PRIMARY KEY, adverts INTEGER NOT NULL, finished INTEGER NOT NULL);

CREATE TABLE outlets (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE adverts (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  place INTEGER NOT NULL,        -- line or row of the source, from 1
  given TEXT,                    -- identifier that the source gave
  outlet TEXT, issue TEXT, page TEXT, date TEXT, url TEXT, rubric TEXT,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  key INTEGER NOT NULL,          -- first eight bytes of the identity: what is the same advert
  hash BLOB NOT NULL             -- of this row
);
CREATE INDEX adverts_key ON adverts(key);
CREATE TABLE sightings (advert INTEGER NOT NULL, source INTEGER NOT NULL, PRIMARY KEY (advert, source)) WITHOUT ROWID;

CREATE TABLE versions (
  id INTEGER PRIMARY KEY,
  engine TEXT NOT NULL, pack TEXT NOT NULL, model TEXT NOT NULL, registry TEXT NOT NULL,
  UNIQUE (engine, pack, model, registry)
);
CREATE TABLE assessments (
  id INTEGER PRIMARY KEY,
  advert INTEGER NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,           -- seconds since 1970, UTC
  score INTEGER NOT NULL,
  band INTEGER NOT NULL,         -- 0 none, 1 notice, 2 warning, 3 danger
  answer TEXT NOT NULL,          -- JSON, without versions, advice and help lines
  places TEXT NOT NULL,          -- places as the advert names them, separated by |
  hash BLOB NOT NULL,            -- of this row
  UNIQUE (advert, version)
);

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,            -- telephone (E.164) or handle
  value TEXT NOT NULL,
  adverts INTEGER NOT NULL,
  UNIQUE (value, kind)
);
CREATE INDEX contacts_shared ON contacts(adverts DESC, id) WHERE adverts > 1;
CREATE TABLE mentions (contact INTEGER NOT NULL, advert INTEGER NOT NULL, PRIMARY KEY (contact, advert)) WITHOUT ROWID;
CREATE INDEX mentions_advert ON mentions(advert);

-- the work list: each advert with its newest answer; can be made anew from the tables above
CREATE TABLE current (
  advert INTEGER PRIMARY KEY,
  assessment INTEGER NOT NULL,
  score INTEGER NOT NULL,
  band INTEGER NOT NULL,
  outlet INTEGER NOT NULL,       -- 0: unknown
  month TEXT NOT NULL,           -- YYYY-MM, empty: unknown
  language TEXT NOT NULL,
  state INTEGER NOT NULL         -- newest review, 0: none
);
CREATE INDEX current_score ON current(score DESC, advert) WHERE score > 0;
CREATE INDEX current_outlet ON current(outlet, score DESC, advert) WHERE score > 0;
CREATE INDEX current_language ON current(language, score DESC, advert) WHERE score > 0;
CREATE INDEX current_month ON current(month, score DESC, advert) WHERE score > 0;
CREATE INDEX current_state ON current(state, score DESC, advert) WHERE state > 0;

CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  advert INTEGER NOT NULL,
  state TEXT NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  note TEXT NOT NULL,
  hash BLOB NOT NULL
);
CREATE INDEX reviews_advert ON reviews(advert);

-- totals are kept, not counted
CREATE TABLE tally (
  dimension TEXT NOT NULL, value TEXT NOT NULL, band INTEGER NOT NULL, adverts INTEGER NOT NULL,
  PRIMARY KEY (dimension, value, band)
) WITHOUT ROWID;

CREATE TABLE log (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  version TEXT NOT NULL,
  event TEXT NOT NULL,
  detail TEXT NOT NULL,          -- JSON
  prev BLOB NOT NULL,
  hash BLOB NOT NULL             -- of this entry with `prev`
);

CREATE VIRTUAL TABLE words USING fts5(
  title, text, content='adverts', content_rowid='id', detail=none, columnsize=0,
  tokenize="unicode61 remove_diacritics 0"
);

CREATE TRIGGER log_stays BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the custody log is only added to'); END;
CREATE TRIGGER log_keeps BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the custody log is only added to'); END;
CREATE TRIGGER sources_stay BEFORE UPDATE ON sources BEGIN SELECT RAISE(ABORT, 'evidence is only added to'); END;
CREATE TRIGGER sources_keep BEFORE DELETE ON sources BEGIN SELECT RAISE(ABORT, 'evidence is only added to'); END;
CREATE TRIGGER adverts_stay BEFORE UPDATE ON adverts BEGIN SELECT RAISE(ABORT, 'evidence is only added to'); END;
CREATE TRIGGER adverts_keep BEFORE DELETE ON adverts BEGIN SELECT RAISE(ABORT, 'evidence is only added to'); END;
CREATE TRIGGER assessments_stay BEFORE UPDATE ON assessments BEGIN SELECT RAISE(ABORT, 'evidence is only added to'); END;
CREATE TRIGGER assessments_keep BEFORE DELETE ON assessments BEGIN SELECT RAISE(ABORT, 'evidence is only added to'); END;
CREATE TRIGGER reviews_stay BEFORE UPDATE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews are only added to'); END;
CREATE TRIGGER reviews_keep BEFORE DELETE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews are only added to'); END;
