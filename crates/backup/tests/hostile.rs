//! Files as a stranger may have made them: refused by name, in bounded memory.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::{fs, path::PathBuf};

use lovebank_backup::{Backup, BackupWriter, FILES_MAX, Fault, Files, NotWritten, Plan};
use lovebank_journal::{
    ENTRY_BYTES_MAX, Head, Sealed,
    chain::{made_up, made_up_group},
};
use sha2::{Digest as _, Sha256};
use support::{Shelf, header_of, read};
use zstd::stream::write::Encoder;

const HEADER: usize = 138;
const TRAILER: usize = 53;

/// A file of this body, with a header and a trailer that fit.
fn crafted(shelf: &Shelf, header: &[u8], body: &[u8], count: u64) -> PathBuf {
    let mut bytes = [header, body, &count.to_be_bytes()].concat();
    let digest = Sha256::digest(&bytes);
    bytes.extend(digest);
    bytes.extend(b"lovebank-end\n");
    let path = shelf.path("crafted");
    fs::write(&path, bytes).unwrap();
    path
}

/// Entries packed as a file packs them, with lengths of one's own.
fn packed(parts: &[(u32, &[u8])], window_log: u32) -> Vec<u8> {
    let mut body = Encoder::new(Vec::new(), 3).unwrap();
    body.window_log(window_log).unwrap();
    for (length, bytes) in parts {
        std::io::Write::write_all(&mut body, &length.to_be_bytes()).unwrap();
        std::io::Write::write_all(&mut body, bytes).unwrap();
    }
    body.finish().unwrap()
}

fn fault(path: &PathBuf) -> Fault {
    match read(std::slice::from_ref(path)) {
        Ok(entries) => panic!("{} entries were taken", entries.len()),
        Err(err) => {
            assert_eq!(err.path, *path, "it is named");
            err.fault
        }
    }
}

#[test]
fn what_is_written_reads_back_whole_and_in_parts() {
    let shelf = Shelf::new();
    let group = made_up_group(Head::EMPTY, 700, 250);
    let full = shelf.write("full", None, &group[..500]);
    let inc = shelf.write("inc", Some(&full), &group[500..600]);
    let last = shelf.write("last", Some(&inc), &group[600..]);
    let paths = [&full, &inc, &last].map(|it| it.path().to_owned());
    assert_eq!(read(&paths).unwrap(), group);
    let files = Files::open(&paths).unwrap();
    assert_eq!((files.last().no, files.last().seal), (700, group[699].seal()));
    assert!(full.bytes() < 500 * 250, "it is pressed");
    assert_eq!(shelf.names(), ["full", "inc", "last"], "nothing else is left");
}

#[test]
fn an_entry_at_the_bound_is_kept_and_one_past_it_is_not() {
    let shelf = Shelf::new();
    let overhead =
        made_up(Head::EMPTY, &vec![1; ENTRY_BYTES_MAX / 2]).bytes().len() - ENTRY_BYTES_MAX / 2;
    let largest = made_up(Head::EMPTY, &vec![1; ENTRY_BYTES_MAX - overhead]);
    assert_eq!(largest.bytes().len(), ENTRY_BYTES_MAX);
    let file = shelf.write("largest", None, std::slice::from_ref(&largest));
    assert_eq!(read(&[file.path().to_owned()]).unwrap(), [largest]);
    let larger = made_up(Head::EMPTY, &vec![1; ENTRY_BYTES_MAX - overhead + 1]);
    let last = Head { no: 1, seal: larger.seal() };
    let plan = Plan { made_at: 1, after: None, last };
    let mut writer = BackupWriter::create(&shelf.path("larger"), plan).unwrap();
    let refused = writer.push(larger.bytes()).unwrap_err();
    assert!(matches!(refused, NotWritten::TooLarge { no: 1, .. }), "{refused}");
}

