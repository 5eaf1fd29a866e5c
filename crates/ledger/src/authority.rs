//! Who may do which verb: one table, and how far a grant reaches.

use std::fmt;

use crate::{
    ActorNo, BranchNo, Grant, Ledger, Level, PassbookNo, Refusal, Role, Scope, Timestamp, TokenNo,
};

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident: $($role:ident)+;)+) => {
        /// What can be asked of the bank.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Verb {
            $($(#[$doc])* $name),+
        }

        impl Verb {
            /// Every verb.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The roles of which an actor needs one.
            pub fn roles(self) -> &'static [Role] {
                match self {
                    $(Self::$name => &[$(Role::$role),+]),+
                }
            }
        }

        impl fmt::Display for Verb {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$name => stringify!($name)),+ })
            }
        }
    };
}

verbs! {
    /// Adds a branch to the tree.
    CreateBranch: Operator;
    /// Renames a branch.
    RenameBranch: Operator;
    /// Sees branches and their totals.
    ReadBranches: Volunteer Clerk Approver AwardOfficer Auditor Operator Partner;
    /// Registers volunteers.
    RegisterVolunteers: Clerk Approver;
    /// Changes a volunteer's personal data.
    UpdatePerson: Clerk Approver;
    /// Moves a volunteer to another home branch.
    MoveVolunteer: Clerk Approver;
    /// Suspends, closes or makes active again.
    SetVolunteerStatus: Approver;
    /// Erases a volunteer's personal data (PIPL Art. 47).
    ErasePerson: Approver;
    /// Says that two numbers are one person, or are two after all.
    ProposeMerge: Clerk Approver;
    /// Confirms that two numbers are one person, or are two after all.
    ConfirmMerge: Approver;
    /// Sees volunteers with their personal data, and finds them by name or number.
    ReadVolunteers: Volunteer Clerk Approver AwardOfficer Auditor;
    /// Sees which volunteers have the same telephone, and not which.
    ReadSharedPhones: Approver Auditor;
    /// Creates an activity for check-ins.
    CreateActivity: Clerk Approver;
    /// Records hours; a volunteer's own word waits for approval.
    RecordHours: Volunteer Clerk Approver;
    /// Lets pending records take effect.
    ApproveHours: Approver;
    /// Refuses pending records.
    RejectHours: Approver;
    /// Takes posted records back.
    ReverseHours: Approver;
    /// Takes a record back and books it anew.
    CorrectHours: Approver;
    /// Deducts hours for a reason.
    DeductHours: Approver;
    /// Says how good a service was.
    EvaluateHours: Clerk Approver;
    /// Takes in a sheet.
    ImportHours: Clerk Approver;
    /// Takes back what an import brought.
    UndoImport: Approver;
    /// Sees which sheets were taken in.
    ReadImports: Clerk Approver Auditor;
    /// Checks volunteers in and out.
    CheckIn: Volunteer Clerk Approver;
    /// Sees activities, hours records and check-ins.
    ReadHours: Volunteer Clerk Approver AwardOfficer Auditor;
    /// Sees passbooks.
    ReadPassbooks: Volunteer Clerk Approver AwardOfficer Auditor;
    /// Reads the journal.
    ReadJournal: Auditor Operator;
    /// Takes a sealed copy of personal data away for a backup.
    BackUpVault: Operator;
    /// Issues, lists and revokes tokens.
    ManageTokens: Operator;
    /// Sees what one's own token allows.
    WhoAmI: Volunteer Clerk Approver AwardOfficer Auditor Operator Partner;
    /// Adopts a rulebook.
    AdoptRulebook: Operator;
    /// Says how much a volunteer is in need.
    SetNeedClass: Approver;
    /// Publishes rewards, adds places, withdraws them.
    PublishReward: Approver;
    /// Sees rewards and queues.
    ReadRewards: Volunteer Clerk Approver AwardOfficer Auditor;
    /// Asks for a reward, or gives it up.
    RequestRedemption: Volunteer Clerk Approver;
    /// Hands out a reward by its code.
    FulfillRedemption: Clerk Approver Partner;
    /// Says that nobody came for a place.
    MissRedemption: Clerk Approver;
    /// Takes a redemption back.
    ReverseRedemption: Approver;
    /// Gives points, and names who inherits.
    GivePoints: Volunteer Clerk;
    /// Takes a gift back.
    ReverseGift: Approver;
    /// Says that two volunteers are kin, or are no more.
    RequestKin: Volunteer Clerk Approver;
    /// Confirms that two volunteers are kin.
    ConfirmKin: Approver;
    /// Asks for points of a pool, for someone in need.
    RequestDraw: Clerk Approver;
    /// Decides on a draw.
    ApproveDraw: Approver;
    /// Asks for help, accepts an offer, says how long it took.
    AskForHelp: Volunteer Clerk;
    /// Offers to help.
    OfferHelp: Volunteer Clerk;
    /// Has the last word on help that is disputed.
    ResolveHelp: Approver;
    /// Sees help requests.
    ReadHelp: Volunteer Clerk Approver AwardOfficer Auditor;
    /// Sees who served how much in a year.
    ReadRecognition: Clerk Approver AwardOfficer Auditor;
    /// Gives stars to those who reached them.
    AwardStars: Approver;
    /// Writes down honours that were given before the bank, or outside of it.
    RecordHonours: Approver AwardOfficer;
    /// Takes an honour back.
    RevokeHonour: Approver AwardOfficer;
    /// Nominates a volunteer for an award.
    Nominate: Clerk Approver;
    /// Makes, publishes, finishes and withdraws runs of award programmes, and answers objections.
    RunAwards: AwardOfficer;
    /// Proposes and confirms exceptions of a run.
    MakeException: Approver AwardOfficer;
    /// Objects to a run that is published.
    FileObjection: Volunteer Clerk Approver AwardOfficer;
    /// Sees what became of a volunteer in a run, and the stars and awards held.
    ReadHonours: Volunteer Clerk Approver AwardOfficer Auditor;
    /// Issues a certificate of service or of an honour.
    IssueCertificate: Volunteer Clerk Approver AwardOfficer;
    /// Settles what falls due: the bank itself.
    SettleDue: Operator;
    /// Sees the rulebook.
    ReadRulebook: Volunteer Clerk Approver AwardOfficer Auditor Operator;
}

