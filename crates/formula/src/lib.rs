//! Conditions and scores of policy: a part of CEL that is typed, total and exact.
//!
//! The `cel` crate reads the text; kinds are checked here before a formula is adopted, since
//! CEL itself finds them out only when it runs, and values are exact decimals, since policy
//! knows no float.

mod check;
mod evaluate;

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use rust_decimal::Decimal;
use thiserror::Error;

/// The longest text, in characters.
pub const TEXT_MAX: usize = 1024;
/// The most nodes: each costs one step.
pub const NODES_MAX: usize = 200;
/// The most levels.
pub const DEPTH_MAX: u16 = 24;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// True or false.
    Bool,
    /// A whole number of 64 bits.
    Int,
    /// An exact decimal.
    Decimal,
    /// A text.
    Text,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// An exact decimal.
    Decimal(Decimal),
    /// A text.
    Text(String),
}

/// A variable that formulas may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// What it is called.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
}

/// A formula that is in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    text: String,
    kind: Kind,
    node: Node,
    variables: Vec<usize>,
}

/// A text that is no formula: where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct BadFormula {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong, and the mend.
    pub problem: String,
    /// The same in Chinese.
    pub chinese: String,
}

/// A value that cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoValue {
    /// A division by zero.
    #[error("it divides by zero")]
    DivisionByZero,
    /// A number that is out of range.
    #[error("a number of it is out of range")]
    OutOfRange,
}

/// A formula as it is computed: kinds are known to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Constant(Value),
    Variable(usize),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    Arithmetic(Operation, Box<Node>, Box<Node>),
    In(Box<Node>, Vec<Node>),
    Extreme {
        most: bool,
        of: Vec<Node>,
    },
    Floor(Box<Node>),
    /// An int where a decimal is wanted.
    Widen(Box<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Hash for Formula {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // All else follows from it.
        self.text.hash(state);
    }
}

impl Formula {
    /// A condition: a formula that is true or false.
    pub fn condition(text: &str, variables: &[Variable]) -> Result<Self, BadFormula> {
        let it = check::compile(text, variables)?;
        if it.kind == Kind::Bool {
            return Ok(it);
        }
        let problem = format!("a condition is true or false; this is {}", it.kind);
        Err(BadFormula::at_start(problem, format!("条件须为真或假，此处为{}", it.kind.chinese())))
    }

    /// A score: a formula that is an int or a decimal.
    pub fn score(text: &str, variables: &[Variable]) -> Result<Self, BadFormula> {
        let it = check::compile(text, variables)?;
        if matches!(it.kind, Kind::Int | Kind::Decimal) {
            return Ok(it);
        }
        let problem = format!("a score is an int or a decimal; this is {}", it.kind);
        Err(BadFormula::at_start(
            problem,
            format!("得分须为整数或小数，此处为{}", it.kind.chinese()),
        ))
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What its value is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The variables it names, as positions in the list it was compiled with, each once.
    pub fn variables(&self) -> &[usize] {
        &self.variables
    }

    /// Its value; `variable` gives that of a position in the list it was compiled with.
    pub fn value(&self, variable: &dyn Fn(usize) -> Value) -> Result<Value, NoValue> {
        evaluate::value(&self.node, variable)
    }

    /// Whether it is met; what cannot be computed is not.
    pub fn is_met(&self, variable: &dyn Fn(usize) -> Value) -> bool {
        self.value(variable) == Ok(Value::Bool(true))
    }

    /// The score, if it can be computed.
    pub fn number(&self, variable: &dyn Fn(usize) -> Value) -> Option<Decimal> {
        match self.value(variable).ok()? {
            Value::Int(it) => Some(it.into()),
            Value::Decimal(it) => Some(it),
            Value::Bool(_) | Value::Text(_) => None,
        }
    }
}

impl BadFormula {
    fn at_start(problem: String, chinese: String) -> Self {
        Self { line: 1, column: 1, problem, chinese }
    }

    /// All of it, in Chinese.
    pub fn chinese(&self) -> String {
        let Self { line, column, chinese, .. } = self;
        format!("第{line}行第{column}列：{chinese}")
    }
}

impl Kind {
    fn chinese(self) -> &'static str {
        match self {
            Self::Bool => "真假值",
            Self::Int => "整数",
            Self::Decimal => "小数",
            Self::Text => "文本",
        }
    }
}

impl Value {
    /// What it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Int,
            Self::Decimal(_) => Kind::Decimal,
            Self::Text(_) => Kind::Text,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "a bool",
            Self::Int => "an int",
            Self::Decimal => "a decimal",
            Self::Text => "a text",
        })
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(it) => it.fmt(f),
            Self::Int(it) => it.fmt(f),
            Self::Decimal(it) => it.normalize().fmt(f),
            Self::Text(it) => it.fmt(f),
        }
    }
}
