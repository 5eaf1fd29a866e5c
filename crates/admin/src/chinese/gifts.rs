//! The help in Chinese: gifts, kin, pools, help between volunteers, need, solvency.

pub(super) const TEXTS: &[(&str, &str)] = &[
    ("Say how much a volunteer is in need (困难等级)", "设定困难等级"),
    ("0, not at all, to 9", "0（无困难）至 9"),
];
