//! The help in Chinese: the journal, exports, anomalies, sign-in against participants.

pub(super) const TEXTS: &[(&str, &str)] = &[
    // Journal.
    ("The journal as it is stored, for auditors", "总流水原文，供审计"),
    ("Show the last entry and its seal", "显示最后一条流水及其封印"),
    (
        "Show entries in order; as JSON and CSV with the bytes that are sealed",
        "依次显示流水；JSON 和 CSV 含被封印的原文",
    ),
    ("Reads the whole journal and adds it up anew", "读取全部总流水并重新核算"),
    ("The first", "第一条"),
    ("The last [default: the last there is]", "最后一条 [默认：现有的最后一条]"),
    ("Go on with new entries as they come, until interrupted", "继续显示新的流水，直到中断"),
    // Exports.
    ("Statements, the journal and its totals for other programs", "导出对账单、总流水及其合计"),
    (
        "Write the statement (对账单) of a volunteer: every line of the passbook, the oldest first",
        "导出志愿者的对账单：全部存折行，旧的在前",
    ),
    (
        "Write the whole journal, a row for each posting, or as hledger reads it",
        "导出全部总流水：每个记账行一行，或 hledger 格式",
    ),
    (
        "Write what the journal adds up to, by month, branch, account and kind",
        "导出总流水的合计：按月份、社区、账户和摘要",
    ),
    (
        "The new file; its ending says what it is: .csv, .jsonl, .parquet, or of the journal .journal",
        "新文件；后缀决定格式：.csv、.jsonl、.parquet，总流水还可用 .journal（hledger）",
    ),
    ("Begin a CSV with the mark by which Excel knows UTF-8", "CSV 以 Excel 识别 UTF-8 的标记开头"),
    // Anomalies.
    (
        "Reads the whole journal and tells what an honest bank seldom shows (异常), with its evidence",
        "读取全部总流水，列出异常及其证据",
    ),
    (
        "Exit code 3, with --check: something was found. Exit code 4: the journal does not hold.",
        "退出码 3（加 --check 时）：有异常。退出码 4：总流水不成立。",
    ),
    ("Only what reaches to this day or later", "只列此日及以后的"),
    ("Only of these kinds", "只列这些种类"),
    (
        "End with exit code 3 where something is found, for schedulers",
        "有异常时以退出码 3 结束，供定时任务用",
    ),
    // Sign-in against participants.
    ("Compare who signed in with who was to take part (签到与名单)", "比对签到与名单"),
    (
        "Exit code 3: the lists differ, or a row is not understood.",
        "退出码 3：两者有差异，或有看不懂的行。",
    ),
    (
        "The sign-in: a sheet, or the bank's check-ins as activity:NO",
        "签到表；或 activity:活动号，即系统中的签到",
    ),
    (
        "Who was to take part, or is said to have: a sheet, or the bank's records as activity:NO",
        "参加者名单；或 activity:活动号，即系统中的服务记录",
    ),
    ("Only this day; rows without a day count for any", "只比对此日；没有日期的行都算"),
    ("Minutes by which times may differ", "允许相差的分钟数"),
];