#[test]
fn every_flip_is_found() {
    let shelf = Shelf::new();
    let file = shelf.write("full", None, &made_up_group(Head::EMPTY, 9, 60));
    let good = fs::read(file.path()).unwrap();
    let path = shelf.path("flipped");
    for at in 0..good.len() {
        for bit in [0, 7] {
            let mut flipped = good.clone();
            flipped[at] ^= 1 << bit;
            fs::write(&path, flipped).unwrap();
            assert!(read(std::slice::from_ref(&path)).is_err(), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn every_cut_is_found() {
    let shelf = Shelf::new();
    let file = shelf.write("full", None, &made_up_group(Head::EMPTY, 9, 60));
    let good = fs::read(file.path()).unwrap();
    let path = shelf.path("cut");
    for length in 0..good.len() {
        fs::write(&path, &good[..length]).unwrap();
        let found = fault(&path);
        let expected = if length < HEADER && !good[..length].starts_with(b"lovebank-backup-1\n") {
            Fault::NotABackup
        } else {
            Fault::CutShort
        };
        assert_eq!(found, expected, "{length}");
    }
}

#[test]
fn files_in_the_wrong_order_are_told_apart() {
    let shelf = Shelf::new();
    let group = made_up_group(Head::EMPTY, 30, 10);
    let full = shelf.write("full", None, &group[..10]);
    let one = shelf.write("one", Some(&full), &group[10..20]);
    let two = shelf.write("two", Some(&one), &group[20..]);
    let open = |order: [&Backup; 3]| Files::open(&order.map(|it| it.path().to_owned()));
    assert!(open([&full, &one, &two]).is_ok());
    let wrong = open([&full, &two, &one]).unwrap_err();
    assert_eq!(wrong.path, two.path());
    assert_eq!(wrong.fault, Fault::OutOfOrder { first: 21, due: 11 });
    let wrong = open([&one, &two, &full]).unwrap_err();
    assert_eq!(
        (wrong.path.as_path(), wrong.fault),
        (full.path(), Fault::OutOfOrder { first: 1, due: 31 })
    );
    let wrong = open([&full, &one, &one]).unwrap_err();
    assert_eq!(wrong.fault, Fault::OutOfOrder { first: 11, due: 21 });
    let alone = [one.path().to_owned(), two.path().to_owned()];
    assert_eq!(Files::open(&alone).unwrap_err().fault, Fault::NotFull { first: 11 });
    assert_eq!(Files::in_order(&alone).unwrap().entries().count(), 20);

    // Two files in one, as `cat` puts them together.
    let path = shelf.path("cat");
    let bytes = [fs::read(full.path()).unwrap(), fs::read(one.path()).unwrap()].concat();
    fs::write(&path, bytes).unwrap();
    assert_eq!(fault(&path), Fault::More { no: 10 });
}

#[test]
fn the_increment_of_another_bank_or_of_another_history_is_refused() {
    let shelf = Shelf::new();
    let ours = made_up_group(Head::EMPTY, 20, 10);
    let theirs = made_up_group(Head::EMPTY, 20, 11);
    let full = shelf.write("full", None, &ours[..10]);
    let other = shelf.write("other", None, &theirs[..10]);
    let increment = shelf.write("increment", Some(&other), &theirs[10..]);
    let paths = [full.path().to_owned(), increment.path().to_owned()];
    assert_eq!(Files::open(&paths).unwrap_err().fault, Fault::OtherBank);

    // The same bank, set back to entry 5 and gone on from there.
    let head = Head { no: 5, seal: ours[4].seal() };
    let second = [&ours[..5], &made_up_group(head, 10, 12)].concat();
    let five = shelf.write("five", None, &second[..10]);
    let on = shelf.write("on", Some(&five), &second[10..]);
    let paths = [full.path().to_owned(), on.path().to_owned()];
    assert_eq!(Files::open(&paths).unwrap_err().fault, Fault::OtherHistory { no: 10 });
}

#[test]
fn a_header_that_names_another_bank_is_found_by_its_first_entry() {
    let shelf = Shelf::new();
    let group = made_up_group(Head::EMPTY, 1, 10);
    let mut header = header_of(&group, Head::EMPTY);
    header[42] ^= 1;
    let bytes = group[0].bytes();
    let body = packed(&[(u32::try_from(bytes.len()).unwrap(), bytes)], 20);
    assert_eq!(fault(&crafted(&shelf, &header, &body, 1)), Fault::NotItsBank);
}

#[test]
fn what_lies_about_its_length_is_refused_before_it_is_unpacked() {
    let shelf = Shelf::new();
    let group = made_up_group(Head::EMPTY, 1, 10);
    let header = header_of(&group, Head::EMPTY);
    let bytes = group[0].bytes();
    let length = u32::try_from(bytes.len()).unwrap();

    let huge = packed(&[(u32::MAX, bytes)], 20);
    let found = fault(&crafted(&shelf, &header, &huge, 1));
    assert_eq!(found, Fault::TooLarge { no: 1, bytes: u64::from(u32::MAX) });
    let past = u32::try_from(ENTRY_BYTES_MAX).unwrap() + 1;
    let found = fault(&crafted(&shelf, &header, &packed(&[(past, bytes)], 20), 1));
    assert_eq!(found, Fault::TooLarge { no: 1, bytes: u64::from(past) });
    let longer = packed(&[(length + 1, bytes)], 20);
    assert!(matches!(fault(&crafted(&shelf, &header, &longer, 1)), Fault::Packed { no: 1, .. }));
    let twice = packed(&[(length, bytes), (length, bytes)], 20);
    assert_eq!(fault(&crafted(&shelf, &header, &twice, 1)), Fault::More { no: 1 });
    let right = packed(&[(length, bytes)], 20);
    assert_eq!(fault(&crafted(&shelf, &header, &right, 2)), Fault::Digest, "the count");
    assert_eq!(read(&[crafted(&shelf, &header, &right, 1)]).unwrap(), group);
    let tail = [right.as_slice(), b"x"].concat();
    assert_eq!(fault(&crafted(&shelf, &header, &tail, 1)), Fault::More { no: 1 });
}

#[test]
fn a_bomb_is_refused_at_its_first_entry() {
    let shelf = Shelf::new();
    let group = made_up_group(Head::EMPTY, 1, 10);
    let header = header_of(&group, Head::EMPTY);
    let gigabyte = vec![0; 64 * 1024 * 1024];
    let mut body = Encoder::new(Vec::new(), 3).unwrap();
    for _ in 0..16 {
        std::io::Write::write_all(&mut body, &gigabyte).unwrap();
    }
    let bomb = body.finish().unwrap();
    assert!(bomb.len() < 200_000, "a gigabyte in {} bytes", bomb.len());
    let found = fault(&crafted(&shelf, &header, &bomb, 1));
    assert!(matches!(found, Fault::Broken { no: 1, .. }), "{found}");
    // One that wants a gigabyte to look back into gets none of it.
    let window = packed(&[(8, b"whatever")], 27);
    let found = fault(&crafted(&shelf, &header, &window, 1));
    assert!(matches!(found, Fault::Packed { no: 1, .. }), "{found}");
}

#[test]
fn an_entry_that_does_not_follow_is_named() {
    let shelf = Shelf::new();
    let group = made_up_group(Head::EMPTY, 3, 10);
    let swapped: Vec<(u32, &[u8])> = [&group[0], &group[2], &group[1]]
        .map(|it| (u32::try_from(it.bytes().len()).unwrap(), it.bytes()))
        .into();
    let path = crafted(&shelf, &header_of(&group, Head::EMPTY), &packed(&swapped, 20), 3);
    assert!(matches!(fault(&path), Fault::Broken { no: 2, .. }));
    let other = made_up(Head { no: 2, seal: group[1].seal() }, b"other");
    let replaced: Vec<(u32, &[u8])> = [&group[0], &group[1], &other]
        .map(|it| (u32::try_from(it.bytes().len()).unwrap(), it.bytes()))
        .into();
    let path = crafted(&shelf, &header_of(&group, Head::EMPTY), &packed(&replaced, 20), 3);
    assert_eq!(fault(&path), Fault::OtherEnd { no: 3 });
}

#[test]
fn too_many_files_are_not_opened() {
    let paths = vec![PathBuf::from("none"); FILES_MAX + 1];
    let refused = Files::open(&paths).unwrap_err();
    assert_eq!(refused.fault, Fault::TooMany { given: FILES_MAX + 1, most: FILES_MAX });
    assert!(matches!(Files::open(&paths[1..]).unwrap_err().fault, Fault::Io(_)));
}

#[test]
fn nothing_is_written_over_and_nothing_unfinished_stays() {
    let shelf = Shelf::new();
    let group: Vec<Sealed> = made_up_group(Head::EMPTY, 3, 10);
    let file = shelf.write("full", None, &group);
    let before = fs::read(file.path()).unwrap();
    let last = Head { no: 3, seal: group[2].seal() };
    let plan = Plan { made_at: 1, after: None, last };
    let refused = BackupWriter::create(file.path(), plan).err().expect("it is there");
    assert!(matches!(refused, NotWritten::Exists(_)));

    // The name was taken while it was being written.
    let taken = shelf.path("taken");
    let mut writer = BackupWriter::create(&taken, plan).unwrap();
    for it in &group {
        writer.push(it.bytes()).unwrap();
    }
    fs::write(&taken, "theirs").unwrap();
    assert!(matches!(writer.finish().unwrap_err(), NotWritten::Exists(_)));
    assert_eq!(fs::read(&taken).unwrap(), b"theirs");

    // Cut off: too few, a gap, too many.
    let path = shelf.path("broken");
    let mut writer = BackupWriter::create(&path, plan).unwrap();
    writer.push(group[0].bytes()).unwrap();
    let refused = writer.push(group[2].bytes()).unwrap_err();
    assert!(matches!(refused, NotWritten::Broken { no: 2, .. }));
    assert!(matches!(writer.finish().unwrap_err(), NotWritten::OtherEnd { found: 1, told: 3 }));
    let fewer = Plan { last: Head { no: 2, seal: group[1].seal() }, ..plan };
    let mut writer = BackupWriter::create(&path, fewer).unwrap();
    writer.push(group[0].bytes()).unwrap();
    writer.push(group[1].bytes()).unwrap();
    writer.push(group[2].bytes()).unwrap_err();
    drop(writer);
    assert_eq!(fs::read(file.path()).unwrap(), before);
    assert_eq!(shelf.names(), ["full", "taken"]);
}

#[test]
fn the_trailer_stands_where_the_page_says() {
    let shelf = Shelf::new();
    let group = made_up_group(Head::EMPTY, 3, 10);
    let bytes = fs::read(shelf.write("full", None, &group).path()).unwrap();
    let at = bytes.len() - TRAILER;
    assert_eq!(bytes[..HEADER], header_of(&group, Head::EMPTY));
    assert_eq!(bytes[at..at + 8], 3_u64.to_be_bytes());
    assert_eq!(bytes[at + 8..at + 40], Sha256::digest(&bytes[..at + 8])[..]);
    assert_eq!(&bytes[at + 40..], b"lovebank-end\n");
    // Between the two stands what any zstd unpacks.
    let unpacked = zstd::stream::decode_all(&bytes[HEADER..at]).unwrap();
    let length = group[0].bytes().len();
    assert_eq!(unpacked[..4], u32::try_from(length).unwrap().to_be_bytes());
    assert_eq!(&unpacked[4..4 + length], group[0].bytes());
}
