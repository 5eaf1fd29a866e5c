//! Tables that can lie above others: what a group of entries changes, on top of what was there.
//!
//! The ledger that readers see is large and changes only when a group is durable. The one that
//! decides is ahead of it by the group in hand: each of its tables holds only what differs, and
//! looks up the rest below.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::Hash,
    ops::RangeBounds,
};

/// Rows numbered in the order of coming.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct List<'b, T: 'static> {
    below: Option<&'b List<'static, T>>,
    /// How many rows lie below.
    first: usize,
    rows: Vec<T>,
    /// Rows below that are different here.
    changed: HashMap<usize, T>,
}

/// Rows by key, in no order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Map<'b, K: Eq + Hash + 'static, V: 'static> {
    below: Option<&'b Map<'static, K, V>>,
    rows: HashMap<K, V>,
    gone: HashSet<K>,
}

/// Rows by key, in the order of keys. For tables that stay small, or are read in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tree<'b, K: Ord + 'static, V: 'static> {
    below: Option<&'b Tree<'static, K, V>>,
    rows: BTreeMap<K, V>,
    gone: BTreeSet<K>,
}

impl<T> Default for List<'_, T> {
    fn default() -> Self {
        Self { below: None, first: 0, rows: Vec::new(), changed: HashMap::new() }
    }
}

impl<K: Eq + Hash, V> Default for Map<'_, K, V> {
    fn default() -> Self {
        Self { below: None, rows: HashMap::new(), gone: HashSet::new() }
    }
}

impl<K: Ord, V> Default for Tree<'_, K, V> {
    fn default() -> Self {
        Self { below: None, rows: BTreeMap::new(), gone: BTreeSet::new() }
    }
}

impl<T: Clone> List<'_, T> {
    pub(crate) fn len(&self) -> usize {
        self.first.saturating_add(self.rows.len())
    }

    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        match index.checked_sub(self.first) {
            Some(own) => self.rows.get(own),
            None => self.changed.get(&index).or_else(|| self.below?.get(index)),
        }
    }

    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        if let Some(own) = index.checked_sub(self.first) {
            return self.rows.get_mut(own);
        }
        if !self.changed.contains_key(&index) {
            self.changed.insert(index, self.below?.get(index)?.clone());
        }
        self.changed.get_mut(&index)
    }

    pub(crate) fn push(&mut self, row: T) {
        self.rows.push(row);
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        (0..self.len()).filter_map(|it| self.get(it))
    }

    pub(crate) fn first(&self) -> Option<&T> {
        self.get(0)
    }

    pub(crate) fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    pub(crate) fn detach(self) -> List<'static, T> {
        List { below: None, first: self.first, rows: self.rows, changed: self.changed }
    }
}

impl<T: Clone> List<'static, T> {
    /// Every row.
    pub(crate) fn rows(&self) -> &[T] {
        &self.rows
    }

    pub(crate) fn reserve(&mut self, rows: usize) {
        self.rows.reserve(rows);
    }

    pub(crate) fn above(&self) -> List<'_, T> {
        List { below: Some(self), first: self.len(), rows: Vec::new(), changed: HashMap::new() }
    }

    pub(crate) fn under(&self, upper: Self) -> List<'_, T> {
        List { below: Some(self), ..upper }
    }

    pub(crate) fn absorb(&mut self, upper: Self) {
        for (index, row) in upper.changed {
            if let Some(own) = self.rows.get_mut(index) {
                *own = row;
            }
        }
        self.rows.extend(upper.rows);
    }
}

impl<K: Eq + Hash + Clone, V> Map<'_, K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        if let Some(own) = self.rows.get(key) {
            return Some(own);
        }
        let below = self.below?;
        if self.gone.contains(key) { None } else { below.get(key) }
    }

    pub(crate) fn insert(&mut self, key: K, row: V) {
        self.rows.insert(key, row);
    }

    pub(crate) fn remove(&mut self, key: &K) {
        self.rows.remove(key);
        if self.below.is_some() {
            self.gone.insert(key.clone());
        }
    }

    pub(crate) fn detach(self) -> Map<'static, K, V> {
        Map { below: None, rows: self.rows, gone: self.gone }
    }
}

impl<K: Eq + Hash + Clone, V> Map<'static, K, V> {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Every row, in the order of keys.
    pub(crate) fn sorted(&self) -> Vec<(&K, &V)>
    where
        K: Ord,
    {
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_unstable_by_key(|it| it.0);
        rows
    }

    pub(crate) fn reserve(&mut self, rows: usize) {
        self.rows.reserve(rows);
    }

    pub(crate) fn above(&self) -> Map<'_, K, V> {
        Map { below: Some(self), rows: HashMap::new(), gone: HashSet::new() }
    }

    pub(crate) fn under(&self, upper: Self) -> Map<'_, K, V> {
        Map { below: Some(self), ..upper }
    }

    pub(crate) fn absorb(&mut self, upper: Self) {
        for key in &upper.gone {
            self.rows.remove(key);
        }
        self.rows.extend(upper.rows);
    }
}

