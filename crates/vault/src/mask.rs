//! Names as a notice on a wall shows them: enough for the person, too little for a stranger.

/// The most stars of a Chinese name: its length beyond that is nobody's business.
const STARS_MAX: usize = 3;

/// Surnames of two characters that are in use.
const DOUBLE_SURNAMES: [&str; 28] = [
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "尉迟", "皇甫", "公孙",
    "慕容", "令狐", "宇文", "长孙", "澹台", "公冶", "宗政", "濮阳", "淳于", "单于", "太叔", "申屠",
    "轩辕", "钟离", "端木", "西门",
];

/// A name with all but its beginning hidden.
pub(crate) fn mask(name: &str) -> String {
    let name = name.trim();
    let Some(first) = name.chars().next() else { return String::new() };
    // Names of words, and those with a dot between their parts, tell no length.
    if first.is_ascii() || name.contains(['·', '•', '.', ' ']) {
        let parts = name.split([' ', '·', '•', '.']).filter_map(|it| it.chars().next());
        return parts.map(|it| format!("{it}***")).collect::<Vec<_>>().join(" ");
    }
    let length = name.chars().count();
    let double = 2 < length && DOUBLE_SURNAMES.iter().any(|it| name.starts_with(it));
    let shown = if double { 2 } else { 1 };
    // A name of one character shows nothing of itself.
    if length == 1 {
        return "*".to_owned();
    }
    let hidden = length.saturating_sub(shown).min(STARS_MAX);
    let surname: String = name.chars().take(shown).collect();
    format!("{surname}{}", "*".repeat(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_name_shows_its_beginning_and_no_more() {
        for (name, masked) in [
            ("张三", "张*"),
            ("王小明", "王**"),
            ("欧阳娜娜", "欧阳**"),
            ("欧阳", "欧*"),
            ("赵", "*"),
            ("爱新觉罗溥仪", "爱***"),
            ("阿卜杜热西提·买买提", "阿*** 买***"),
            ("John Smith", "J*** S***"),
            ("J. Smith", "J*** S***"),
            (" 李四 ", "李*"),
            ("𠮷田", "𠮷*"),
            ("", ""),
        ] {
            assert_eq!(mask(name), masked, "{name}");
        }
    }
}
