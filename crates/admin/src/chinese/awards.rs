//! The help in Chinese: years of service.

pub(super) const TEXTS: &[(&str, &str)] = &[
    ("Years of service, for those who recognise them (表彰)", "年度服务统计，供表彰之用"),
    (
        "Show a volunteer's year: by month, by branch, by category",
        "显示志愿者的年度：按月、按社区、按类别",
    ),
    ("Show those who served in a year, most minutes first", "列出年度服务的人，多者在前"),
    ("The calendar year", "年份"),
    (
        "Those at home in this branch or below it; without it the whole bank",
        "属于此社区及其下级的；不填为全行",
    ),
    ("Only what this branch, or one below it, organised", "只计此社区及其下级组织的"),
    ("At least so many hours of the year", "年度至少多少小时"),
    ("At least this star, by all minutes of all years", "至少此星级（按累计分钟）"),
    ("Only those who take part now", "只列现在参加的"),
    ("Show at most so many [default: all]", "最多显示多少 [默认：全部]"),
];
