//! What a formula comes to. Kinds are known to fit; only numbers can fail.

use std::cmp::Ordering;

use rust_decimal::{Decimal, prelude::ToPrimitive as _};

use crate::{Comparison, NoValue, Node, Operation, Value};

pub(crate) fn value(node: &Node, of: &dyn Fn(usize) -> Value) -> Result<Value, NoValue> {
    Ok(match node {
        Node::Constant(it) => it.clone(),
        Node::Variable(it) => of(*it),
        Node::Not(it) => Value::Bool(!truth(it, of)?),
        Node::Negate(it) => negated(&value(it, of)?)?,
        Node::And(a, b) => Value::Bool(truth(a, of)? && truth(b, of)?),
        Node::Or(a, b) => Value::Bool(truth(a, of)? || truth(b, of)?),
        Node::If(condition, a, b) => value(if truth(condition, of)? { a } else { b }, of)?,
        Node::Compare(how, a, b) => Value::Bool(compare(*how, &value(a, of)?, &value(b, of)?)),
        Node::Arithmetic(how, a, b) => arithmetic(*how, value(a, of)?, value(b, of)?)?,
        Node::In(it, list) => Value::Bool(is_in(&value(it, of)?, list, of)?),
        Node::Extreme { most, of: list } => extreme(*most, list, of)?,
        Node::Floor(it) => floor(value(it, of)?)?,
        Node::Widen(it) => widened(value(it, of)?),
    })
}

fn truth(node: &Node, of: &dyn Fn(usize) -> Value) -> Result<bool, NoValue> {
    Ok(value(node, of)? == Value::Bool(true))
}

fn negated(it: &Value) -> Result<Value, NoValue> {
    match it {
        Value::Int(it) => it.checked_neg().map(Value::Int).ok_or(NoValue::OutOfRange),
        Value::Decimal(it) => decimals(Operation::Subtract, Decimal::ZERO, *it).map(Value::Decimal),
        Value::Bool(_) | Value::Text(_) => Err(NoValue::OutOfRange),
    }
}

fn widened(it: Value) -> Value {
    match it {
        Value::Int(it) => Value::Decimal(it.into()),
        Value::Decimal(_) | Value::Bool(_) | Value::Text(_) => it,
    }
}

fn floor(it: Value) -> Result<Value, NoValue> {
    match it {
        Value::Decimal(it) => it.floor().to_i64().map(Value::Int).ok_or(NoValue::OutOfRange),
        Value::Int(_) | Value::Bool(_) | Value::Text(_) => Ok(it),
    }
}

/// The order of two values of one kind.
fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Decimal(a), Value::Decimal(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        // Kinds are checked before.
        _ => a.kind().cmp(&b.kind()),
    }
}

fn compare(how: Comparison, a: &Value, b: &Value) -> bool {
    let order = order(a, b);
    match how {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

fn is_in(it: &Value, list: &[Node], of: &dyn Fn(usize) -> Value) -> Result<bool, NoValue> {
    for other in list {
        if order(it, &value(other, of)?).is_eq() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn extreme(most: bool, list: &[Node], of: &dyn Fn(usize) -> Value) -> Result<Value, NoValue> {
    let mut found: Option<Value> = None;
    for node in list {
        let it = value(node, of)?;
        let further = found.as_ref().is_none_or(|known| {
            let order = order(&it, known);
            if most { order.is_gt() } else { order.is_lt() }
        });
        if further {
            found = Some(it);
        }
    }
    found.ok_or(NoValue::OutOfRange)
}

fn arithmetic(how: Operation, a: Value, b: Value) -> Result<Value, NoValue> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => ints(how, a, b).map(Value::Int),
        (Value::Decimal(a), Value::Decimal(b)) => decimals(how, a, b).map(Value::Decimal),
        // Kinds are checked before.
        _ => Err(NoValue::OutOfRange),
    }
}

fn ints(how: Operation, a: i64, b: i64) -> Result<i64, NoValue> {
    let divides = matches!(how, Operation::Divide | Operation::Remainder);
    if divides && b == 0 {
        return Err(NoValue::DivisionByZero);
    }
    let it = match how {
        Operation::Add => a.checked_add(b),
        Operation::Subtract => a.checked_sub(b),
        Operation::Multiply => a.checked_mul(b),
        Operation::Divide => a.checked_div(b),
        Operation::Remainder => a.checked_rem(b),
    };
    it.ok_or(NoValue::OutOfRange)
}

fn decimals(how: Operation, a: Decimal, b: Decimal) -> Result<Decimal, NoValue> {
    let divides = matches!(how, Operation::Divide | Operation::Remainder);
    if divides && b.is_zero() {
        return Err(NoValue::DivisionByZero);
    }
    let it = match how {
        Operation::Add => a.checked_add(b),
        Operation::Subtract => a.checked_sub(b),
        Operation::Multiply => a.checked_mul(b),
        Operation::Divide => a.checked_div(b),
        Operation::Remainder => a.checked_rem(b),
    };
    it.ok_or(NoValue::OutOfRange)
}
