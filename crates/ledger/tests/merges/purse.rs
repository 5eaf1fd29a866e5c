//! The points of one passbook, each on its own.

use jiff::civil::Date;

/// A point: the day on which it is gone, and whether it was earned, or given by another. Their
/// order is that in which they are spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    pub(crate) day: Date,
    pub(crate) earned: bool,
}

impl Point {
    /// One that never expires.
    pub(crate) const LASTING: Self = Self { day: Date::MAX, earned: true };

    /// The same, after it was given to another.
    pub(crate) fn given(self) -> Self {
        if self == Self::LASTING { self } else { Self { earned: false, ..self } }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Purse {
    points: Vec<Point>,
    debt: i64,
    /// What is held, and since which day.
    holds: Vec<(Date, i64)>,
}

impl Purse {
    pub(crate) fn balance(&self) -> i64 {
        i64::try_from(self.points.len()).unwrap() - self.debt
    }

    pub(crate) fn held(&self) -> i64 {
        self.holds.iter().map(|it| it.1).sum()
    }

    pub(crate) fn available(&self) -> i64 {
        self.balance() - self.held()
    }

    /// Pays a debt with so many points, or as many of them as it takes.
    pub(crate) fn pay(&mut self, points: i64) -> i64 {
        let paid = self.debt.min(points);
        self.debt -= paid;
        paid
    }

    /// Its points in the order of spending.
    pub(crate) fn points(&self) -> Vec<Point> {
        let mut points = self.points.clone();
        points.sort_unstable();
        points
    }

    pub(crate) fn hold(&mut self, since: Date, points: i64) {
        self.holds.push((since, points));
    }

    pub(crate) fn release(&mut self, since: Date, points: i64) {
        let at = self.holds.iter().position(|it| *it == (since, points)).unwrap();
        self.holds.remove(at);
    }

    /// Takes points; those past their day, which a hold keeps, at last. What lacks is owed.
    pub(crate) fn take(&mut self, count: i64, today: Date) -> Vec<Point> {
        self.points.sort_unstable_by_key(|it| (it.day <= today, *it));
        self.first(count)
    }

    /// Takes what a hold keeps: what expires soonest.
    pub(crate) fn capture(&mut self, count: i64) -> Vec<Point> {
        self.points.sort_unstable();
        self.first(count)
    }

    fn first(&mut self, count: i64) -> Vec<Point> {
        let there = usize::try_from(count).unwrap().min(self.points.len());
        self.debt += count - i64::try_from(there).unwrap();
        let mut taken: Vec<Point> = self.points.drain(..there).collect();
        taken.sort_unstable();
        taken
    }

    /// Puts points in; a debt takes those that expire soonest. Which stayed.
    pub(crate) fn put(&mut self, mut points: Vec<Point>) -> Vec<Point> {
        points.sort_unstable();
        let paid = self.pay(i64::try_from(points.len()).unwrap());
        let stay = points.split_off(usize::try_from(paid).unwrap());
        self.points.extend(&stay);
        stay
    }

    /// Takes all of another in, a debt as a debt.
    pub(crate) fn join(&mut self, other: Self, today: Date) {
        self.take(other.debt, today);
        self.put(other.points);
    }

    /// Takes so many points out that go to where some came from: those first, then what never
    /// expires, then what expires soonest.
    pub(crate) fn part(&mut self, count: i64, mut came: Vec<Point>, today: Date) -> Vec<Point> {
        came.sort_unstable();
        let mut points = self.points();
        let mut taken: Vec<Point> = Vec::new();
        let count = usize::try_from(count).unwrap();
        for it in came.iter().filter(|it| today < it.day && **it != Point::LASTING) {
            let there = points.iter().position(|own| own == it);
            if let Some(at) = there.filter(|_| taken.len() < count) {
                taken.push(points.remove(at));
            }
        }
        points.sort_unstable_by_key(|it| (it.day <= today, *it != Point::LASTING, *it));
        taken.extend(points.drain(..count - taken.len()));
        self.points = points;
        taken
    }

    /// Lets points expire that no hold keeps: it keeps what it was made of.
    pub(crate) fn expire(&mut self, today: Date) -> Vec<Point> {
        self.points.sort_unstable();
        let (mut kept, mut gone) = (0, Vec::new());
        let holds = &self.holds;
        let held = |day: Date| holds.iter().filter(|it| it.0 < day).map(|it| it.1).sum::<i64>();
        self.points.retain(|it| {
            let over = it.day <= today;
            let stays = !over || kept < held(it.day);
            kept += i64::from(over && stays);
            if !stays {
                gone.push(*it);
            }
            stays
        });
        gone
    }
}
