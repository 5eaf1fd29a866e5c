//! Kinds of anomalies, as they are typed.

use clap::ValueEnum;
use lovebank_ledger::anomaly::AnomalyKind;

macro_rules! seldom {
    ($($(#[$of:meta])* $word:ident),+ $(,)?) => {
        /// What is seldom.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
        pub(crate) enum Seldom {
            $($(#[$of])* $word),+
        }

        impl From<Seldom> for AnomalyKind {
            fn from(it: Seldom) -> Self {
                match it {
                    $(Seldom::$word => Self::$word),+
                }
            }
        }
    };
}

seldom!(
    /// More hours on a day than a person serves (不可能的时长)
    ImpossibleDay,
    /// Sheets with the same people and times (雷同的活动表)
    ClonedSheet,
    /// A threshold reached in December, and just so (年末恰好达标)
    YearEnd,
    /// Hours of kin recorded or approved (经办亲属时长)
    KinApproved,
    /// Two who approve each other (互相审核)
    TradedApprovals,
    /// One telephone for several families (电话相同)
    SharedPhone,
    /// Round hours beyond chance (整小时过多)
    RoundHours,
    /// Service outside opening times (开放时间之外)
    OutsideOpening,
    /// Check-outs that never came (多次未签退)
    ForgottenCheckOuts,
    /// Gifts of many to one account (集中捐赠)
    GiftBurst,
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::chinese;

    #[test]
    fn every_kind_is_typed_as_it_is_shown_and_has_its_chinese() {
        let typed = Seldom::value_variants().iter().map(|it| {
            let word = it.to_possible_value().map(|it| it.get_name().to_owned());
            (AnomalyKind::from(*it), word.unwrap_or_default())
        });
        let typed: Vec<_> = typed.collect();
        let shown: Vec<_> = AnomalyKind::ALL.into_iter().map(|it| (it, it.to_string())).collect();
        assert_eq!(typed, shown);
        for (_, word) in shown {
            assert!(chinese("anomaly", &word).is_some(), "{word}");
        }
    }
}
