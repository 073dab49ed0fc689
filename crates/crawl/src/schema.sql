CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hosts (
  host TEXT PRIMARY KEY,
  next_at INTEGER NOT NULL DEFAULT 0,   -- not asked before, milliseconds since 1970
  asking INTEGER NOT NULL DEFAULT 0,    -- a request is under way
  pages INTEGER NOT NULL DEFAULT 0,     -- of this round, as the next two
  bytes INTEGER NOT NULL DEFAULT 0,
  adverts INTEGER NOT NULL DEFAULT 0,
  flagged INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS robots (
  origin TEXT PRIMARY KEY,
  fetched INTEGER NOT NULL,
  verdict TEXT NOT NULL,                -- rules, open, closed
  body BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,             -- the address in its normal spelling, without the scheme
  url TEXT NOT NULL,
  host TEXT NOT NULL,
  source TEXT NOT NULL,
  rank INTEGER NOT NULL,                -- purpose
  depth INTEGER NOT NULL,
  hops INTEGER NOT NULL DEFAULT 0,      -- redirects on the way here
  state INTEGER NOT NULL DEFAULT 0,     -- 0 waiting, 1 done, 2 failed, 3 failed but may come right
  round INTEGER NOT NULL,               -- last queued in this round
  tries INTEGER NOT NULL DEFAULT 0,
  status INTEGER,
  etag TEXT,
  modified TEXT,
  fetched INTEGER,
  body TEXT,                            -- SHA-256 of the page unpacked
  note TEXT
);
CREATE INDEX IF NOT EXISTS waiting ON pages (host, rank, id) WHERE state = 0;
CREATE INDEX IF NOT EXISTS bodies ON pages (body) WHERE body IS NOT NULL;
CREATE TABLE IF NOT EXISTS captures (   -- every response in the archive
  turned TEXT NOT NULL,                 -- the address with its host turned round, for the index
  url TEXT NOT NULL,
  at INTEGER NOT NULL,
  status INTEGER,
  mime TEXT NOT NULL,
  sha1 TEXT NOT NULL,                   -- of the payload
  sha256 TEXT NOT NULL,                 -- of the response as archived
  warc TEXT NOT NULL,
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  UNIQUE (warc, offset)
);
CREATE TABLE IF NOT EXISTS adverts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  page INTEGER NOT NULL REFERENCES pages (id),
  source TEXT NOT NULL,
  json TEXT NOT NULL,
  seen INTEGER NOT NULL,
  response TEXT NOT NULL,
  warc TEXT NOT NULL,
  offset INTEGER NOT NULL
);
