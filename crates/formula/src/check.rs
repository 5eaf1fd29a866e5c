//! From text to a formula whose kinds fit.

use cel::{
    IdedExpr,
    common::ast::{Expr, LiteralValue, SourceInfo, operators as cel_name},
    parser::{ParseErrors, Parser},
};

use rust_decimal::Decimal;

use crate::{
    BadFormula, Comparison, DEPTH_MAX, Formula, Kind, NODES_MAX, Node, Operation, TEXT_MAX, Value,
    Variable,
};

/// Words of more than one character that the reader must not take for another thing.
const NOT_HERE: &str = "use operators, min, max, floor and the variables that are documented";
/// A problem, in English and in Chinese.
type Problem = (String, String);

pub(crate) fn compile(text: &str, variables: &[Variable]) -> Result<Formula, BadFormula> {
    let length = text.chars().count();
    if TEXT_MAX < length {
        return Err(BadFormula::at_start(
            format!("it has {length} characters: give at most {TEXT_MAX}"),
            format!("有{length}个字符，最多{TEXT_MAX}个"),
        ));
    }
    if text.trim().is_empty() {
        return Err(BadFormula::at_start(
            "it is empty: give a formula such as \"minutes >= 6000\"".to_owned(),
            "公式为空，请填写如“minutes >= 6000”的公式".to_owned(),
        ));
    }
    let parser = Parser::new().max_recursion_depth(DEPTH_MAX.saturating_mul(4));
    let (expr, source) = parser.parse_with_source_info(text).map_err(|it| unreadable(&it))?;
    let mut check = Check { text, source, variables, named: Vec::new(), nodes: 0, depth: 0 };
    let (kind, node) = check.node(&expr)?;
    Ok(Formula { text: text.to_owned(), kind, node, variables: check.named })
}

fn unreadable(errors: &ParseErrors) -> BadFormula {
    let place = |it: isize| usize::try_from(it).unwrap_or(1).max(1);
    let (problem, chinese) = cannot_be_read();
    match errors.errors.first() {
        None => BadFormula::at_start(problem, chinese),
        // The parser speaks English only; the place tells more than its words do.
        Some(it) => BadFormula {
            line: place(it.pos.0),
            column: place(it.pos.1),
            problem: it.msg.clone(),
            chinese,
        },
    }
}

struct Check<'a> {
    text: &'a str,
    source: SourceInfo,
    variables: &'a [Variable],
    named: Vec<usize>,
    nodes: usize,
    depth: u16,
}

type Typed = (Kind, Node);

