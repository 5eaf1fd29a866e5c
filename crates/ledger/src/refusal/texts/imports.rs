//! What a refusal about a batch says.

use super::{Texts, denied, not_found, precondition};

/// In the order of checks.
pub(super) static TEXTS: &[(&str, Texts)] = &[
    (
        "IMPORT_UNKNOWN",
        not_found(
            "no sheet was taken in under this batch: list the imports to find it",
            "没有此导入批次：请列出导入批次查找",
        ),
    ),
    (
        "OWN_IMPORT",
        denied(
            "you took in this sheet, or a part of it, yourself: another approver must undo it",
            "此表（或其中一部分）由您本人导入：须由另一位审核人撤销",
        ),
    ),
    (
        "IMPORT_UNDONE",
        precondition(
            "this import was undone by entry {entry}, and an undo is not undone: take the file in again as another edition",
            "此次导入已由分录 {entry} 撤销，撤销不可再撤销：请将文件作为另一版次重新导入",
        ),
    ),
    (
        "POINTS_SPENT",
        precondition(
            "points of {passbooks} passbooks are spent or held already: passbook {passbook} would lack {missing}; say that they may be owed, or wait",
            "有 {passbooks} 本存折的积分已使用或冻结：存折 {passbook} 将欠 {missing}；请指明允许记欠，或稍后再试",
        ),
    ),
];
