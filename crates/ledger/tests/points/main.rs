//! Random histories of rewards, gifts, pools and help, compared step by step with a naive model.
//!
//! After every step: both agree on whether it can be done, on every balance, hold, place and
//! state; the invariants hold, among them that the journal adds up to the ledger; what was refused
//! has changed nothing; the same request again is the same entry.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "tests"
)]

mod commands;
mod helping;
mod model;
mod world;

use proptest::{collection::vec, option, prelude::*};
use world::{Step, World};

fn who() -> std::ops::Range<usize> {
    0..5
}

/// Which of those that a step may fit; see [`world::World`].
fn no() -> std::ops::Range<usize> {
    0..1000
}

fn minutes() -> impl Strategy<Value = i64> {
    prop_oneof![1 => Just(0_i64), 4 => Just(30), 4 => Just(60), 1 => Just(90)]
}

fn hundredths() -> impl Strategy<Value = i64> {
    prop_oneof![Just(50_i64), Just(100), Just(250), Just(700)]
}

fn rewards() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (who(), 0..3_usize).prop_map(|(who, reward)| Step::Request { who, reward }),
        2 => no().prop_map(|no| Step::Cancel { no }),
        3 => no().prop_map(|no| Step::Fulfill { no }),
        1 => no().prop_map(|no| Step::Miss { no }),
        1 => no().prop_map(|no| Step::TakeBack { no }),
        1 => (0..3_usize, 1..3_i64).prop_map(|(reward, places)| Step::Stock { reward, places }),
    ]
}

fn gifts() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (who(), option::of(who()), hundredths())
            .prop_map(|(from, to, points)| Step::Give { from, to, points }),
        1 => no().prop_map(|no| Step::Ungive { no }),
        1 => (who(), hundredths()).prop_map(|(who, points)| Step::Draw { who, points }),
        2 => no().prop_map(|no| Step::Approve { no }),
    ]
}

fn help() -> impl Strategy<Value = Step> {
    let asked = prop_oneof![Just(30_i64), Just(60)];
    prop_oneof![
        4 => (who(), asked).prop_map(|(who, minutes)| Step::Ask { who, minutes }),
        6 => (no(), who()).prop_map(|(no, who)| Step::Offer { no, who }),
        1 => (no(), who()).prop_map(|(no, who)| Step::Withdraw { no, who }),
        6 => (no(), who()).prop_map(|(no, who)| Step::Accept { no, who }),
        1 => no().prop_map(|no| Step::GiveUp { no }),
        16 => (no(), any::<bool>(), minutes(), 0..2_usize)
            .prop_map(|(no, by_asker, minutes, hand)| Step::Confirm { no, by_asker, minutes, hand }),
        2 => (no(), minutes()).prop_map(|(no, minutes)| Step::Resolve { no, minutes }),
    ]
}

/// Mostly help, an hour or two at a time.
fn helping() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (who(), 1..7_i64).prop_map(|(who, halves)| Step::Earn { who, halves }),
        3 => (who(), 0..2_usize).prop_map(|(who, reward)| Step::Request { who, reward }),
        3 => (who(), option::of(who()), hundredths())
            .prop_map(|(from, to, points)| Step::Give { from, to, points }),
        70 => help(),
        6 => (1..3_i64).prop_map(|hours| Step::Wait { hours }),
        1 => (30..80_i64).prop_map(|hours| Step::Wait { hours }),
        2 => Just(Step::Again),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (who(), 1..7_i64).prop_map(|(who, halves)| Step::Earn { who, halves }),
        5 => rewards(),
        3 => gifts(),
        6 => help(),
        4 => (1..40_i64).prop_map(|hours| Step::Wait { hours }),
        1 => Just(Step::Again),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn help_is_what_the_model_says(steps in vec(helping(), 1..120)) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
        }
    }

    #[test]
    fn points_are_what_the_model_says(steps in vec(step(), 1..120)) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
        }
    }
}
