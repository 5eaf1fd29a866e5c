//! A sealed vault cut, changed and put together otherwise; a disk that is full.

use super::*;
use crate::seal::{SealError, seal};

fn header(recipient: Recipient) -> SealedHeader {
    SealedHeader { made_at: 7, head: 9, seal: Some(Seal::new([3; 32])), recipient }
}

fn sealed_with(header: &SealedHeader, plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    seal(header, plain, &mut out).unwrap();
    out
}

fn sealed(key: &VaultKey, plain: &[u8]) -> Vec<u8> {
    sealed_with(&header(key.recipient()), plain)
}

/// What does not compress.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    };
    (0..length).map(next).collect()
}

fn opened(key: &VaultKey, file: &[u8], most: u64) -> Result<Vec<u8>, SealedFault> {
    let data = tempfile::tempdir().unwrap();
    let path = data.path().join("sealed");
    std::fs::write(&path, file).unwrap();
    let header = unseal_up_to(&path, key, data.path(), most)?;
    assert_eq!((header.made_at, header.head), (7, 9));
    Ok(std::fs::read(data.path().join("vault/vault.sqlite")).unwrap())
}

#[test]
fn what_is_sealed_opens_with_its_key_alone_whatever_its_length() {
    let key = VaultKey::generate().unwrap();
    for length in [0, 1, 1000, PIECE - 1, PIECE, PIECE * 3 + 17] {
        let plain = noise(length);
        let file = sealed(&key, &plain);
        assert_eq!(opened(&key, &file, VAULT_BYTES_MAX).unwrap(), plain, "{length}");
    }
    let other = VaultKey::generate().unwrap();
    let file = sealed(&key, b"a name");
    let refused = opened(&other, &file, VAULT_BYTES_MAX).unwrap_err();
    assert!(matches!(refused, SealedFault::OtherKey(it) if it == key.recipient()));
}

/// What an earlier release sealed: the key, and the file.
const EARLIER: [&str; 2] = [
    "lovebank-key-d877c0f6d0786b5be411b77c17e604abf07afbf7df86f0af5d2c8b1380f37963-1c778ec5",
    "6c6f766562616e6b2d7365616c65642d7661756c742d310a00000000000000070000000000000009ad8db7df184937\
     f4dcde419ff04e52582604bfedfde09bcfc119cdf2771d0623626ceb3582a6d62a6acc11b5fbb2629c846166ca3562\
     20d8a038647b3b75ff4b010000003ab6b51f8669b9abb79da323c8696d66ee9b6a9e2d10460272d77c24a1e56d16ad\
     723d900c3322fcdda108ee9e612a098a5390ba34d8e4ff3100197d67941f55cf9c53ea043100639e48abd428cf7b6b\
     b8b13f4cac1b8a82b6dfe86c6f766562616e6b2d656e640a",
];

#[test]
fn what_an_earlier_release_sealed_opens_and_tells_no_seal_of_its_journal() {
    let [key, file] = EARLIER;
    let key: VaultKey = key.parse().unwrap();
    let digits: Vec<_> = file.bytes().map(|it| char::from(it).to_digit(16).unwrap()).collect();
    let file: Vec<u8> =
        digits.chunks(2).map(|it| u8::try_from(it[0] * 16 + it[1]).unwrap()).collect();
    let plain = b"a vault of an earlier release";
    assert_eq!(opened(&key, &file, VAULT_BYTES_MAX).unwrap(), plain);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sealed");
    std::fs::write(&path, &file).unwrap();
    assert_eq!(
        check_sealed(&path).unwrap(),
        SealedHeader { seal: None, ..header(key.recipient()) }
    );
    // Nor is one taken for the other.
    let mut changed = sealed(&key, plain);
    changed[22] = b'1';
    opened(&key, &changed, VAULT_BYTES_MAX).unwrap_err();
}

#[test]
fn every_flip_and_every_cut_is_found() {
    let key = VaultKey::generate().unwrap();
    let file = sealed(&key, &noise(PIECE * 2));
    for at in (0..200).chain(file.len() - 200..file.len()).chain([70_000, 100_000]) {
        let mut changed = file.clone();
        changed[at] ^= 1;
        opened(&key, &changed, VAULT_BYTES_MAX).unwrap_err();
        opened(&key, &file[..at], VAULT_BYTES_MAX).unwrap_err();
    }
    let longer = [file.as_slice(), b"x"].concat();
    let refused = opened(&key, &longer, VAULT_BYTES_MAX).unwrap_err();
    assert!(matches!(refused, SealedFault::More));
}

#[test]
fn a_vault_that_unpacks_without_end_is_cut_off() {
    let key = VaultKey::generate().unwrap();
    let bomb = sealed(&key, &vec![0; 10_000_000]);
    assert!(bomb.len() < 2_000);
    let refused = opened(&key, &bomb, 1_000_000).unwrap_err();
    assert!(matches!(refused, SealedFault::TooLarge(1_000_000)), "{refused:?}");
    assert_eq!(opened(&key, &bomb, 10_000_000).unwrap().len(), 10_000_000);
}

#[test]
fn a_disk_that_is_full_is_told_as_that() {
    struct Full(io::ErrorKind);
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let key = VaultKey::generate().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sealed");
    std::fs::write(&path, sealed(&key, &noise(PIECE * 2))).unwrap();
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
        let out = Bounded::new(Full(kind), VAULT_BYTES_MAX);
        let Err(refused) = unpack((&path, &key), out, Path::new("data")) else {
            panic!("nothing was written");
        };
        let is_told = matches!(&refused, SealedFault::Into { source, .. } if source.kind() == kind);
        assert!(is_told, "{refused:?}");
        assert!(refused.chinese().starts_with("无法写入 data："), "{}", refused.chinese());
    }
}

#[test]
fn whoever_stops_listening_stops_the_sealing() {
    struct Gone;
    impl io::Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let recipient = VaultKey::generate().unwrap().recipient();
    let stopped = seal(&header(recipient), &*noise(PIECE * 2), Gone).unwrap_err();
    assert!(matches!(stopped, SealError::Io(_)));
}
