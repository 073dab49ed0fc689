//! Clusters of nearly equal adverts, brought up to date as adverts arrive.
//!
//! New adverts are taken in portions: their bands go into a table in memory, and all older sketches stream past it. So
//! there is no index on the disk to keep, memory stays small, and a portion costs some seconds per million adverts.

use crate::case::Case;
use crate::error::CaseError;
use crate::review::digest;
use crate::sketch::Sketch;
use crate::{digest::hex, log, pattern};
use rusqlite::{Connection, TransactionBehavior, params};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// New adverts of a portion.
const PORTION: usize = 25_000;
/// Adverts of different clusters in one portion from which on a band is a set phrase and tells nothing.
const MOST: usize = 16;

/// What was linked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// New adverts looked at.
    pub adverts: usize,
    /// Clusters that began or grew.
    pub clusters: usize,
}

/// A cluster as lists show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Smallest number of its adverts; it changes only when clusters join.
    pub id: i64,
    /// How many adverts.
    pub adverts: i64,
}

impl Case {
    /// Links the adverts that came since the last call. `done` hears how many adverts were looked at.
    ///
    /// # Errors
    /// The casebook cannot be written.
    pub fn link(&mut self, mut done: impl FnMut(usize)) -> Result<Linked, CaseError> {
        let mut linked = Linked::default();
        loop {
            let settings = self.settings.clone();
            let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut portion = Portion::read(&tx)?;
            if portion.ids.is_empty() {
                return Ok(linked);
            }
            portion.compare_new();
            portion.compare_old(&tx)?;
            let touched = portion.write(&tx)?;
            let to = portion.ids.last().copied().unwrap_or(0);
            pattern::refresh(&tx, (portion.ids[0], to), &touched)?;
            let digests = serde_json::json!({
                "clusters": clusters_digest(&tx)?, "patterns": pattern::digest(&tx)?,
            });
            let detail = serde_json::json!({"adverts_to": to, "digests": digests});
            log::append(&tx, &settings, "links", &detail)?;
            tx.commit()?;
            linked.adverts += portion.ids.len();
            linked.clusters += touched.len();
            done(linked.adverts);
        }
    }

    /// Forgets all clusters and patterns and makes them again from the adverts.
    ///
    /// # Errors
    /// As [`Case::link`].
    pub fn link_anew(&mut self, done: impl FnMut(usize)) -> Result<Linked, CaseError> {
        let settings = self.settings.clone();
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch("DELETE FROM sketches; DELETE FROM members; DELETE FROM clusters; DELETE FROM patterns;")?;
        let digests = serde_json::json!({"clusters": clusters_digest(&tx)?, "patterns": pattern::digest(&tx)?});
        log::append(&tx, &settings, "links-anew", &serde_json::json!({"digests": digests}))?;
        tx.commit()?;
        self.link(done)
    }