impl Check<'_> {
    fn node(&mut self, it: &IdedExpr) -> Result<Typed, BadFormula> {
        self.nodes = self.nodes.saturating_add(1);
        if NODES_MAX < self.nodes {
            let chinese = format!("公式超过{NODES_MAX}步");
            return Err(self.wrong(it, (format!("it costs more than {NODES_MAX} steps"), chinese)));
        }
        self.depth = self.depth.saturating_add(1);
        if DEPTH_MAX < self.depth {
            let chinese = format!("公式嵌套超过{DEPTH_MAX}层");
            return Err(self.wrong(it, (format!("it has more than {DEPTH_MAX} levels"), chinese)));
        }
        let typed = self.typed(it);
        self.depth = self.depth.saturating_sub(1);
        typed
    }

    fn typed(&mut self, it: &IdedExpr) -> Result<Typed, BadFormula> {
        match &it.expr {
            Expr::Literal(literal) => self.literal(it, literal),
            Expr::Ident(name) => self.variable(it, name),
            Expr::Call(call) if call.target.is_none() => {
                self.call(it, &call.func_name, call.args.as_slice())
            }
            Expr::Call(call) => Err(self.wrong(it, unknown(&call.func_name))),
            Expr::Select(select) => Err(self.wrong(it, unknown(&select.field))),
            Expr::List(_) => Err(self.wrong(it, list_after_in())),
            Expr::Comprehension(_) => Err(self.wrong(it, unknown("a macro"))),
            Expr::Map(_) | Expr::Struct(_) => Err(self.wrong(it, unknown("a map"))),
            Expr::Unspecified => Err(self.wrong(it, cannot_be_read())),
        }
    }

    fn literal(&self, it: &IdedExpr, literal: &LiteralValue) -> Result<Typed, BadFormula> {
        let value = match literal {
            LiteralValue::Boolean(it) => Value::Bool(**it),
            LiteralValue::Int(it) => Value::Int(**it),
            LiteralValue::String(it) => Value::Text(it.inner().to_owned()),
            LiteralValue::Double(known) => return self.decimal(it, known.is_sign_negative()),
            LiteralValue::UInt(_) | LiteralValue::Bytes(_) | LiteralValue::Null => {
                return Err(self.wrong(it, unknown("this literal")));
            }
        };
        Ok((value.kind(), Node::Constant(value)))
    }

    /// A decimal as written: read from the text, since CEL holds it as a float.
    fn decimal(&self, it: &IdedExpr, negative: bool) -> Result<Typed, BadFormula> {
        let digits: String = self
            .text
            .get(self.offset(it)..)
            .unwrap_or_default()
            .chars()
            .skip_while(|it| *it == '-')
            .take_while(|it| it.is_ascii_alphanumeric() || *it == '.')
            .collect();
        let Ok(mut value) = digits.parse::<Decimal>() else {
            let english = "it is no decimal: give one such as 1.5".to_owned();
            return Err(self.wrong(it, (english, "不是小数，请填写如 1.5 的小数".to_owned())));
        };
        value.set_sign_negative(negative);
        Ok((Kind::Decimal, Node::Constant(Value::Decimal(value))))
    }

    fn variable(&mut self, it: &IdedExpr, name: &str) -> Result<Typed, BadFormula> {
        let Some(at) = self.variables.iter().position(|it| it.name == name) else {
            let known: Vec<&str> = self.variables.iter().map(|it| it.name).collect();
            let known = known.join(", ");
            let english = format!("{name:?} is no variable: there are {known}");
            return Err(self.wrong(it, (english, format!("没有变量“{name}”，可用的有 {known}"))));
        };
        if !self.named.contains(&at) {
            self.named.push(at);
        }
        let kind = self.variables.get(at).map_or(Kind::Bool, |it| it.kind);
        Ok((kind, Node::Variable(at)))
    }

    fn call(&mut self, it: &IdedExpr, name: &str, args: &[IdedExpr]) -> Result<Typed, BadFormula> {
        match (name, args) {
            (cel_name::LOGICAL_NOT, [a]) => Ok((Kind::Bool, Node::Not(self.truth(a)?))),
            (cel_name::LOGICAL_AND, [a, b]) => {
                Ok((Kind::Bool, Node::And(self.truth(a)?, self.truth(b)?)))
            }
            (cel_name::LOGICAL_OR, [a, b]) => {
                Ok((Kind::Bool, Node::Or(self.truth(a)?, self.truth(b)?)))
            }
            (cel_name::CONDITIONAL, [condition, a, b]) => {
                let condition = self.truth(condition)?;
                let (kind, [a, b]) = self.pair(it, a, b)?;
                Ok((kind, Node::If(condition, a, b)))
            }
            (cel_name::NEGATE, [a]) => {
                let (kind, node) = self.number(a)?;
                Ok((kind, Node::Negate(node)))
            }
            (cel_name::IN, [a, list]) => self.is_in(a, list),
            ("min" | "max", [_, _, ..]) => self.extreme(it, name == "max", args),
            ("floor", [a]) => {
                let (_, node) = self.number(a)?;
                Ok((Kind::Int, Node::Floor(node)))
            }
            (_, [a, b]) => match (comparison(name), operation(name)) {
                (Some(how), _) => {
                    let (_, [a, b]) = self.pair(it, a, b)?;
                    Ok((Kind::Bool, Node::Compare(how, a, b)))
                }
                (None, Some(how)) => self.arithmetic(it, how, [a, b]),
                (None, None) => Err(self.wrong(it, unknown(name))),
            },
            _ => Err(self.wrong(it, unknown(name))),
        }
    }

    fn arithmetic(
        &mut self,
        it: &IdedExpr,
        how: Operation,
        [a, b]: [&IdedExpr; 2],
    ) -> Result<Typed, BadFormula> {
        let (kind, [a, b]) = self.pair(it, a, b)?;
        match kind {
            Kind::Int | Kind::Decimal => Ok((kind, Node::Arithmetic(how, a, b))),
            Kind::Bool | Kind::Text => {
                let english = format!("arithmetic needs numbers; this is {kind}");
                Err(self.wrong(it, (english, format!("运算须用数值，此处为{}", kind.chinese()))))
            }
        }
    }

    fn is_in(&mut self, a: &IdedExpr, list: &IdedExpr) -> Result<Typed, BadFormula> {
        let Expr::List(elements) = &list.expr else {
            return Err(self.wrong(list, list_after_in()));
        };
        let (mut kind, mut node) = self.node(a)?;
        let mut typed = Vec::new();
        for element in &elements.elements {
            typed.push(self.node(element)?);
        }
        if typed.iter().any(|it| it.0 == Kind::Decimal) && kind == Kind::Int {
            (kind, node) = (Kind::Decimal, Node::Widen(Box::new(node)));
        }
        let mut nodes = Vec::new();
        for (element, typed) in elements.elements.iter().zip(typed) {
            let Some(node) = fitting(typed, kind) else {
                let english = format!("the list is of what is sought: {kind}");
                let chinese = format!("列表各项须与所查的同类：{}", kind.chinese());
                return Err(self.wrong(element, (english, chinese)));
            };
            nodes.push(node);
        }
        Ok((Kind::Bool, Node::In(Box::new(node), nodes)))
    }

    fn extreme(
        &mut self,
        it: &IdedExpr,
        most: bool,
        args: &[IdedExpr],
    ) -> Result<Typed, BadFormula> {
        let mut typed = Vec::new();
        for arg in args {
            let (kind, node) = self.number(arg)?;
            typed.push((kind, *node));
        }
        let kind = typed.iter().map(|it| it.0).max().unwrap_or(Kind::Int);
        let of: Option<Vec<Node>> = typed.into_iter().map(|it| fitting(it, kind)).collect();
        let of = of.ok_or_else(|| {
            let english = "its values are of different kinds".to_owned();
            self.wrong(it, (english, "各值类型不同".to_owned()))
        })?;
        Ok((kind, Node::Extreme { most, of }))
    }

    fn truth(&mut self, it: &IdedExpr) -> Result<Box<Node>, BadFormula> {
        match self.node(it)? {
            (Kind::Bool, node) => Ok(Box::new(node)),
            (kind, _) => {
                let english = format!("true or false is wanted; this is {kind}");
                Err(self.wrong(it, (english, format!("须为真或假，此处为{}", kind.chinese()))))
            }
        }
    }

    fn number(&mut self, it: &IdedExpr) -> Result<(Kind, Box<Node>), BadFormula> {
        match self.node(it)? {
            (kind @ (Kind::Int | Kind::Decimal), node) => Ok((kind, Box::new(node))),
            (kind, _) => {
                let english = format!("a number is wanted; this is {kind}");
                Err(self.wrong(it, (english, format!("须为数值，此处为{}", kind.chinese()))))
            }
        }
    }

    /// Two values of one kind.
    fn pair(
        &mut self,
        it: &IdedExpr,
        a: &IdedExpr,
        b: &IdedExpr,
    ) -> Result<(Kind, [Box<Node>; 2]), BadFormula> {
        let (a, b) = (self.node(a)?, self.node(b)?);
        let (first, second) = (a.0, b.0);
        let numbers = [first, second].iter().all(|it| matches!(it, Kind::Int | Kind::Decimal));
        let kind = if numbers { first.max(second) } else { first };
        let fits = fitting(a, kind).zip(fitting(b, kind));
        let (a, b) = fits.ok_or_else(|| {
            let english = format!("{first} does not go together with {second}");
            let (first, second) = (first.chinese(), second.chinese());
            self.wrong(it, (english, format!("{first}与{second}不能一起使用")))
        })?;
        Ok((kind, [Box::new(a), Box::new(b)]))
    }

    /// Where it begins, in bytes.
    fn offset(&self, it: &IdedExpr) -> usize {
        let offset = self.source.offset_for(it.id).map_or(0, |it| it.0);
        usize::try_from(offset).unwrap_or(0)
    }

    fn wrong(&self, it: &IdedExpr, (problem, chinese): Problem) -> BadFormula {
        let (mut line, mut column) = (1_usize, 1_usize);
        for character in self.text.get(..self.offset(it)).unwrap_or_default().chars() {
            if character == '\n' {
                (line, column) = (line.saturating_add(1), 1);
            } else {
                column = column.saturating_add(1);
            }
        }
        BadFormula { line, column, problem, chinese }
    }
}

