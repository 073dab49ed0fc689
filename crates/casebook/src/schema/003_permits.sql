-- Lists of permits; the newest is in force, the older ones stay.
CREATE TABLE permits (
  id INTEGER PRIMARY KEY,
  list INTEGER NOT NULL,         -- number of its source
  line INTEGER NOT NULL,         -- row of the list, from 1
  name TEXT NOT NULL,
  number TEXT NOT NULL,
  expires TEXT NOT NULL,         -- YYYY-MM-DD, empty: unknown
  status TEXT NOT NULL,          -- valid, suspended, revoked, expired, or as written where it is none of these
  countries TEXT NOT NULL        -- ISO 3166-1 alpha-2 with spaces between; empty: not said
);
CREATE INDEX permits_list ON permits(list, line);

-- Samples of unflagged adverts drawn for checking by hand.
CREATE TABLE samples (id INTEGER PRIMARY KEY, seed INTEGER NOT NULL, size INTEGER NOT NULL, among INTEGER NOT NULL, UNIQUE (seed, size));
CREATE TABLE sampled (sample INTEGER NOT NULL, advert INTEGER NOT NULL, PRIMARY KEY (sample, advert)) WITHOUT ROWID;
