//! The help in Chinese: rewards, redemptions, queues, the catalogue.

pub(super) const TEXTS: &[(&str, &str)] = &[
    // Rewards.
    ("Rewards: what can be had for points", "回馈：积分可以兑换什么"),
    (
        "Publish a reward; without a window or a waiting list, who comes first is served first",
        "发布回馈；没有受理期也没有候补的，先到先得",
    ),
    (
        "By priority when a window closes: --opens \"2026-12-01 09:00\" --closes \"2026-12-10 18:00\" --until \"2026-12-31 18:00\"",
        "受理期截止时按优先规则分配：--opens \"2026-12-01 09:00\" --closes \"2026-12-10 18:00\" --until \"2026-12-31 18:00\"",
    ),
    ("Add places to a reward; who waits gets them at once", "增加名额；等待的人随即得到"),
    (
        "Withdraw a reward: who waits is set free, who has a place keeps it",
        "下架回馈：等待的人解除冻结，已有名额的保留",
    ),
    ("Show one reward", "显示一项回馈"),
    ("Show rewards, newest first", "列出回馈，新的在前"),
    ("What it is called", "名称"),
    (
        "The branch that offers it, to its own volunteers and those below",
        "提供回馈的社区编号，面向本级及下级的志愿者",
    ),
    ("What kind it is", "类别"),
    ("How many places there are", "名额数"),
    ("What one place costs in points [default: nothing]", "一个名额的积分 [默认：不收积分]"),
    ("What it is, where and how to get it", "说明：是什么，在哪里、怎样领取"),
    ("How often one person may have it", "每人限次"),
    ("In which calendar period", "限次的周期"),
    (
        "Who may have it: a formula such as \"minutes >= 6000 && star >= 1\"",
        "条件：公式，如 \"minutes >= 6000 && star >= 1\"",
    ),
    (
        "From when on requests are taken, as \"2026-12-01 09:00\"",
        "受理开始，如 \"2026-12-01 09:00\"",
    ),
    ("When places are given by priority", "受理截止，届时按优先规则分配"),
    ("Until when a place can be used", "名额使用截止"),
    (
        "Requests wait for places, which go by priority as they come free",
        "候补：有名额空出时按优先规则递补",
    ),
    ("The priority policy of the rulebook [default: default]", "规则中的优先规则 [默认：default]"),
    ("The number of the reward", "回馈号"),
    ("How many places more", "增加多少名额"),
    ("Those that a volunteer of this branch can have", "此社区的志愿者可以兑换的"),
    ("Those that this branch and those below it offer", "此社区及其下级提供的"),
    ("Only those that can be asked for now", "只列现在可以申请的"),
    // Redemptions.
    ("Redemptions: asking for a reward, getting it", "兑换：申请和领取回馈"),
    ("Ask for a reward; its points are set aside", "申请回馈；所需积分先冻结"),
    (
        "Give a request or a place up; the place goes to the next",
        "取消申请或名额；名额递补给下一位",
    ),
    ("Hand a reward out, by the code that the volunteer shows", "凭志愿者出示的兑换码发放"),
    ("Say that nobody came", "登记未到"),
    ("Take a redemption back (冲正); the points come back", "冲正兑换；积分退回"),
    ("Show one redemption, to its owner with the code", "显示一笔兑换；对本人显示兑换码"),
    (
        "Show redemptions of a volunteer or of a reward, newest first",
        "列出志愿者的或回馈的兑换，新的在前",
    ),
    ("The number of the redemption", "兑换号"),
    ("The one-time code", "一次性兑换码"),
    ("Fewer points than are set aside [default: all of them]", "少于冻结数的积分 [默认：全部]"),
    (
        "Only of this volunteer; \"me\" for the owner of the token",
        "只列此志愿者的；“me” 为令牌本人",
    ),
    ("Only of this reward", "只列此回馈的"),
    // Queues.
    ("Queues: who is served first, and why", "排队：谁先得到，为什么"),
    (
        "Show who waits for a reward, in the order in which they are served",
        "列出等待回馈的人，按服务次序",
    ),
    (
        "Say why a request stands where it stands, and what would change it",
        "说明名次的原因，以及怎样会改变",
    ),
    // The catalogue.
    (
        "Publish the rewards of a catalogue; rehearses unless told --commit",
        "发布目录中的回馈；不加 --commit 只试运行",
    ),
    (
        "The catalogue is a CSV with a header: name (名称), kind (类别), stock (名额), and if wanted branch (社区), price (积分), text (说明), limit (限次), per (周期), eligibility (条件), opens (开始), closes (截止), until (使用截止), waiting_list (候补), policy (优先规则).",
        "目录是带表头的 CSV：名称、类别、名额，可另有社区、积分、说明、限次、周期、条件、开始、截止、使用截止、候补、优先规则。",
    ),
    (
        "Exit code 3: some rows were refused. A row is published once, however often it is sent.",
        "退出码 3：有行被拒绝。每行只发布一次，可以重复导入。",
    ),
    ("The catalogue", "目录文件"),
    (
        "Which edition of the catalogue; what is in another is published anew",
        "目录的期号；不同期号的重新发布",
    ),
    ("The branch of rows that name none", "未写社区的行所属的社区编号"),
];
