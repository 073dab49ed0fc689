//! A list of numbers for each of many keys, in one piece of memory: thousands of small allocations would be most of
//! opening a pack, and most of the waiting while a text is read.

/// Lists by key, from 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    starts: Vec<u32>,
    values: Vec<u32>,
}

impl Lists {
    /// Collects what `each` gives: it is called twice with a function that takes key and value, and must give the same both
    /// times.
    pub fn new(keys: usize, each: impl Fn(&mut dyn FnMut(u32, u32))) -> Lists {
        let mut starts = vec![0u32; keys + 1];
        each(&mut |key, _| starts[key as usize + 1] += 1);
        for i in 0..keys {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut values = vec![0u32; starts[keys] as usize];
        each(&mut |key, value| {
            values[next[key as usize] as usize] = value;
            next[key as usize] += 1;
        });
        Lists { starts, values }
    }

    /// The list of a key.
    #[inline]
    pub fn of(&self, key: u32) -> &[u32] {
        &self.values[self.starts[key as usize] as usize..self.starts[key as usize + 1] as usize]
    }
}
