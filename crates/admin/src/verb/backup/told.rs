//! What is wrong with a file, in two languages.

use std::{error::Error, path::Path};

use lovebank_backup::{BadBackup, Fault, NotWritten};
use lovebank_journal::ENTRY_BYTES_MAX;
use lovebank_vault::{OpenError, SealedFault, Unopened, WriteError};

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

/// A vault that does not open in the directory where a bank is being made.
pub(crate) fn vault_unopened(into: &Path, err: &OpenError) -> Fail {
    vault_failed(into, err.is_full(), err)
}

/// A vault that is not put beside its journal there.
pub(crate) fn vault_unfit(into: &Path, err: &WriteError) -> Fail {
    vault_failed(into, err.is_full(), err)
}

fn vault_failed(into: &Path, is_full: bool, err: &(dyn Error + 'static)) -> Fail {
    let (into, english) = (into.display(), Fail::local(err).english);
    if !is_full {
        return Fail::error(english.clone(), format!("个人信息库无法就位：{english}"));
    }
    Fail::error(
        format!(
            "the disk of {into} is full: make room, and run this again; nothing is left of the \
             attempt ({english})"
        ),
        format!("{into} 所在的磁盘已满：请腾出空间后重新运行；此次未留下任何内容（{english}）"),
    )
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

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;
    use crate::cli::Lang;

    #[test]
    fn a_disk_that_is_full_is_told_in_both_languages_with_what_to_do() {
        let into = Path::new("data");
        let written =
            |kind: ErrorKind| WriteError::Copy { path: into.to_owned(), source: kind.into() };
        let opened =
            |kind: ErrorKind| OpenError::Files { path: into.to_owned(), source: kind.into() };
        for kind in [ErrorKind::StorageFull, ErrorKind::QuotaExceeded] {
            for told in [vault_unfit(into, &written(kind)), vault_unopened(into, &opened(kind))] {
                assert_eq!(told.exit, Exit::Error);
                let (english, chinese) = (told.text(Lang::En), told.text(Lang::Zh));
                assert!(english.contains("the disk of data is full: make room"), "{english}");
                assert!(chinese.contains("磁盘已满：请腾出空间"), "{chinese}");
            }
        }
        let other = vault_unfit(into, &written(ErrorKind::PermissionDenied));
        assert!(!other.english.contains("is full") && !other.chinese.contains("已满"));
    }
}
