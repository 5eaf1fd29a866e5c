//! The help in Chinese: each text of the commands beside its own.

mod audit;
mod awards;
mod backups;
mod gifts;
mod imports;
mod journal;
mod rewards;

use clap::{Arg, ArgAction, Command};

/// The same commands, told in Chinese.
pub(crate) fn told(command: Command) -> Command {
    let command = match command.get_about().map(ToString::to_string) {
        Some(about) => command.about(of(&about)),
        None => command,
    };
    let command = match command.get_after_help().map(ToString::to_string) {
        Some(after) => command.after_help(after_help(&after)),
        None => command,
    };
    let command = command.mut_args(|arg| {
        let help = arg.get_help().map(ToString::to_string);
        let heading = if arg.is_positional() { "参数" } else { "选项" };
        let general = arg.get_help_heading().is_some();
        let arg = arg.help_heading(if general { "所有命令" } else { heading });
        match help {
            Some(help) => arg.help(of(&help)),
            None => arg,
        }
    });
    let general =
        |name: &'static str, help| Arg::new(name).long(name).help(help).help_heading("选项");
    let help = general("help", "显示帮助").short('h').action(ArgAction::Help);
    let version = general("version", "显示版本").short('V').action(ArgAction::Version);
    let command = match command.get_version() {
        Some(_) => command.disable_version_flag(true).arg(version),
        None => command,
    };
    command
        .disable_help_flag(true)
        .arg(help)
        .help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}")
        .subcommand_help_heading("命令")
        .disable_help_subcommand(true)
        .mut_subcommands(told)
}

fn of(english: &str) -> String {
    let found = all().find(|(it, _)| *it == english);
    found.map_or(english, |(_, chinese)| chinese).to_owned()
}

