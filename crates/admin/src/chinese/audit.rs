//! The help in Chinese: the audit.

pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "Audits the journal (审计): of a running bank, of a stopped one in its directory, or in backups",
        "审计总流水：运行中的服务、已停止服务的数据目录，或备份文件",
    ),
    (
        "Data directory of a stopped bank [default: ask the running bank]",
        "已停止服务的数据目录 [默认：审计运行中的服务]",
    ),
    (
        "Directory of its second copy, or off [default: mirror in the data directory, if it is there]",
        "第二份副本的目录，或 off（没有） [默认：数据目录中的 mirror，若存在]",
    ),
    (
        "Where copies of the copies are opened, so that nothing is changed [default: that of the system]",
        "副本先复制到此目录再打开，原目录不会改动 [默认：系统临时目录]",
    ),
    (
        "An entry and its seal that were written down earlier: the journal must have it",
        "先前抄录的流水号和封印：总流水必须与之相符",
    ),
    (
        "Exit code 3: the journal holds, but a copy of it or its note does not.",
        "退出码 3：总流水成立，但有副本或其记号不成立。",
    ),
    (
        "Exit code 4: the journal does not hold, or a backup is damaged.",
        "退出码 4：总流水不成立，或备份文件损坏。",
    ),
];
