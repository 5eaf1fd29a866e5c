//! What a parser of TOML says of a document that it does not understand, in both languages.

use std::fmt;

/// A document that is no TOML, or has a key or a type that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadToml {
    /// The line, from 1, if it is known.
    line: Option<usize>,
    /// What is wrong with it.
    message: String,
    /// The same with the line as it stands.
    whole: String,
}

impl BadToml {
    /// What was said of a text.
    pub fn new(text: &str, err: &toml::de::Error) -> Self {
        // What lacks at the top of a document lacks in no line of it.
        let lacks = err.message().starts_with("missing field");
        let span = err.span().filter(|it| !lacks || 0 < it.start);
        let before = span.and_then(|it| text.get(..it.start));
        let line = before.map(|it| it.matches('\n').count().saturating_add(1));
        Self { line, message: err.message().to_owned(), whole: err.to_string() }
    }

    /// What is wrong in Chinese, and how it is mended.
    pub fn chinese(&self) -> String {
        let line = self.line.map(|it| format!("第 {it} 行：")).unwrap_or_default();
        format!("{line}{}", mend(&self.message))
    }
}

impl fmt::Display for BadToml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)
    }
}

impl std::error::Error for BadToml {}

fn mend(message: &str) -> String {
    let mut named = message.split('`').skip(1).step_by(2);
    let is = |words: &[&str]| words.iter().any(|it| message.starts_with(it));
    if let Some(name) = named.next().filter(|_| is(&["unknown field", "unknown variant"])) {
        let known: Vec<&str> = named.collect();
        let known = known.join("、");
        return format!("不认识“{name}”，请改正或删去，可用的有：{known}");
    }
    if let Some(name) = message.split('`').nth(1).filter(|_| is(&["missing field"])) {
        return format!("缺少“{name}”，请补上");
    }
    let mend = if is(&["duplicate key"]) {
        "同一项写了两次，请删去一处"
    } else if is(&["invalid type", "invalid value", "invalid length", "data did not match"])
        || is(&["wanted ", "expected table", "expected array"])
    {
        return format!("值的类型或大小不对，请照说明更正{}", due(message));
    } else {
        "不是正确的 TOML 写法，请更正这一行，留意引号、括号和等号"
    };
    mend.to_owned()
}

/// What the parser says that it expected, as far as it is plain.
fn due(message: &str) -> &'static str {
    match message.rsplit_once("expected ").map(|it| it.1) {
        Some("u8" | "u16" | "u32" | "u64" | "usize" | "i16" | "i64") => "：应为整数，且不超出范围",
        Some("a string") => "：应为加引号的文字",
        Some("a boolean") => "：应为 true 或 false",
        Some("a sequence") => "：应为 [ ] 中的列表",
        Some(_) | None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Document {
        #[expect(dead_code, reason = "only read")]
        hours: u32,
        #[expect(dead_code, reason = "only read")]
        place: Option<Place>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(untagged)]
    enum Place {
        #[expect(dead_code, reason = "only read")]
        Named(String),
    }

    fn said(text: &str) -> (String, String) {
        let err = toml::from_str::<Document>(text).unwrap_err();
        let bad = BadToml::new(text, &err);
        (bad.to_string(), bad.chinese())
    }

    #[test]
    fn each_fault_has_its_line_and_its_mend_in_either_language() {
        for (text, english, chinese) in [
            (
                "hours = 1\nhour = 2",
                "line 2",
                "第 2 行：不认识“hour”，请改正或删去，可用的有：hours、place",
            ),
            ("hours = 1\nplace = true", "line 2", "第 2 行：值的类型或大小不对，请照说明更正"),
            ("# 时长\n", "missing field `hours`", "缺少“hours”，请补上"),
            ("place = \"甲\"\n", "missing field `hours`", "缺少“hours”，请补上"),
            ("hours = 1\nhours = 2", "line 2", "第 2 行：同一项写了两次，请删去一处"),
            ("\n\nhours = \"一\"", "line 3", "第 3 行：值的类型或大小不对，请照说明更正：应为整数"),
            ("hours = -1", "line 1", "第 1 行：值的类型或大小不对，请照说明更正：应为整数"),
            ("hours = “1”", "line 1", "第 1 行：不是正确的 TOML 写法，请更正这一行"),
        ] {
            let (seen, other) = said(text);
            assert!(seen.contains(english), "{seen}");
            assert!(other.starts_with(chinese), "{other}");
        }
    }
}