/// Roles of which an actor needs one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles(&'static [Role]);

impl Roles {
    /// Those that a verb needs.
    pub fn of(verb: Verb) -> Self {
        Self(verb.roles())
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let roles: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&roles.join(", "))
    }
}

/// What one token may do, as of one ledger.
#[derive(Debug, Clone, Copy)]
pub struct Authority<'a> {
    ledger: &'a Ledger<'a>,
    actor: ActorNo,
    grants: Option<&'a [Grant]>,
}

impl<'a> Authority<'a> {
    /// The authority of a token, if it holds now.
    pub fn of(ledger: &'a Ledger<'a>, token: TokenNo, now: Timestamp) -> Result<Self, Refusal> {
        let it = ledger.token(token).ok_or(Refusal::TokenEnded { token })?;
        if it.revoked || it.grant.expires.is_some_and(|until| until <= now) {
            return Err(Refusal::TokenEnded { token });
        }
        Ok(Self { ledger, actor: it.grant.actor, grants: Some(&it.grant.grants) })
    }

    /// The authority of the bank itself, for entries of the writer's own.
    pub fn of_the_bank(ledger: &'a Ledger<'a>) -> Self {
        Self { ledger, actor: ActorNo::BANK, grants: None }
    }

    /// Who acts.
    pub fn actor(&self) -> ActorNo {
        self.actor
    }

    /// Whether the actor has a role for the verb, wherever.
    pub fn may(&self, verb: Verb) -> Result<(), Refusal> {
        if self.granting(verb).next().is_some() || self.grants.is_none() {
            return Ok(());
        }
        Err(Refusal::RoleRequired { verb, roles: Roles::of(verb) })
    }

    /// Whether the actor may do the verb in the whole bank.
    pub fn in_bank(&self, verb: Verb) -> bool {
        self.grants.is_none() || self.granting(verb).any(|it| it.scope == Scope::Bank)
    }