impl<K: Ord + Clone, V: Clone> Tree<'_, K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        if let Some(own) = self.rows.get(key) {
            return Some(own);
        }
        let below = self.below?;
        if self.gone.contains(key) { None } else { below.get(key) }
    }

    /// The row of a key, made if there is none.
    pub(crate) fn at(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let row = if self.rows.contains_key(&key) { None } else { self.get(&key).cloned() };
        self.rows.entry(key).or_insert_with(|| row.unwrap_or_default())
    }

    pub(crate) fn insert(&mut self, key: K, row: V) {
        self.rows.insert(key, row);
    }

    pub(crate) fn remove(&mut self, key: &K) {
        self.rows.remove(key);
        if self.below.is_some() {
            self.gone.insert(key.clone());
        }
    }

    /// Every row, in the order of keys.
    pub(crate) fn iter(&self) -> Box<dyn Iterator<Item = (&K, &V)> + '_> {
        let Some(below) = self.below else { return Box::new(self.rows.iter()) };
        let lower = below.rows.iter();
        let lower = lower.filter(|it| !self.gone.contains(it.0) && !self.rows.contains_key(it.0));
        let merged: BTreeMap<&K, &V> = lower.chain(&self.rows).collect();
        Box::new(merged.into_iter())
    }

    /// The rows of a range of keys, in their order.
    pub(crate) fn range(
        &self,
        range: impl RangeBounds<K> + Clone,
    ) -> Box<dyn Iterator<Item = (&K, &V)> + '_> {
        let Some(below) = self.below else { return Box::new(self.rows.range(range)) };
        let lower = below.rows.range(range.clone());
        let lower = lower.filter(|it| !self.gone.contains(it.0) && !self.rows.contains_key(it.0));
        let merged: BTreeMap<&K, &V> = lower.chain(self.rows.range(range)).collect();
        Box::new(merged.into_iter())
    }

    /// The first row of a range of keys.
    pub(crate) fn first_in(&self, range: impl RangeBounds<K> + Clone) -> Option<(&K, &V)> {
        let own = self.rows.range(range.clone()).next();
        let mut lower = self.below.into_iter().flat_map(|it| it.rows.range(range.clone()));
        let lower = lower.find(|it| !self.gone.contains(it.0) && !self.rows.contains_key(it.0));
        match (own, lower) {
            (Some(own), Some(lower)) => Some(if own.0 < lower.0 { own } else { lower }),
            (own, lower) => own.or(lower),
        }
    }

    pub(crate) fn detach(self) -> Tree<'static, K, V> {
        Tree { below: None, rows: self.rows, gone: self.gone }
    }
}

impl<K: Ord + Clone, V> Tree<'static, K, V> {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn above(&self) -> Tree<'_, K, V> {
        Tree { below: Some(self), rows: BTreeMap::new(), gone: BTreeSet::new() }
    }

    pub(crate) fn under(&self, upper: Self) -> Tree<'_, K, V> {
        Tree { below: Some(self), ..upper }
    }

    pub(crate) fn absorb(&mut self, upper: Self) {
        for key in &upper.gone {
            self.rows.remove(key);
        }
        self.rows.extend(upper.rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_above_changes_nothing_until_absorbed() {
        let mut base = List::default();
        base.push("a");
        base.push("b");
        let mut upper = base.above();
        assert_eq!((upper.first(), upper.last()), (Some(&"a"), Some(&"b")));
        *upper.get_mut(0).unwrap() = "A";
        upper.push("c");
        assert_eq!(upper.iter().copied().collect::<Vec<_>>(), ["A", "b", "c"]);
        let upper = upper.detach();
        assert_eq!(base.iter().copied().collect::<Vec<_>>(), ["a", "b"]);
        base.absorb(upper);
        assert_eq!(base.iter().copied().collect::<Vec<_>>(), ["A", "b", "c"]);
    }

    #[test]
    fn what_is_removed_above_is_gone_there_and_after() {
        let (mut map, mut tree) = (Map::default(), Tree::default());
        for key in [1, 2, 3] {
            map.insert(key, key);
            tree.insert(key, key);
        }
        let (mut upper, mut above) = (map.above(), tree.above());
        upper.remove(&2);
        above.remove(&2);
        above.remove(&3);
        above.insert(3, 30);
        *above.at(4) = 4;
        assert_eq!((upper.get(&2), upper.get(&1), above.get(&2)), (None, Some(&1), None));
        assert_eq!(above.iter().map(|it| *it.1).collect::<Vec<_>>(), [1, 30, 4]);
        assert_eq!(above.range(2..4).map(|it| *it.1).collect::<Vec<_>>(), [30]);
        // Of what is gone or different here, nothing below is seen, wherever a range begins.
        assert_eq!(above.range(1..).map(|it| *it.1).collect::<Vec<_>>(), [1, 30, 4]);
        assert_eq!((above.first_in(2..), above.first_in(5..)), (Some((&3, &30)), None));
        assert_eq!((above.first_in(1..), above.first_in(2..3)), (Some((&1, &1)), None));
        let mut before = tree.above();
        before.insert(0, 0);
        assert_eq!(before.first_in(..), Some((&0, &0)));
        let (upper, above) = (upper.detach(), above.detach());
        assert_eq!(map.get(&2), Some(&2));
        map.absorb(upper);
        tree.absorb(above);
        assert_eq!((map.get(&2), map.get(&3)), (None, Some(&3)));
        assert_eq!(tree.iter().map(|it| *it.1).collect::<Vec<_>>(), [1, 30, 4]);
    }
}
