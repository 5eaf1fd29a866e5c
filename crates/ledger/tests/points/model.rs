//! A naive model of points: numbers in plain lists, and nothing shared with the ledger.

use lovebank_ledger::{HelpState, RedemptionState};

/// Minutes of a day.
pub(crate) const DAY: i64 = 1440;
/// The most hundredths that a passbook gets.
pub(crate) const CAP: i64 = 1500;
/// Days: a place lasts, a request waits, silence agrees.
pub(crate) const PLACE_DAYS: i64 = 5;
pub(crate) const WAIT_DAYS: i64 = 10;
pub(crate) const SILENCE_DAYS: i64 = 3;

#[derive(Debug, Clone, Default)]
pub(crate) struct Book {
    pub(crate) minutes: i64,
    pub(crate) points: i64,
    pub(crate) held: i64,
    /// The home: the number of its pool.
    pub(crate) home: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    FirstCome,
    List,
    /// Closes, and places can be used until.
    Window(i64, i64),
}

#[derive(Debug, Clone)]
pub(crate) struct Reward {
    pub(crate) price: i64,
    pub(crate) left: i64,
    pub(crate) mode: Mode,
    pub(crate) allocated: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Redemption {
    pub(crate) reward: usize,
    pub(crate) who: usize,
    pub(crate) state: RedemptionState,
    pub(crate) ends: i64,
    pub(crate) rank: Option<usize>,
    pub(crate) taken: i64,
    pub(crate) reversed: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Gift {
    pub(crate) from: usize,
    /// The taker; none: the pool.
    pub(crate) to: Option<usize>,
    pub(crate) kept: i64,
    pub(crate) to_pool: i64,
    pub(crate) pool: usize,
    pub(crate) reversed: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Draw {
    pub(crate) who: usize,
    pub(crate) points: i64,
    pub(crate) waits: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Help {
    pub(crate) asker: usize,
    pub(crate) start: i64,
    pub(crate) minutes: i64,
    pub(crate) state: HelpState,
    pub(crate) offers: Vec<usize>,
    pub(crate) helper: Option<usize>,
    /// Whether the asker said it, how long, and by whose hand.
    pub(crate) said: Option<(bool, i64, usize)>,
    pub(crate) due: Option<i64>,
    /// How long it took, once that is settled.
    pub(crate) served: Option<i64>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) now: i64,
    pub(crate) books: Vec<Book>,
    pub(crate) pools: [i64; 2],
    pub(crate) rewards: Vec<Reward>,
    pub(crate) redemptions: Vec<Redemption>,
    pub(crate) gifts: Vec<Gift>,
    pub(crate) draws: Vec<Draw>,
    pub(crate) helps: Vec<Help>,
}

/// Points of minutes, in hundredths; whole halves of hours only.
pub(crate) fn price(minutes: i64) -> i64 {
    minutes * 100 / 60
}

/// Whether it can be done.
pub(crate) type Can = bool;

impl Model {
    pub(crate) fn available(&self, who: usize) -> i64 {
        self.books[who].points - self.books[who].held
    }

    /// Gives points to a passbook, as far as the cap lets it have them; the rest to its pool.
    pub(crate) fn credit(&mut self, who: usize, points: i64) -> (i64, i64) {
        let book = &mut self.books[who];
        let kept = points.min((CAP - book.points).max(0));
        book.points += kept;
        self.pools[book.home] += points - kept;
        (kept, points - kept)
    }

    pub(crate) fn earn(&mut self, who: usize, minutes: i64) -> Can {
        self.books[who].minutes += minutes;
        self.credit(who, price(minutes));
        true
    }

    pub(crate) fn request(&mut self, who: usize, reward: usize) -> Can {
        let it = self.rewards[reward].clone();
        let waits = |it: &Redemption| {
            it.who == who && it.reward == reward && it.state == RedemptionState::Waiting
        };
        let open = match it.mode {
            Mode::Window(closes, _) => self.now < closes,
            Mode::FirstCome => 0 < it.left,
            Mode::List => true,
        };
        if !open || self.redemptions.iter().any(waits) || self.available(who) < it.price {
            return false;
        }
        let placed = 0 < it.left && !matches!(it.mode, Mode::Window(..));
        self.rewards[reward].left -= i64::from(placed);
        let (state, ends) = match (it.mode, placed) {
            (Mode::Window(_, until), _) => (RedemptionState::Waiting, until),
            (_, true) => (RedemptionState::Allocated, self.now + PLACE_DAYS * DAY),
            (_, false) => (RedemptionState::Waiting, self.now + WAIT_DAYS * DAY),
        };
        let (rank, taken, reversed) = (None, 0, false);
        self.redemptions.push(Redemption { reward, who, state, ends, rank, taken, reversed });
        self.books[who].held += it.price;
        true
    }

    /// Those who wait for a reward, the first first.
    pub(crate) fn line(&self, reward: usize) -> Vec<usize> {
        let waits = |no: &usize| {
            let it = &self.redemptions[*no];
            it.reward == reward && it.state == RedemptionState::Waiting
        };
        let mut line: Vec<usize> = (0..self.redemptions.len()).filter(waits).collect();
        line.sort_by_key(|no| {
            let it = &self.redemptions[*no];
            // A rank that was found out stays; on a list the order is that of now.
            let ranked = self.rewards[reward].allocated;
            let key = if ranked { it.rank.unwrap_or(usize::MAX) } else { 0 };
            let minutes = if ranked { 0 } else { -self.books[it.who].minutes };
            (key, minutes, *no)
        });
        line
    }

    /// Gives what is free to those who wait.
    pub(crate) fn fill(&mut self, reward: usize, as_of: i64) {
        let ends = match self.rewards[reward].mode {
            Mode::FirstCome => return,
            Mode::List => self.now.max(as_of) + PLACE_DAYS * DAY,
            Mode::Window(_, until) => {
                if !self.rewards[reward].allocated || until <= as_of {
                    return;
                }
                until
            }
        };
        for no in self.line(reward) {
            if self.rewards[reward].left == 0 {
                return;
            }
            self.rewards[reward].left -= 1;
            let it = &mut self.redemptions[no];
            (it.state, it.ends) = (RedemptionState::Allocated, ends);
        }
    }

    /// Ends a redemption that is open; the place it had is free again.
    pub(crate) fn end(&mut self, no: usize, state: RedemptionState, taken: i64) {
        let it = &mut self.redemptions[no];
        let frees = it.state == RedemptionState::Allocated && state != RedemptionState::Fulfilled;
        (it.state, it.taken) = (state, taken);
        let reward = &mut self.rewards[it.reward];
        reward.left += i64::from(frees);
        let book = &mut self.books[it.who];
        book.held -= reward.price;
        book.points -= taken;
    }

    pub(crate) fn cancel(&mut self, no: usize) -> Can {
        let it = self.redemptions[no].clone();
        let placed = it.state == RedemptionState::Allocated;
        if !placed && it.state != RedemptionState::Waiting {
            return false;
        }
        self.end(no, RedemptionState::Cancelled, 0);
        if placed {
            self.fill(it.reward, self.now);
        }
        true
    }

    pub(crate) fn fulfill(&mut self, no: usize) -> Can {
        let it = self.redemptions[no].clone();
        let price = self.rewards[it.reward].price;
        if it.state != RedemptionState::Allocated || self.books[it.who].points < price {
            return false;
        }
        self.end(no, RedemptionState::Fulfilled, price);
        true
    }

    pub(crate) fn miss(&mut self, no: usize) -> Can {
        let it = self.redemptions[no].clone();
        if it.state != RedemptionState::Allocated {
            return false;
        }
        let taken = self.rewards[it.reward].price.min(self.books[it.who].points.max(0));
        self.end(no, RedemptionState::NoShow, taken);
        self.fill(it.reward, self.now);
        true
    }

    pub(crate) fn take_back(&mut self, no: usize) -> Can {
        let it = &mut self.redemptions[no];
        let fulfilled = it.state == RedemptionState::Fulfilled;
        let forfeited = it.state == RedemptionState::NoShow && 0 < it.taken;
        if it.reversed || !fulfilled && !forfeited {
            return false;
        }
        it.reversed = true;
        if fulfilled {
            it.state = RedemptionState::Reversed;
        }
        self.books[it.who].points += it.taken;
        true
    }

    pub(crate) fn stock(&mut self, reward: usize, places: i64) -> Can {
        self.rewards[reward].left += places;
        self.fill(reward, self.now);
        true
    }

    pub(crate) fn give(&mut self, from: usize, to: Option<usize>, points: i64) -> Can {
        if to == Some(from) || self.available(from) < points {
            return false;
        }
        self.books[from].points -= points;
        let (kept, to_pool, pool) = if let Some(to) = to {
            let (kept, over) = self.credit(to, points);
            (kept, over, self.books[to].home)
        } else {
            self.pools[0] += points;
            (0, points, 0)
        };
        self.gifts.push(Gift { from, to, kept, to_pool, pool, reversed: false });
        true
    }

    pub(crate) fn ungive(&mut self, no: usize) -> Can {
        let it = self.gifts[no].clone();
        if it.reversed || 0 < it.to_pool && self.pools[it.pool] < it.to_pool {
            return false;
        }
        self.gifts[no].reversed = true;
        self.books[it.from].points += it.kept + it.to_pool;
        self.pools[it.pool] -= it.to_pool;
        if let Some(to) = it.to {
            self.books[to].points -= it.kept;
        }
        true
    }

    pub(crate) fn draw(&mut self, who: usize, points: i64) -> Can {
        self.draws.push(Draw { who, points, waits: true });
        true
    }

    /// The first in order of those that the pool can pay: who has fewest points, then who asked
    /// first.
    pub(crate) fn approve(&mut self, no: usize) -> Can {
        let kept = |it: &Draw| it.points.min((CAP - self.books[it.who].points).max(0));
        let payable = |no: &usize| {
            let it = &self.draws[*no];
            it.waits && kept(it) <= self.pools[0]
        };
        let first = (0..self.draws.len()).filter(payable);
        let first = first.min_by_key(|no| (self.books[self.draws[*no].who].points, *no));
        if first != Some(no) {
            return false;
        }
        let points = kept(&self.draws[no]);
        self.draws[no].waits = false;
        self.books[self.draws[no].who].points += points;
        self.pools[0] -= points;
        true
    }
}