    /// Whether the actor may do the verb on a branch.
    pub fn on_branch(&self, verb: Verb, branch: BranchNo) -> Result<(), Refusal> {
        let reaches = |it: &Grant| it.role != Role::Volunteer && self.reaches(it.scope, branch);
        if self.grants.is_none() || self.granting(verb).any(reaches) {
            return Ok(());
        }
        self.may(verb)?;
        let branch = self.ledger.branch(branch).map(|it| it.code.clone());
        Err(branch.map_or(Refusal::NotYourPassbook, |branch| Refusal::OutOfScope { branch }))
    }

    /// Whether the actor may do the verb on a passbook: by its home branch, or as its owner.
    pub fn on_passbook(&self, verb: Verb, passbook: PassbookNo) -> Result<(), Refusal> {
        if self.owns(verb, passbook) {
            return Ok(());
        }
        let home = self.ledger.volunteer(passbook).ok_or(Refusal::VolunteerUnknown)?.branch;
        self.on_branch(verb, home).map_err(|err| {
            if self.only_as_volunteer(verb) { Refusal::NotYourPassbook } else { err }
        })
    }

    /// Whether the actor may do the verb on one's own passbook only.
    pub fn only_as_volunteer(&self, verb: Verb) -> bool {
        self.grants.is_some() && self.granting(verb).all(|it| it.role == Role::Volunteer)
    }

    /// What the actor is told of a number that is nobody's. Who does the verb on one's own passbook
    /// only is not told whether there is another.
    pub fn nobody(&self, verb: Verb) -> Refusal {
        if self.only_as_volunteer(verb) {
            Refusal::NotYourPassbook
        } else {
            Refusal::VolunteerUnknown
        }
    }

    /// Whether the passbook is the actor's own by any token there ever was, whatever the verb; so
    /// are all numbers of the person that the actor is.
    pub fn is_own(&self, passbook: PassbookNo) -> bool {
        let own = |it| self.ledger.own_passbooks.get(&(self.actor, it)).is_some();
        own(passbook) || self.ledger.numbers(self.ledger.person(passbook), None).any(own)
    }

    /// Whether the actor owns the passbook and may do the verb on it as its owner. Who owns the one
    /// that is kept owns those that were merged into it; not the other way round.
    pub fn owns(&self, verb: Verb, passbook: PassbookNo) -> bool {
        let own = |it: &Grant| match it.scope {
            Scope::Passbook(own) => own == passbook || own == self.ledger.person(passbook),
            Scope::Bank | Scope::Branch(_) => false,
        };
        self.granting(verb).any(own)
    }

    /// The passbook that a volunteer's token opens.
    pub fn own_passbook(&self) -> Option<PassbookNo> {
        self.grants.unwrap_or_default().iter().find_map(|it| match it.scope {
            Scope::Passbook(passbook) => Some(passbook),
            Scope::Bank | Scope::Branch(_) => None,
        })
    }

    /// The branches the verb reaches, each with what is below it; `None` is the whole bank.
    pub fn branches(&self, verb: Verb) -> Option<Vec<BranchNo>> {
        if self.in_bank(verb) {
            return None;
        }
        let branch = |it: &Grant| match it.scope {
            Scope::Branch(branch) => Some(branch),
            Scope::Bank | Scope::Passbook(_) => None,
        };
        Some(self.granting(verb).filter_map(branch).collect())
    }

    /// Whether the actor may approve at a level for an organising branch.
    pub fn approves(&self, verb: Verb, branch: BranchNo, level: Level) -> bool {
        let above = self.ledger.branch(branch).and_then(|it| it.parent);
        let needed = match level {
            Level::Branch => branch,
            // At the top of a tree nobody is above: its own approver has the last word.
            Level::Above => above.unwrap_or(branch),
        };
        self.on_branch(verb, needed).is_ok()
    }

    fn granting(&self, verb: Verb) -> impl Iterator<Item = &'a Grant> + use<'a> {
        let roles = verb.roles();
        self.grants.unwrap_or_default().iter().filter(move |it| roles.contains(&it.role))
    }

    fn reaches(&self, scope: Scope, branch: BranchNo) -> bool {
        match scope {
            Scope::Bank => true,
            Scope::Branch(top) => self.ledger.ancestry(branch).any(|it| it == top),
            Scope::Passbook(_) => false,
        }
    }
}
