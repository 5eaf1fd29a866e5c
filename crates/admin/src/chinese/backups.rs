//! The help in Chinese: backups, restoring, moving.

pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "Backups (备份): written while the bank runs, checked, looked at",
        "备份：运行中生成、核对、查看",
    ),
    (
        "Back up the journal to a file, and the vault, sealed, to another beside it",
        "备份总流水到文件，并将个人信息库加密备份到另一文件",
    ),
    (
        "The file is written aside, checked, synced and read back before it has its name; none is written",
        "先写入临时文件，核对、落盘、读回之后才命名；不会覆盖文件。",
    ),
    (
        "over. The vault goes to FILE.vault, sealed to the key that the bank's settings name.",
        "个人信息库写入 FILE.vault，用设置中的公钥加密。",
    ),
    ("File for the journal; it must not be there yet", "总流水备份文件，不能已存在"),
    ("Only what came after this backup", "只备份此备份之后的流水（增量）"),
    ("File for the sealed vault [default: FILE.vault]", "加密的个人信息库文件 [默认：FILE.vault]"),
    (
        "Leave the vault out: names and numbers are then not backed up",
        "不备份个人信息库：姓名、义工号等不在备份中",
    ),
    ("Read backups whole, in order, and say whether they hold", "按顺序完整读取备份，核对是否成立"),
    (
        "Exit code 4: a file does not hold, or a vault is of another history.",
        "退出码 4：有文件不成立，或个人信息库属于另一段历史。",
    ),
    (
        "Backups in order, each after the one before; sealed vaults among them",
        "按顺序给出的备份，可含加密的个人信息库",
    ),
    (
        "Show what backups say of themselves; only verify proves it",
        "显示备份文件自称的内容；verify 才加以核对",
    ),
    ("Backups and sealed vaults", "备份和加密的个人信息库"),
    (
        "Make the pair of keys that seals the vault and opens it",
        "生成一对密钥：公钥加密个人信息库，私钥打开",
    ),
    (
        "File for the half that opens; keep it off the bank's machine, twice",
        "私钥文件；请离线保管两份",
    ),
    // Restoring.
    ("Restores a bank from backups into an empty directory (恢复)", "从备份恢复到空目录"),
    (
        "Every entry is checked and added up anew. The directory is a bank's once all of it holds, and empty",
        "每条流水都核对并重新过账。全部成立后目录才成为银行，此前为空。",
    ),
    (
        "before. Whom the journal says are erased, or entries after the one restored to, stay erased.",
        "总流水中（包括所恢复流水之后）已删除的个人信息不会恢复。",
    ),
    ("A full backup, and those after it in order", "完整备份，及其后按顺序的增量备份"),
    ("Directory for the bank: empty, or not there yet", "目标目录：空的，或尚不存在"),
    (
        "Directory for the second copy of the journal [default: the bank makes it at its start]",
        "总流水第二份的目录 [默认：启动时自动生成]",
    ),
    ("Leave out what came after this entry", "只恢复到此流水号"),
    (
        "The sealed vault: of the last of the files, or later",
        "加密的个人信息库：与最后一个备份同时或更新",
    ),
    ("The key that opens it", "打开它的私钥文件"),
    (
        "Go on without the names of those whom no vault given here holds",
        "缺个人信息的志愿者也照样恢复",
    ),
    ("The engine that keeps the journal", "保存总流水的引擎"),
    // Moving.
    (
        "Moves the journal and the vault of a stopped bank into an empty directory, to another engine",
        "将已停止的银行的总流水和个人信息库迁移到空目录，可换引擎",
    ),
    (
        "Directory of the bank, which must be stopped; it is only read",
        "原目录，须已停止运行；只读取，不改动",
    ),
    (
        "Directory of its journal's second copy, or off [default: mirror in it, if it is there]",
        "原总流水第二份的目录，或 off（不用） [默认：其中的 mirror，若存在]",
    ),
    (
        "Nothing about the bank is changed: its copies are copied into --into, which needs room for them",
        "原银行不会改动：各副本先复制到 --into 中再打开，",
    ),
    ("meanwhile, and opened there.", "其间须有容纳它们的空间。"),
    (
        "Go on where two copies are not alike and no note tells how far one of them had come",
        "两份副本不一致且不知其中一份写到何处时，仍用现有的流水",
    ),
    ("The engine that kept the journal", "原来保存总流水的引擎"),
];
