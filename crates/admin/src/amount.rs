//! Points as they are typed.

use lovebank_wire::{request::positive, scalar, v1};

/// Points, zero or more, as `4.50`.
pub(crate) fn price(text: &str) -> Result<v1::Decimal, String> {
    let it = v1::Decimal { value: text.to_owned() };
    match scalar::points("points", &it) {
        Ok(points) if !points.is_negative() => Ok(it),
        Ok(_) | Err(_) => {
            Err("write points, zero or more, as 4.50, with at most 2 decimals".to_owned())
        }
    }
}

/// Points above zero, as `4.50`.
pub(crate) fn points(text: &str) -> Result<v1::Decimal, String> {
    let it = v1::Decimal { value: text.to_owned() };
    match positive("points", Some(&it)) {
        Ok(_) => Ok(it),
        Err(_) => Err("write points above zero, as 4.50, with at most 2 decimals".to_owned()),
    }
}