fn unknown(name: &str) -> Problem {
    let chinese = format!("“{name}”不可用，请用运算符、min、max、floor 和所列变量");
    (format!("{name} is not known here: {NOT_HERE}"), chinese)
}

fn cannot_be_read() -> Problem {
    ("it cannot be read".to_owned(), "语法有误".to_owned())
}

fn list_after_in() -> Problem {
    let english = "a list such as [1, 2] stands after \"in\", and only there".to_owned();
    (english, "如 [1, 2] 的列表须且只能写在 in 之后".to_owned())
}

/// The value as one of a kind, where it can be.
fn fitting((kind, node): Typed, wanted: Kind) -> Option<Node> {
    if kind == wanted {
        return Some(node);
    }
    (kind == Kind::Int && wanted == Kind::Decimal).then(|| Node::Widen(Box::new(node)))
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        cel_name::EQUALS => Comparison::Equal,
        cel_name::NOT_EQUALS => Comparison::NotEqual,
        cel_name::LESS => Comparison::Less,
        cel_name::LESS_EQUALS => Comparison::LessOrEqual,
        cel_name::GREATER => Comparison::Greater,
        cel_name::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        cel_name::ADD => Operation::Add,
        cel_name::SUBSTRACT => Operation::Subtract,
        cel_name::MULTIPLY => Operation::Multiply,
        cel_name::DIVIDE => Operation::Divide,
        cel_name::MODULO => Operation::Remainder,
        _ => return None,
    })
}
