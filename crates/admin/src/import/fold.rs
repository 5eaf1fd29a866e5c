//! Writing habits that mean the same: full and half width, stray spaces, brackets, colons.

/// Characters nobody sees, left behind by copying from web pages and chat windows.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

/// True for spaces of every kind, U+3000 and NBSP among them, and for characters nobody sees.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// The text without blanks at its ends.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// The text with its line breaks and tabs, which spreadsheets allow inside a cell, as one blank.
pub fn one_line(text: &str) -> String {
    let parts = text.split(['\r', '\n', '\t']).map(trim).filter(|it| !it.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// Full-width letters, digits and signs as their half-width twins: `０３：１５` is `03:15`.
pub fn half_width(text: &str) -> String {
    text.chars().map(half_width_char).collect()
}

fn half_width_char(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{2212}' => '-',
        '\u{2236}' => ':',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).saturating_sub(0xfee0)).unwrap_or(c),
        _ => c,
    }
}

/// A header cell as it is compared: half width, lower case, without blanks, brackets and colons.
///
/// `服务时长（单位：小时）`, `服务时长（单位:小时）` and `服务时长 (单位:小时)` are one.
pub fn header(text: &str) -> String {
    let kept = |c: &char| !is_blank(*c) && !is_bracket(*c) && *c != ':';
    half_width(text).to_lowercase().chars().filter(kept).collect()
}

fn is_bracket(c: char) -> bool {
    matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '【' | '】' | '〔' | '〕' | '「' | '」')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_becomes_half_width() {
        assert_eq!(half_width("０３００：１５．５－Ａｂ　。"), "0300:15.5-Ab 。");
        assert_eq!(half_width("−1 9∶30"), "-1 9:30");
    }

    #[test]
    fn blanks_of_every_kind_are_trimmed_at_the_ends_only() {
        assert_eq!(trim("\u{feff}\u{3000}\u{a0} 张 三\t\u{200b}"), "张 三");
        assert_eq!(trim("\u{3000}"), "");
    }

    #[test]
    fn a_text_of_several_lines_is_one_line() {
        assert_eq!(one_line(" 样例乙\r\n（队长）\t"), "样例乙 （队长）");
        assert_eq!(one_line("a b"), "a b");
    }

    #[test]
    fn header_cells_are_one_however_they_are_typed() {
        for typed in ["服务时长（单位：小时）", "服务时长（单位:小时）", " 服务时长 (单位 : 小时)"]
        {
            assert_eq!(header(typed), "服务时长单位小时");
        }
        assert_eq!(header("签到时间（ＨＨ：ｍｍ）"), header("签到时间(HH:mm)"));
        assert_ne!(header("服务时长（单位：分钟）"), header("服务时长（单位：小时）"));
    }
}