/// An example is the same in every language; what is said below it is not.
fn after_help(english: &str) -> String {
    let lines = english.lines().map(|line| match line.strip_prefix("Example: ") {
        Some(example) => format!("示例：{example}"),
        None => of(line),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn all() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let first = [TEXTS, audit::TEXTS, awards::TEXTS, backups::TEXTS, gifts::TEXTS];
    let more = [imports::TEXTS, journal::TEXTS, rewards::TEXTS];
    first.into_iter().chain(more).flatten()
}

const TEXTS: &[(&str, &str)] = &[
    ("The command line of a Love Bank (爱心银行)", "爱心银行命令行"),
    // Below examples.
    (
        "Exit codes: 0 done, 1 it failed, 2 the command was not understood, 3 some rows or items were",
        "退出码：0 完成，1 失败，2 命令看不懂，3 部分行或项被拒绝，",
    ),
    ("rejected, 4 the journal does not hold.", "4 总流水不成立。"),
    ("Exit code 4: the journal does not hold.", "退出码 4：总流水不成立。"),
    ("Exit code 3: some of them were refused.", "退出码 3：其中有被拒绝的。"),
    (
        "Exit code 3: some rows were rejected. Sending the same files again is safe: each is one batch, and is taken in once.",
        "退出码 3：有行被拒绝。同样的文件可以再次导入：每个文件是一个批次，只登记一次。",
    ),
    (
        "The list is a CSV with a header: number (or 义工号), and if wanted name (姓名), phone (电话), note (备注), branch (社区), joined (注册日期), born (出生日期), same_as (同一人义工号): another number of the same person, which proposes a merge.",
        "名单是带表头的 CSV：义工号（或 number），可另有姓名、电话、备注、社区、注册日期、出生日期，以及同一人义工号（same_as）：同一人的另一号码，会提出合并。",
    ),
    (
        "Several grants: --grant clerk@NW-01 --grant approver@NW; auditor@* is the whole bank, volunteer:0300000001 one's own passbook",
        "多项权限：--grant clerk@NW-01 --grant approver@NW；auditor@* 为全行，volunteer:0300000001 为本人存折",
    ),
    (
        "Times are civil times of the bank's zone (--zone). An activity of this branch and name is made on",
        "时间为本行时区（--zone）的时间。首次使用时，按社区和名称建立活动。",
    ),
    ("first use.", ""),
    // Every command.
    ("Address of the bank: http://… or https://…", "服务器地址：http://… 或 https://…"),
    ("File that holds the token", "令牌文件"),
    (
        "PEM file of the authority that signed the bank's certificate",
        "签发服务器证书的机构的 PEM 文件",
    ),
    (
        "Time zone of the times that are given and shown: that of the bank",
        "所填和所示时间的时区：本行的时区",
    ),
    (
        "A table for eyes, JSON or CSV for programs, a workbook for Excel",
        "给人看的表格，给程序用的 JSON、CSV，或 Excel 工作簿",
    ),
    (
        "Write the answer to this file, which must not be there yet",
        "结果写入此文件，文件不能已存在",
    ),
    ("Language of messages: en or zh", "语言：en 或 zh"),
    ("Only answers and errors: no remarks, no progress", "只显示结果和错误，不显示提示和进度"),
    (
        "Name of the request; the same again changes nothing [default: a fresh one]",
        "请求号；同一请求号再次提交不会有变化 [默认：新的请求号]",
    ),
    ("Only check, record nothing", "仅校验，不登记"),
    ("Show at most so many", "最多显示多少"),
    // Branches.
    ("Branches: districts, streets, communities", "区、街道、社区"),
    ("Add a branch to the tree", "新建区、街道或社区"),
    ("Show branches, those above before those below", "列出社区，上级在前"),
    ("Give a branch another name", "改名"),
    ("Show a branch, what it organised by year, and its accounts", "显示社区、各年度合计和账户"),
    ("Its code: up to 32 of A-Z a-z 0-9 . - _", "编号：最多 32 个 A-Z a-z 0-9 . - _"),
    ("Its code", "编号"),
    ("Its name", "名称"),
    ("Its name from now on", "新名称"),
    ("What it is", "类别"),
    ("The code of the branch above it", "上级编号"),
    ("Only this branch and what is below it", "只列此社区及其下级"),
    ("With all that is below it", "包括全部下级"),
    // Volunteers.
    ("Volunteers and their personal data", "志愿者及其个人信息"),
    ("Register a volunteer, with an empty passbook", "登记志愿者，并开立空的爱心存折"),
    ("Show one volunteer", "显示一位志愿者"),
    ("Find volunteers by number, name or phone", "按义工号、姓名或电话查找志愿者"),
    ("Show volunteers in the order of their passbooks", "按存折号列出志愿者"),
    (
        "Change name, phone, note or birth date; what is not given stays, what is given empty goes",
        "修改姓名、电话、备注或出生日期；未给的不变，给空的则删去",
    ),
    ("Move a volunteer to another home branch", "把志愿者转到另一社区"),
    ("Suspend a volunteer, close one, or make one active again", "暂停、注销或恢复志愿者"),
    (
        "Erase a volunteer's personal data for ever; the passbook stays (个人信息保护法第47条)",
        "永久删除志愿者的个人信息；存折保留（个人信息保护法第47条）",
    ),
    ("The volunteer number (义工号)", "义工号"),
    ("The volunteer number (义工号); \"me\" for the owner of the token", "义工号；“me” 为令牌本人"),
    ("The number of the passbook instead of the volunteer number", "以存折号代替义工号"),
    ("The home branch", "所属社区"),
    ("The home branch from now on", "新的所属社区"),
    ("The name (姓名)", "姓名"),
    ("The phone number", "电话"),
    ("A note", "备注"),
    ("The birth date (出生日期)", "出生日期"),
    ("The birth date from now on", "新的出生日期"),
    ("The day joined [default: today]", "注册日期 [默认：今天]"),
    ("The name from now on", "新姓名"),
    ("The phone number from now on", "新电话"),
    ("The note from now on", "新备注"),
    ("The status from now on", "新状态"),
    ("Yes, for ever", "确认永久删除"),
    (
        "A number, a part of a name, or digits of a phone number",
        "义工号、姓名的一部分或电话中的数字",
    ),
    ("Only of this branch and what is below it", "只列此社区及其下级"),
    ("Only of this status", "只列此状态"),
    // Tokens.
    ("Tokens: who may do what, where", "令牌：谁可以在哪里做什么"),
    ("Issue a token; its secret is told once and never again", "签发令牌；密文只显示一次"),
    ("Show the tokens that were issued, oldest first", "列出已签发的令牌，旧的在前"),
    ("Revoke a token at once", "立即吊销令牌"),
    ("Show what one's own token allows", "显示自己的令牌有哪些权限"),
    (
        "The actor: a post rather than a person, up to 64 of A-Z a-z 0-9 . - _",
        "持有人：岗位而不是人名，最多 64 个 A-Z a-z 0-9 . - _",
    ),
    ("What the actor may do", "角色"),
    (
        "On this branch and what is below it; without it, in the whole bank",
        "在此社区及其下级；不给则为全行",
    ),
    ("For the role of a volunteer: whose passbook", "志愿者角色：谁的存折"),
    (
        "A role and where: clerk@NW-01, auditor@*, volunteer:0300000001; may be repeated",
        "角色和范围：clerk@NW-01、auditor@*、volunteer:0300000001；可重复",
    ),
    (
        "Until when: a day, which then still counts, or \"2026-12-31 18:00\" [default: until revoked]",
        "有效期至：某日（含当日），或 \"2026-12-31 18:00\" [默认：至吊销]",
    ),
    (
        "Write the secret to this new file, readable by its owner only, instead of printing it",
        "把密文写入此新文件（仅所有者可读），而不显示",
    ),
    ("Its number", "编号"),
    // Activities and hours.
    (
        "Activities with a time of their own, at which volunteers can check in",
        "有起止时间、可以签到的活动",
    ),
    (
        "Create an activity with a time of its own, at which volunteers can check in",
        "新建有起止时间、可以签到的活动",
    ),
    ("Show one activity", "显示一个活动"),
    ("Show activities, newest first", "列出活动，新的在前"),
    ("What it is called", "活动名称"),
    ("The branch that organises it", "主办社区"),
    ("When it begins, as \"2026-03-01 14:00\"", "开始时间，如 \"2026-03-01 14:00\""),
    ("When it ends, at most 24 hours later", "结束时间，最多 24 小时之后"),
    ("Its category (服务类别), by which a coefficient may be set", "服务类别，可据此设系数"),
    ("Where it is", "地点"),
    ("Hours of service: records and check-ins", "服务时长：服务记录和签到"),
    (
        "Record a service of a volunteer, or an activity sheet of several",
        "登记一位或一张表上几位志愿者的服务",
    ),
    ("Let pending records take effect", "审核通过待审记录"),
    ("Refuse pending records", "拒绝待审记录"),
    ("Take posted records back (冲正)", "冲正已生效的记录"),
    ("Take a posted record back and book it anew (更正)", "更正已生效的记录：冲正后重新登记"),
    ("Deduct hours for a reason", "因故扣减时长"),
    ("Say how good a service was", "评价服务"),
    ("Check a volunteer in at an activity, now", "现在签到"),
    ("Check a volunteer out, now, which makes a record", "现在签退，形成服务记录"),
    ("Take a check-in back before it makes a record", "取消签到"),
    ("Show who is checked in", "显示已签到的人"),
    (
        "Show by branch whether hours were recorded in time (记录时限), and which lack",
        "按社区显示服务是否按时记录，以及哪些还没有记录",
    ),
    ("Those that ended on this day or later", "此日及以后结束的"),
    ("Those that ended on this day or earlier", "此日及以前结束的"),
    (
        "Only those that stand so [default: overdue and late ones]",
        "只列此类 [默认：逾期未录和迟录]",
    ),
    (
        "End with exit code 3 where hours are overdue, for schedulers",
        "有逾期未录的则退出码为 3，供定时任务用",
    ),
    ("Exit code 3, with --check: hours are overdue.", "退出码 3（--check）：有逾期未录的。"),
    ("Show records, newest first", "列出服务记录，新的在前"),
    ("Show one record, with what is written beside it", "显示一条服务记录及其备注"),
    (
        "The volunteer number (义工号), or those of all on an activity sheet, up to 1,000; \"me\" for the owner of the token",
        "义工号，或一张活动表上所有人的义工号，最多 1,000 个；“me” 为令牌本人",
    ),
    (
        "Of several volunteers, each for itself [default: one that is refused refuses all]",
        "多人时各自处理 [默认：一人被拒绝则全部拒绝]",
    ),
    (
        "Each for itself [default: one that is refused refuses all]",
        "各自处理 [默认：一条被拒绝则全部拒绝]",
    ),
    ("The branch that organised it", "主办社区"),
    ("Its category (服务类别)", "服务类别"),
    ("Where it was", "地点"),
    (
        "The number of an activity that is known, instead of all of these",
        "已有活动的编号，代替以上各项",
    ),
    ("When it began, as \"2026-03-01 09:00\"", "开始时间，如 \"2026-03-01 09:00\""),
    ("When it ended", "结束时间"),
    ("Its day, where the times are not known", "日期（不知道起止时间时）"),
    ("Minutes served on that day", "当天服务分钟数"),
    ("How it came to be known", "来源"),
    ("Who attests it (证明人)", "证明人"),
    ("Who wrote it down (录入人)", "录入人"),
    ("Numbers of records", "记录号"),
    ("The number of the record", "记录号"),
    ("Why", "原因"),
    ("The day", "日期"),
    ("How many minutes are taken off, 1 to 1440", "扣减多少分钟，1 至 1440"),
    ("1 (poor) to 5 (excellent)", "1（差）至 5（优）"),
    ("The day of the evaluation", "评价日期"),
    ("The number of the activity", "活动号"),
    ("Only at the activity of this number", "只列此活动"),
    ("Only of this volunteer; \"me\" for the owner of the token", "只列此志愿者；“me” 为令牌本人"),
    ("Only at this branch and what is below it", "只列此社区及其下级"),
    ("Only in this state", "只列此状态"),
    // Passbooks and rulebooks.
    ("Passbooks: both registers and their lines", "爱心存折：时长、积分和存折行"),
    (
        "Show where a passbook stands, now or as of a day or an entry",
        "显示存折现在、某日或某条流水时的余额",
    ),
    ("Show the lines of a passbook, newest first", "列出存折行，新的在前"),
    (
        "Show where a passbook stands, then each new line as it comes, until interrupted",
        "显示存折余额，然后逐行显示新的存折行，直到中断",
    ),
    ("How many of the last lines to show with it", "同时显示最后多少行"),
    (
        "As of after this entry (流水号), or the end of this day as the bank then knew it",
        "某条流水之后，或某日终了时的情况",
    ),
    (
        "Show lines after this one too; 0: all of them [default: only new ones]",
        "也显示此行之后的；0 为全部 [默认：只显示新的]",
    ),
    ("The rulebook: the numbers of policy", "规则"),
    ("Show a rulebook", "显示规则"),
    (
        "Adopt a rulebook from a day on; only tried, it shows who in a queue would move",
        "自某日起采用规则；仅校验时显示哪些排队者的名次会变化",
    ),
    ("Which [default: the one that decides today]", "版本 [默认：今天生效的]"),
    ("The document, in TOML", "规则文件（TOML）"),
    ("The first day it decides [default: today]", "生效日期 [默认：今天]"),
    // Imports.
    (
        "Sheets of hours, lists of volunteers, catalogues of rewards",
        "导入时长表和志愿者名单、回馈目录",
    ),
    (
        "Take in sheets of hours; rehearses unless told --commit",
        "导入时长表；不加 --commit 只试运行",
    ),
    ("Register the volunteers of a list, up to 1,000", "登记名单上的志愿者，最多 1,000 人"),
    ("The sheets, in order", "表格文件，按顺序"),
    ("The branch whose sheets they are", "表格所属的社区"),
    (
        "auto, shenzhen, nss, timeoverflow or komunitin; or map with --map",
        "auto、shenzhen、nss、timeoverflow 或 komunitin；或用 --map 映射",
    ),
    ("Mapping file (TOML) of any other header", "其他表头的映射文件（TOML）"),
    ("The activity of rows that name none", "未写活动名称的行的活动"),
    (
        "First day of totals without days; without it, --span-days before the last",
        "没有日期的总时长的第一天；不给则为最后一天之前 --span-days 天",
    ),
    ("Last day of totals without days", "没有日期的总时长的最后一天"),
    (
        "Last day for each file: a CSV with the columns `file` and `uploaded_on`",
        "各文件的最后一天：含 file、uploaded_on 两列的 CSV",
    ),
    ("Days of the span of totals, where --from is left out", "未给 --from 时总时长所跨天数"),
    ("Take over opening balances (期初) rather than service", "导入期初余额，而不是服务"),
    ("Register unknown volunteers on the way", "同时登记未登记的志愿者"),
    ("The day on which those registered joined [default: today]", "其注册日期 [默认：今天]"),
    ("Record; without it everything is only rehearsed", "登记；不加则只试运行"),
    ("Directory for rejected rows and the reasons", "存放被拒绝的行及原因的目录"),
    ("List the verdict of every row", "列出每行的判定"),
    ("Show the counts of every file beside the sum", "在合计之外显示各文件的计数"),
    ("The list", "名单文件"),
    ("Home branch of rows that name none", "未写社区的行的所属社区"),
    (
        "One that is refused refuses all [default: each for itself]",
        "一人被拒绝则全部拒绝 [默认：各自处理]",
    ),
];

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    fn texts(command: &Command, to: &mut Vec<String>) {
        to.extend(command.get_about().map(ToString::to_string));
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let said = |it: &&str| !it.trim().is_empty() && !it.contains("lovebank-admin ");
        to.extend(after.lines().filter(said).map(str::to_owned));
        let helps = command.get_arguments().filter_map(|it| it.get_help());
        to.extend(helps.map(ToString::to_string));
        for it in command.get_subcommands() {
            texts(it, to);
        }
    }

    #[test]
    fn every_text_of_the_help_has_its_chinese_and_no_other_has() {
        let mut said = Vec::new();
        texts(&Cli::command(), &mut said);
        let has = |it: &String| all().any(|(english, _)| english == it);
        let missing: Vec<_> = said.iter().filter(|it| !has(it)).collect();
        assert!(missing.is_empty(), "{missing:#?}");
        let unsaid: Vec<_> =
            all().filter(|(english, _)| !said.iter().any(|it| it == english)).collect();
        assert!(unsaid.is_empty(), "{unsaid:#?}");
    }
}