    /// The largest clusters, from a place in the list on.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn clusters(&self, skip: usize, most: usize) -> Result<Vec<Cluster>, CaseError> {
        let mut query =
            self.db.prepare_cached("SELECT id, adverts FROM clusters ORDER BY adverts DESC, id LIMIT ?1 OFFSET ?2")?;
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let rows = query
            .query_map(params![number(most), number(skip)], |r| Ok(Cluster { id: r.get(0)?, adverts: r.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Titles and texts of a cluster's adverts, oldest first.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn cluster_texts(&self, cluster: i64, most: usize) -> Result<Vec<String>, CaseError> {
        let mut query = self.db.prepare_cached(
            "SELECT a.title, a.text FROM members m JOIN adverts a ON a.id = m.advert WHERE m.cluster = ?1
             ORDER BY m.advert LIMIT ?2",
        )?;
        let rows = query.query_map(params![cluster, i64::try_from(most).unwrap_or(i64::MAX)], |r| {
            let (title, text): (String, String) = (r.get(0)?, r.get(1)?);
            Ok(if title.is_empty() { text } else { format!("{title}\n{text}") })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The digest of a derived table as the log has it; `None` for a name that this version does not know.
    pub(crate) fn digest_of(&self, name: &str) -> Result<Option<String>, CaseError> {
        match name {
            "clusters" => clusters_digest(&self.db).map(Some),
            "patterns" => pattern::digest(&self.db).map(Some),
            "samples" => crate::sample::digest(&self.db).map(Some),
            "permits" => crate::permits::digest_of_all(&self.db).map(Some),
            _ => Ok(None),
        }
    }
}

fn clusters_digest(db: &Connection) -> Result<String, CaseError> {
    let mut sum = Vec::new();
    let mut query = db.prepare_cached(
        "SELECT advert, cluster, 0 FROM members UNION ALL SELECT id, adverts, 1 FROM clusters ORDER BY 3, 1",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..3 {
            sum.extend(row.get::<_, i64>(column)?.to_le_bytes());
        }
    }
    Ok(hex(&digest(std::iter::once(sum.as_slice()))))
}

/// New adverts with what they join.
struct Portion {
    ids: Vec<i64>,
    sketches: Vec<Option<Sketch>>,
    /// Band and value -> new adverts of different clusters that have it.
    table: HashMap<(u8, u64), Vec<u32>>,
    /// Cluster of each advert that is in one.
    members: HashMap<i64, i64>,
    joined: Joined,
}

/// Which adverts and clusters belong together (union-find); an advert outside clusters stands for itself.
#[derive(Default)]
struct Joined(HashMap<i64, i64>);

impl Joined {
    fn root(&mut self, n: i64) -> i64 {
        let mut root = n;
        while let Some(up) = self.0.get(&root).copied() {
            root = up;
        }
        let mut at = n;
        while at != root {
            at = self.0.insert(at, root).unwrap_or(root);
        }
        root
    }

    /// The smaller number stays.
    fn join(&mut self, a: i64, b: i64) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.0.insert(a.max(b), a.min(b));
        }
    }
}

impl Portion {
    fn read(db: &Connection) -> Result<Portion, CaseError> {
        let mut query = db.prepare_cached(
            "SELECT id, title, text FROM adverts WHERE id > (SELECT coalesce(max(advert), 0) FROM sketches)
             ORDER BY id LIMIT ?1",
        )?;
        let mut rows = query.query([i64::try_from(PORTION).unwrap_or(i64::MAX)])?;
        let (mut ids, mut sketches) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            ids.push(row.get(0)?);
            let text = |n: usize| row.get_ref(n).ok().and_then(|v| v.as_str().ok()).unwrap_or("");
            sketches.push(Sketch::of(text(1), text(2)));
        }
        let mut members = HashMap::new();
        if !ids.is_empty() {
            let mut query = db.prepare_cached("SELECT advert, cluster FROM members")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                members.insert(row.get(0)?, row.get(1)?);
            }
        }
        Ok(Portion { ids, sketches, table: HashMap::new(), members, joined: Joined::default() })
    }

    /// Compares the new adverts with each other and fills the table.
    fn compare_new(&mut self) {
        for (n, sketch) in self.sketches.iter().enumerate() {
            let (Some(sketch), own) = (sketch, self.ids[n]) else { continue };
            for (band, value) in sketch.bands() {
                let others = self.table.entry((band as u8, value)).or_default();
                if others.len() >= MOST {
                    continue;
                }
                let mut known = false;
                for &other in others.iter() {
                    let id = self.ids[other as usize];
                    let same = self.joined.root(id) == self.joined.root(own);
                    known |= same;
                    if !same && self.sketches[other as usize].as_ref().is_some_and(|o| o.alike(sketch)) {
                        self.joined.join(id, own);
                        known = true;
                    }
                }
                if !known {
                    others.push(n as u32);
                }
            }
        }
    }

    /// Compares all older adverts with the new ones.
    fn compare_old(&mut self, db: &Connection) -> Result<(), CaseError> {
        let mut query = db.prepare_cached("SELECT advert, bins FROM sketches")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let Some(sketch) = row.get_ref(1)?.as_blob().ok().and_then(Sketch::from_bytes) else { continue };
            let advert: i64 = row.get(0)?;
            let own = self.members.get(&advert).copied().unwrap_or(advert);
            for (band, value) in sketch.bands() {
                let Some(others) = self.table.get(&(band as u8, value)).filter(|o| o.len() < MOST) else { continue };
                for &other in others {
                    let id = self.ids[other as usize];
                    if self.joined.root(id) != self.joined.root(own)
                        && self.sketches[other as usize].as_ref().is_some_and(|o| o.alike(&sketch))
                    {
                        self.joined.join(id, own);
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes sketches and memberships; gives the clusters that began or grew.
    fn write(&mut self, db: &Connection) -> Result<BTreeSet<i64>, CaseError> {
        let mut insert = db.prepare_cached("INSERT INTO sketches (advert, bins) VALUES (?1, ?2)")?;
        for (id, sketch) in self.ids.iter().zip(&self.sketches) {
            // an advert without letters is noted as looked at
            insert.execute(params![id, sketch.as_ref().map(Sketch::to_bytes).unwrap_or_default()])?;
        }
        let nodes: Vec<i64> = self.joined.0.keys().copied().collect();
        let mut groups: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for node in nodes {
            let root = self.joined.root(node);
            groups.entry(root).or_default().extend([root, node]);
        }
        let mut member = db.prepare_cached(
            "INSERT INTO members (advert, cluster) VALUES (?1, ?2) ON CONFLICT (advert) DO UPDATE SET cluster = ?2",
        )?;
        let mut moved = db.prepare_cached("UPDATE members SET cluster = ?2 WHERE cluster = ?1")?;
        let mut gone = db.prepare_cached("DELETE FROM clusters WHERE id = ?1")?;
        let mut gone_pattern = db.prepare_cached("DELETE FROM patterns WHERE kind = 'template' AND subject = ?1")?;
        let mut size = db.prepare_cached(
            "INSERT INTO clusters (id, adverts) SELECT ?1, count(*) FROM members WHERE cluster = ?1
             ON CONFLICT (id) DO UPDATE SET adverts = excluded.adverts",
        )?;
        for (root, nodes) in &groups {
            for node in nodes {
                // a node is a cluster's smallest advert or an advert outside clusters; in both cases it is a member now
                if node != root {
                    moved.execute([node, root])?;
                    gone.execute([node])?;
                    gone_pattern.execute([node])?;
                }
                member.execute([node, root])?;
            }
            size.execute([root])?;
        }
        Ok(groups.into_keys().collect())
    }
}
