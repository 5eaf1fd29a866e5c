//! Lists that come in pages.

use clap::Args;
use tonic::{Response, Status};

use crate::fail::Fail;

/// The most items that a page can have.
const PAGE_MAX: usize = 1000;

/// How much of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub(crate) struct Limit {
    /// Show at most so many
    #[arg(long, default_value_t = PAGE_MAX, value_name = "N", value_parser = at_least_one)]
    pub(crate) limit: usize,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|it| *it != 0).ok_or_else(|| "write a number from 1".to_owned())
}

/// A page as every list answers it.
pub(crate) trait Page {
    type Item;
    fn open(self) -> (Vec<Self::Item>, String);
}

macro_rules! pages {
    ($($message:ident: $field:ident of $item:ident),+ $(,)?) => {
        $(impl Page for lovebank_wire::v1::$message {
            type Item = lovebank_wire::v1::$item;

            fn open(self) -> (Vec<Self::Item>, String) {
                (self.$field, self.next_page_token)
            }
        })+
    };
}

pages!(
    ListBranchesResponse: branches of Branch,
    ListVolunteersResponse: volunteers of Volunteer,
    FindVolunteersResponse: volunteers of Volunteer,
    ListTokensResponse: tokens of Token,
    ListActivitiesResponse: activities of Activity,
    ListCheckInsResponse: check_ins of OpenCheckIn,
    ListHoursRecordsResponse: records of HoursRecord,
    ListPassbookLinesResponse: lines of PassbookLine,
    ListHoldsResponse: holds of Hold,
    ListRewardsResponse: rewards of Reward,
    ListRedemptionsResponse: redemptions of Redemption,
    ListHelpRequestsResponse: help_requests of Help,
    ListQueueResponse: places_in_line of QueuePlace,
    ListDrawsResponse: draws of Draw,
    ListHonoursResponse: honours of Honour,
    ListRunsResponse: runs of Run,
    ListObjectionsResponse: objections of Objection,
    ListMergesResponse: merges of Merge,
    ListImportsResponse: batches of ImportBatch,
);

/// Items of a list, and whether there are more.
#[derive(Debug)]
pub(crate) struct Listed<T> {
    pub(crate) items: Vec<T>,
    pub(crate) more: bool,
}

impl Limit {
    /// Asks for page after page, by size and token, until there is enough.
    pub(crate) async fn of<P: Page>(
        self,
        mut ask: impl AsyncFnMut(u32, String) -> Result<Response<P>, Status>,
    ) -> Result<Listed<P::Item>, Fail> {
        let mut items = Vec::new();
        let mut token = String::new();
        loop {
            let missing = self.limit.saturating_sub(items.len());
            let size = u32::try_from(missing.clamp(1, PAGE_MAX)).unwrap_or(1);
            let (page, next) = ask(size, token).await?.into_inner().open();
            items.extend(page.into_iter().take(missing));
            if next.is_empty() || self.limit <= items.len() {
                return Ok(Listed { items, more: !next.is_empty() });
            }
            token = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use lovebank_wire::v1;

    use super::*;

    /// A list of five branches in pages of at most two.
    async fn five(size: u32, token: String) -> Result<Response<v1::ListBranchesResponse>, Status> {
        let from: usize = token.parse().unwrap_or(0);
        let to = from.saturating_add(usize::try_from(size).unwrap().min(2)).min(5);
        let branches = vec![v1::Branch::default(); to.saturating_sub(from)];
        let next_page_token = if to < 5 { to.to_string() } else { String::new() };
        Ok(Response::new(v1::ListBranchesResponse { read_seq: 1, branches, next_page_token }))
    }

    #[tokio::test]
    async fn pages_are_asked_for_until_there_is_enough() {
        for (limit, count, more) in [(3, 3, true), (5, 5, false), (9, 5, false), (2, 2, true)] {
            let some = Limit { limit }.of(five).await.unwrap();
            assert_eq!((some.items.len(), some.more), (count, more), "{limit}");
        }
    }
}
