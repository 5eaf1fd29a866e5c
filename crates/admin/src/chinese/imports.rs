//! The help of imports.

pub(super) const TEXTS: &[(&str, &str)] = &[
    ("Show which sheets were taken in, newest first", "列出导入过的表格，最新的在前"),
    ("Show one import batch", "显示一个导入批次"),
    (
        "Take back what an import brought (撤销导入); rehearses unless told --commit",
        "撤销一次导入；不加 --commit 时仅试运行",
    ),
    (
        "By an approver who took in no part of it. Totals are then as if it had never been; an undo is not undone.",
        "由未经手该次导入的审核人执行。撤销后合计如同从未导入；撤销不可再撤销。",
    ),
    ("The batch: its name, or the first digits of it", "批次：全名或开头几位"),
    ("Only those that stand so", "仅列出此状态的"),
    (
        "Let passbooks owe the points that are spent or held already",
        "允许存折对已使用或冻结的积分记欠",
    ),
    (
        "The sheet of a workbook, by its name or number [default: the only one that is not empty]",
        "工作簿中的工作表，写名称或序号 [默认：唯一不空的那张]",
    ),
    (
        "Take the file in again, once its import was undone: any word makes it another batch",
        "导入被撤销后重新导入同一文件：任意一个词即成为另一批次",
    ),
];
