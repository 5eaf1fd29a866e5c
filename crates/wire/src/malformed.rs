//! A message that cannot be understood: which fields, what is wrong, and how to mend them.

use std::fmt;

use crate::Fault;

/// The reason of every such error.
pub const REASON: &str = "MALFORMED";

/// The most violations that are told at once.
pub const VIOLATIONS_MAX: usize = 8;

/// A message that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    first: Violation,
    more: Vec<Violation>,
}

/// A field, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The path of the field, as the proto names it: `items[3].interval.end_time`.
    pub field: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What parsing comes to.
pub type Parsed<T> = Result<T, Malformed>;

impl Malformed {
    /// A fault of a field.
    pub fn new(field: impl Into<String>, fault: Fault) -> Self {
        Self { first: Violation { field: field.into(), fault }, more: Vec::new() }
    }

    /// The same faults, of fields within another.
    pub fn within(mut self, outer: &str) -> Self {
        for it in std::iter::once(&mut self.first).chain(&mut self.more) {
            it.field = format!("{outer}.{}", it.field);
        }
        self
    }

    /// The faults of both, as many as are told.
    pub fn and(mut self, other: Self) -> Self {
        let room = VIOLATIONS_MAX.saturating_sub(1).saturating_sub(self.more.len());
        self.more.extend(std::iter::once(other.first).chain(other.more).take(room));
        self
    }

    /// The violations, 1 to [`VIOLATIONS_MAX`], in the order of the message.
    pub fn violations(&self) -> impl Iterator<Item = &Violation> {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// The whole of it in Chinese.
    pub fn chinese(&self) -> String {
        let told = self.violations().map(|it| format!("{}：{}", it.field, it.fault.chinese()));
        told.collect::<Vec<_>>().join("；")
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.first.field, self.first.fault)?;
        self.more.iter().try_for_each(|it| write!(f, "; {}: {}", it.field, it.fault))
    }
}

impl std::error::Error for Malformed {}

/// Both, or the faults of both.
pub fn both<A, B>(a: Parsed<A>, b: Parsed<B>) -> Parsed<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(a.and(b)),
        (Err(it), Ok(_)) | (Ok(_), Err(it)) => Err(it),
    }
}

/// All, or the faults of all, each within `field` at its place.
pub fn each<I, T>(
    field: &str,
    items: impl IntoIterator<Item = I>,
    mut parse: impl FnMut(I) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    let (mut parsed, mut faults) = (Vec::new(), None::<Malformed>);
    for (index, item) in items.into_iter().enumerate() {
        match parse(item) {
            Ok(it) => parsed.push(it),
            Err(err) => {
                let err = err.within(&format!("{field}[{index}]"));
                faults = Some(match faults.take() {
                    Some(known) => known.and(err),
                    None => err,
                });
            }
        }
    }
    faults.map_or(Ok(parsed), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing<T>(field: &str) -> Parsed<T> {
        Err(Malformed::new(field, Fault::Missing))
    }

    fn fields(it: &Malformed) -> Vec<&str> {
        it.violations().map(|it| it.field.as_str()).collect()
    }

    #[test]
    fn the_faults_of_all_fields_are_told_in_order() {
        let it = both(missing::<()>("a"), both(Ok(1), missing::<()>("b"))).unwrap_err();
        assert_eq!(fields(&it.clone().within("outer")), ["outer.a", "outer.b"]);
        assert_eq!(it.to_string(), "a: it is needed: give it; b: it is needed: give it");
        assert_eq!(it.chinese(), "a：必填；b：必填");
    }

    #[test]
    fn a_list_names_the_place_of_each_fault() {
        let odd = |it: u32| if it % 2 == 1 { Ok(it) } else { missing("no") };
        assert_eq!(each("items", [1, 3], odd), Ok(vec![1, 3]));
        let it = each("items", [1, 2, 3, 4], odd).unwrap_err();
        assert_eq!(fields(&it), ["items[1].no", "items[3].no"]);
    }

    #[test]
    fn no_more_are_told_than_can_be_read() {
        let it = each("items", 0..1000, |_| missing::<()>("no")).unwrap_err();
        assert_eq!(it.violations().count(), VIOLATIONS_MAX);
    }
}
