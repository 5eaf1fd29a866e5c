//! Trying again: what may yet succeed is tried a few times more, each time after a longer wait.

use std::time::Duration;

use tonic::Status;
use tonic_types::StatusExt as _;

use crate::{
    fail::{Fail, may_retry},
    progress::Progress,
    session::Session,
};

/// How often it is tried again without getting any further.
const TRIES: u32 = 6;
/// The first wait; each is twice the one before.
const WAIT: Duration = Duration::from_millis(250);
/// The longest wait that a bank may ask for.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// How often something was tried again since it last got further.
#[derive(Debug, Default)]
pub(crate) struct Patience(u32);

impl Patience {
    /// It got further.
    pub(crate) fn further(&mut self) {
        self.0 = 0;
    }

    /// Waits for the next try, and says of what; fails where there is to be none.
    pub(crate) async fn wait(
        &mut self,
        status: Status,
        (session, progress): (&Session, &Progress),
        (english, chinese): (&str, &str),
    ) -> Result<(), Fail> {
        self.0 = self.0.saturating_add(1);
        let tries = self.0;
        let (again, wait) = (tries <= TRIES && may_retry(&status), wait(&status, tries));
        let why = Fail::from(status);
        if !again {
            return Err(why);
        }
        session.remark_beside(
            progress,
            &format!("{english}: {}; trying again ({tries} of {TRIES})", why.english),
            &format!("{chinese}：{}；重试（{tries}/{TRIES}）", why.chinese),
        );
        tokio::time::sleep(wait).await;
        Ok(())
    }
}

/// As long as the bank says, or twice as long each time.
fn wait(status: &Status, tries: u32) -> Duration {
    let told = status.get_details_retry_info().and_then(|it| it.retry_delay);
    let doubled = WAIT.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
    // A bank that is asked too early asks for patience again: each time a little more.
    told.map_or(doubled, |told| told.saturating_mul(tries)).min(WAIT_MAX)
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn a_wait_is_as_long_as_told_or_doubles_up_to_a_bound() {
        let told = |seconds| {
            let details = ErrorDetails::with_retry_info(Some(Duration::from_secs(seconds)));
            Status::with_error_details(Code::Unavailable, "later", details)
        };
        assert_eq!(wait(&told(3), 1), Duration::from_secs(3));
        assert_eq!(wait(&told(3), 2), Duration::from_secs(6));
        assert_eq!(wait(&told(3600), 1), WAIT_MAX);
        assert_eq!(wait(&Status::unavailable(""), 1), WAIT);
        assert_eq!(wait(&Status::unavailable(""), 3), WAIT * 4);
        assert_eq!(wait(&Status::unavailable(""), 40), WAIT_MAX);
    }
}
