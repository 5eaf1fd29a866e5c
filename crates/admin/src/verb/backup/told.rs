//! What is wrong with a file, in two languages.

use lovebank_backup::{BadBackup, Fault, NotWritten};
use lovebank_journal::ENTRY_BYTES_MAX;
use lovebank_vault::{SealedFault, Unopened};

use crate::fail::{Exit, Fail};

/// A file that does not hold.
pub(crate) fn bad_backup(err: &BadBackup) -> Fail {
    let path = err.path.display();
    let english = Fail::local(&err.fault).english;
    let fail =
        Fail::error(format!("{path}: {english}"), format!("{path}：{}", chinese(&err.fault)));
    // What could not be read may be whole.
    if matches!(err.fault, Fault::Io(_)) { fail } else { broken(fail) }
}

/// A sealed vault that is not opened.
pub(crate) fn bad_vault(err: &Unopened) -> Fail {
    let path = err.path.display();
    let english = Fail::local(&err.fault).english;
    let fail =
        Fail::error(format!("{path}: {english}"), format!("{path}：{}", err.fault.chinese()));
    let unread = matches!(err.fault, SealedFault::Io(_) | SealedFault::Into { .. });
    if unread { fail } else { broken(fail) }
}

/// A backup that was not written.
pub(super) fn not_written(err: &NotWritten) -> Fail {
    let english = Fail::local(err).english;
    let told = |chinese: String| Fail::error(english.clone(), chinese);
    match err {
        NotWritten::Exists(path) => {
            told(format!("{} 已存在：备份不会覆盖文件，请另取名", path.display()))
        }
        NotWritten::Io { path, source, .. } => told(format!("{}：{source}", path.display())),
        NotWritten::TooLarge { no, bytes } => {
            broken(told(format!("流水 {no} 有 {bytes} 字节，过大")))
        }
        NotWritten::Broken { no, .. } => {
            broken(told(format!("流水 {no} 与此前备份的总流水不相接")))
        }
        NotWritten::OtherEnd { found, told: end } => {
            broken(told(format!("总流水止于 {found}，而服务器所报为 {end}")))
        }
        NotWritten::ReadBack(err) => {
            let inner = bad_backup(err);
            told(format!("写入后读回不符，磁盘可能有故障：{}", inner.chinese))
        }
    }
}

fn broken(it: Fail) -> Fail {
    Fail { exit: Exit::Broken, ..it }
}

fn chinese(fault: &Fault) -> String {
    match fault {
        Fault::Io(err) => format!("无法读取：{err}"),
        Fault::NotABackup => "不是总流水备份".to_owned(),
        Fault::OtherVersion => "格式版本不同：请用写入它的版本或更新的版本".to_owned(),
        Fault::CutShort => "不完整：请重新复制，或另取备份".to_owned(),
        Fault::Header { first, last } => format!("文件头称流水 {first} 至 {last}，不可能"),
        Fault::Packed { no, .. } => format!("流水 {no} 起无法解压：内容被改动或缺失"),
        Fault::TooLarge { no, bytes } => {
            format!("流水 {no} 称有 {bytes} 字节，一条最多 {ENTRY_BYTES_MAX} 字节")
        }
        Fault::Broken { no, .. } => format!("流水 {no} 不接前一条：被改动过，或不属于这里"),
        Fault::OtherEnd { no } => format!("末条流水 {no} 与文件头不符"),
        Fault::More { no } => format!("末条流水 {no} 之后还有内容：与其他文件拼接过"),
        Fault::Digest => "校验不符：内容被改动".to_owned(),
        Fault::NotFull { first } => {
            format!("从流水 {first} 开始：请在前面给出完整备份，并按顺序给出各文件")
        }
        Fault::OutOfOrder { first, due } => {
            format!("从流水 {first} 开始，应从 {due} 开始：请按顺序给出，不要遗漏")
        }
        Fault::NotItsBank => "流水 1 不是文件头所称银行的：内容被改动".to_owned(),
        Fault::OtherBank => "与前一文件不是同一银行的".to_owned(),
        Fault::OtherHistory { no } => {
            format!("所接的流水 {no} 与前一文件的末条不同：同一银行的两段历史，请查明哪一段为真")
        }
        Fault::TooMany { given, most } => {
            format!("共 {given} 个文件，最多 {most} 个：请做一次完整备份")
        }
    }
}
