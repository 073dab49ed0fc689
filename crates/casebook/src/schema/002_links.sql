-- Nearly equal adverts, and what one telephone or template spreads over. All of it follows from the evidence and can be made
-- anew; the log holds its digest.
CREATE TABLE sketches (advert INTEGER PRIMARY KEY, bins BLOB NOT NULL);
CREATE TABLE members (advert INTEGER PRIMARY KEY, cluster INTEGER NOT NULL);
CREATE INDEX members_cluster ON members(cluster, advert);
CREATE TABLE clusters (
  id INTEGER PRIMARY KEY,        -- smallest advert of the cluster
  adverts INTEGER NOT NULL
);
CREATE INDEX clusters_size ON clusters(adverts DESC, id);
CREATE TABLE patterns (
  kind TEXT NOT NULL,            -- telephone, handle or template
  subject INTEGER NOT NULL,      -- number of the contact or cluster
  adverts INTEGER NOT NULL,
  trades TEXT NOT NULL, places TEXT NOT NULL, names TEXT NOT NULL,  -- JSON lists
  PRIMARY KEY (kind, subject)
) WITHOUT ROWID;
