//! Small ways to write the long lists of a pack: differences instead of numbers, columns instead of rows. Together with
//! gzip on the way to a browser this is most of what keeps the pack small.

/// Phrases as columns: all signals, then all flags, then all places. A place's set is written as its distance from the
/// next set that no phrase has used yet, which is mostly nought.
pub(crate) mod phrases {
    use crate::pack::{Phrase, Place};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[derive(Default, Serialize, Deserialize)]
    struct Columns {
        signals: Vec<u16>,
        shapes: Vec<u8>,
        anchors: Vec<u8>,
        needs: Vec<u8>,
        budgets: Vec<u8>,
        before: Vec<u8>,
        behind: Vec<u8>,
        flags: Vec<u8>,
        codes: Vec<i32>,
    }

    pub fn serialize<S: Serializer>(phrases: &[Phrase], serializer: S) -> Result<S::Ok, S::Error> {
        let mut c = Columns::default();
        let (mut signal, mut next) = (0u16, 0i64);
        for p in phrases {
            c.signals.push(p.signal.wrapping_sub(signal));
            signal = p.signal;
            c.shapes.push((p.places.len() as u8) << 1 | u8::from(p.unless));
            c.anchors.push(p.anchor);
            c.needs.push(p.needs[0] << 4 | p.needs[1] & 0x0f);
            c.budgets.push(p.budget);
            c.before.push(p.reach.0);
            c.behind.push(p.reach.1);
            for place in &p.places {
                let (code, flags) = place.raw();
                c.flags.push(flags);
                c.codes.push((i64::from(code) - next) as i32);
                if flags & 0x80 == 0 {
                    next = next.max(i64::from(code) + 1);
                }
            }
        }
        c.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Phrase>, D::Error> {
        let c = Columns::deserialize(deserializer)?;
        let cut = || D::Error::custom("the columns of the phrases differ in length");
        let mut places = c.flags.iter().zip(&c.codes);
        let (mut signal, mut next) = (0u16, 0i64);
        let mut out = Vec::with_capacity(c.signals.len());
        for (n, difference) in c.signals.iter().enumerate() {
            signal = signal.wrapping_add(*difference);
            let column = |values: &Vec<u8>| values.get(n).copied().ok_or_else(cut);
            let shape = column(&c.shapes)?;
            let mut own = Vec::with_capacity(usize::from(shape >> 1));
            for _ in 0..shape >> 1 {
                let (&flags, &distance) = places.next().ok_or_else(cut)?;
                let code = u32::try_from(next + i64::from(distance)).map_err(|_| cut())?;
                if flags & 0x80 == 0 {
                    next = next.max(i64::from(code) + 1);
                }
                own.push(Place::from_raw(code, flags));
            }
            out.push(Phrase {
                signal,
                unless: shape & 1 == 1,
                anchor: column(&c.anchors)?,
                needs: [column(&c.needs)? >> 4, column(&c.needs)? & 0x0f],
                budget: column(&c.budgets)?,
                reach: (column(&c.before)?, column(&c.behind)?),
                places: own,
            });
        }
        Ok(out)
    }
}

/// Sets as columns: how many words, sets and sequences each has, then the words as differences (low and high bytes apart),
/// then the sets named as distances back.
pub(crate) mod sets {
    use crate::pack::Words;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[derive(Default, Serialize, Deserialize)]
    struct Columns {
        words: Vec<u32>,
        low: Vec<u8>,
        high: Vec<u32>,
        included: Vec<u32>,
        includes: Vec<u32>,
        sequences: Vec<u32>,
        lengths: Vec<u32>,
        parts: Vec<u32>,
    }

    pub fn serialize<S: Serializer>(sets: &[Words], serializer: S) -> Result<S::Ok, S::Error> {
        let mut c = Columns::default();
        for (n, set) in sets.iter().enumerate() {
            let n = n as u32;
            c.words.push(set.own.len() as u32);
            let mut last = 0u32;
            for &word in &set.own {
                let difference = word.wrapping_sub(std::mem::replace(&mut last, word));
                c.low.push(difference as u8);
                c.high.push(difference >> 8);
            }
            c.included.push(set.includes.len() as u32);
            c.includes.extend(set.includes.iter().map(|other| n.wrapping_sub(*other)));
            c.sequences.push(set.sequences.len() as u32);
            for sequence in &set.sequences {
                c.lengths.push(sequence.len() as u32);
                c.parts.extend(sequence.iter().map(|other| n.wrapping_sub(*other)));
            }
        }
        c.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Words>, D::Error> {
        let c = Columns::deserialize(deserializer)?;
        let cut = || D::Error::custom("the columns of the word sets differ in length");
        let mut words = c.low.iter().zip(&c.high);
        let (mut includes, mut lengths, mut parts) = (c.includes.iter(), c.lengths.iter(), c.parts.iter());
        let mut out = Vec::with_capacity(c.words.len());
        for (n, count) in c.words.iter().enumerate() {
            let back = |distance: &u32| (n as u32).wrapping_sub(*distance);
            let mut set = Words::default();
            let mut last = 0u32;
            for _ in 0..*count {
                let (&low, &high) = words.next().ok_or_else(cut)?;
                last = last.wrapping_add(high << 8 | u32::from(low));
                set.own.push(last);
            }
            for _ in 0..*c.included.get(n).ok_or_else(cut)? {
                set.includes.push(back(includes.next().ok_or_else(cut)?));
            }
            for _ in 0..*c.sequences.get(n).ok_or_else(cut)? {
                let mut sequence = Vec::new();
                for _ in 0..*lengths.next().ok_or_else(cut)? {
                    sequence.push(back(parts.next().ok_or_else(cut)?));
                }
                set.sequences.push(sequence);
            }
            out.push(set);
        }
        Ok(out)
    }
}
