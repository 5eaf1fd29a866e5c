//! Minutes, points and coefficients: exact, checked, never float. All arithmetic on them is here.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive as _};
use thiserror::Error;

/// Decimal places of points.
const POINTS_SCALE: u32 = 2;
/// Decimal places of a coefficient.
const COEFFICIENT_SCALE: u32 = 4;

/// A signed number of whole minutes: an amount or a balance of the first register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Minutes(i64);

/// A signed number of points in whole hundredths: an amount or a balance of the second register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Points(i64);

/// Points earned for an hour: 0 to 100, at most 4 decimal places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coefficient(Decimal);

/// An amount that cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadAmount {
    /// More decimal places than are kept.
    #[error("{value} has more than {places} decimal places")]
    TooFine {
        /// What was given.
        value: Decimal,
        /// How many places are kept.
        places: u32,
    },
    /// Outside the range of its kind.
    #[error("{value} is out of range: give {least} to {most}")]
    OutOfRange {
        /// What was given.
        value: Decimal,
        /// The smallest that can be given.
        least: Decimal,
        /// The largest that can be given.
        most: Decimal,
    },
}

impl BadAmount {
    /// What is wrong, in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::TooFine { places, .. } => format!("小数最多 {places} 位"),
            Self::OutOfRange { least, most, .. } => format!("须在 {least} 至 {most} 之间"),
        }
    }
}

macro_rules! signed {
    ($name:ident) => {
        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// The sum, unless it leaves the range.
            pub fn plus(self, other: Self) -> Option<Self> {
                self.0.checked_add(other.0).map(Self)
            }

            /// The difference, unless it leaves the range.
            pub fn minus(self, other: Self) -> Option<Self> {
                self.0.checked_sub(other.0).map(Self)
            }

            /// The same amount the other way.
            pub fn negated(self) -> Self {
                Self(self.0.saturating_neg())
            }

            /// Whether it is below zero.
            pub fn is_negative(self) -> bool {
                self.0 < 0
            }

            /// Whether it is nothing.
            pub fn is_zero(self) -> bool {
                self.0 == 0
            }
        }
    };
}
signed!(Minutes);
signed!(Points);

impl Minutes {
    /// From a number of minutes.
    pub const fn new(minutes: i64) -> Self {
        Self(minutes)
    }

    /// The number of minutes.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl Points {
    /// From hundredths of a point.
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// Hundredths of a point.
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// Accepts a decimal with at most 2 places.
    pub fn new(value: Decimal) -> Result<Self, BadAmount> {
        let value = value.normalize();
        if POINTS_SCALE < value.scale() {
            return Err(BadAmount::TooFine { value, places: POINTS_SCALE });
        }
        let hundredths = value.checked_mul(Decimal::ONE_HUNDRED).and_then(|it| it.to_i64());
        hundredths.map(Self).ok_or(BadAmount::OutOfRange {
            value,
            least: Decimal::new(i64::MIN, POINTS_SCALE),
            most: Decimal::new(i64::MAX, POINTS_SCALE),
        })
    }

    /// The exact decimal, always with 2 places.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, POINTS_SCALE)
    }
}

impl Coefficient {
    /// One point for an hour.
    pub const ONE: Self = Self(Decimal::ONE);

    /// Accepts 0 to 100 with at most 4 decimal places.
    pub fn new(value: Decimal) -> Result<Self, BadAmount> {
        let value = value.normalize();
        if COEFFICIENT_SCALE < value.scale() {
            return Err(BadAmount::TooFine { value, places: COEFFICIENT_SCALE });
        }
        if value.is_sign_negative() && !value.is_zero() || Decimal::ONE_HUNDRED < value {
            let (least, most) = (Decimal::ZERO, Decimal::ONE_HUNDRED);
            return Err(BadAmount::OutOfRange { value, least, most });
        }
        Ok(Self(value))
    }

    /// Points for minutes: minutes ÷ 60 × coefficient, rounded half to even at 2 places (the
    /// rule of ISO 80000-1 B.3 A), so that a deduction takes back what was given. `None` beyond
    /// the range.
    pub fn points(self, minutes: Minutes) -> Option<Points> {
        // Whole hours at one point an hour, the common case, need no division.
        if self.0 == Decimal::ONE && minutes.0.checked_rem(3) == Some(0) {
            return minutes.0.checked_div(3)?.checked_mul(5).map(Points);
        }
        let product = Decimal::from(minutes.0).checked_mul(self.0)?;
        let exact = product.checked_div(Decimal::from(60))?;
        let rounded =
            exact.round_dp_with_strategy(POINTS_SCALE, RoundingStrategy::MidpointNearestEven);
        Points::new(rounded).ok()
    }
}

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decimal().fmt(f)
    }
}

impl fmt::Display for Coefficient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_at_most_two_places() {
        assert_eq!(Points::new(Decimal::new(1250, 3)).unwrap().hundredths(), 125);
        assert!(matches!(Points::new(Decimal::new(1251, 3)), Err(BadAmount::TooFine { .. })));
        assert!(matches!(Points::new(Decimal::MAX), Err(BadAmount::OutOfRange { .. })));
    }

    #[test]
    fn an_hour_is_a_point_and_halves_round_to_even() {
        let points = |minutes| Coefficient::ONE.points(Minutes::new(minutes)).unwrap().to_string();
        assert_eq!(points(60), "1.00");
        assert_eq!(points(50), "0.83");
        assert_eq!(points(-50), "-0.83");
        let half = Coefficient::new(Decimal::new(3, 1)).unwrap();
        // 1 min × 0.3 ÷ 60 = 0.005, a tie: to 0.00; 3 min give 0.015, a tie: to 0.02.
        assert_eq!(half.points(Minutes::new(1)).unwrap().to_string(), "0.00");
        assert_eq!(half.points(Minutes::new(3)).unwrap().to_string(), "0.02");
    }

    #[test]
    fn the_short_cut_gives_what_the_division_gives() {
        let slow = |minutes: i64| {
            let exact = Decimal::from(minutes) / Decimal::from(60);
            exact.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven)
        };
        for minutes in -1440..=1440 {
            let fast = Coefficient::ONE.points(Minutes::new(minutes)).unwrap();
            assert_eq!(fast.decimal().normalize(), slow(minutes).normalize(), "{minutes}");
        }
    }

    #[test]
    fn a_coefficient_has_bounds() {
        assert!(Coefficient::new(Decimal::ONE_HUNDRED).is_ok());
        assert!(Coefficient::new(Decimal::new(10_001, 2)).is_err());
        assert!(Coefficient::new(Decimal::NEGATIVE_ONE).is_err());
        assert!(Coefficient::new(Decimal::new(12345, 5)).is_err());
    }
}
