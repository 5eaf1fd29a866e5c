//! The layers, the bounds, and the files that explain them.

use std::{ffi::OsString, path::Path};

use super::{layers, *};

fn load(args: &[&str], env: &[(&str, &str)]) -> Result<Config, Instead> {
    let args = std::iter::once("lovebank").chain(args.iter().copied()).map(OsString::from);
    let env: Vec<_> = env.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    layers::load(args.collect(), &|asked| {
        env.iter().find(|(name, _)| *name == asked).map(|(_, value)| value.into())
    })
}

fn fault(args: &[&str], env: &[(&str, &str)]) -> String {
    match load(args, env) {
        Err(Instead::Faulty(problem)) => problem.to_string(),
        other => panic!("{args:?} {env:?} gave {other:?}"),
    }
}

fn file(text: &str) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bank.toml");
    std::fs::write(&path, text).unwrap();
    let flag = format!("--config={}", path.display());
    (directory, flag)
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
    let (_directory, config) = file("queue_max = 1\ngroup_max = 2\nstreams_max = 3\n");
    let env = [("LOVEBANK_QUEUE_MAX", "11"), ("LOVEBANK_GROUP_MAX", "12")];
    let loaded = load(&[&config, "--queue-max", "21"], &env).unwrap();
    assert_eq!((loaded.queue_max, loaded.group_max), (21, 12));
    assert_eq!((loaded.streams_max, loaded.watchers_max), (3, 1000));
}

#[test]
fn the_environment_can_name_the_file() {
    let (_directory, config) =
        file("zone = \"Asia/Urumqi\"\ngrpc_web_origins = [\"https://a.cn\"]\n");
    let path = config.strip_prefix("--config=").unwrap();
    let loaded = load(&[], &[("LOVEBANK_CONFIG", path)]).unwrap();
    assert_eq!((loaded.zone.as_str(), loaded.grpc_web_origins.len()), ("Asia/Urumqi", 1));
}

#[test]
fn a_list_is_replaced_not_added_to() {
    let (_directory, config) = file("grpc_web_origins = [\"https://a.cn\", \"https://b.cn\"]\n");
    assert_eq!(load(&[&config], &[]).unwrap().grpc_web_origins, ["https://a.cn", "https://b.cn"]);
    let loaded = load(&[&config], &[("LOVEBANK_GRPC_WEB_ORIGINS", "https://c.cn,http://d:80")]);
    assert_eq!(loaded.unwrap().grpc_web_origins, ["https://c.cn", "http://d:80"]);
}

#[test]
fn numbers_hold_at_their_bounds_and_not_past_them() {
    let bounds = [
        ("queue-max", 1_u32, 65_536_u32),
        ("group-max", 1, 4096),
        ("request-bytes-max", 65_536, 67_108_864),
        ("request-timeout-s", 1, 3600),
        ("streams-max", 1, 4096),
        ("watchers-max", 0, 100_000),
        ("cache-mib", 8, 65_536),
        ("shutdown-grace-s", 0, 600),
    ];
    for (name, least, most) in bounds {
        for value in [least, most] {
            load(&[&format!("--{name}={value}")], &[]).unwrap();
        }
        for value in [i64::from(least) - 1, i64::from(most) + 1] {
            let told = fault(&[&format!("--{name}={value}")], &[]);
            let mend = format!("use a whole number from {least} to {most}");
            assert!(told.contains(&mend) && told.contains("the command line"), "{told}");
        }
    }
    let told = fault(&["--queue-max=many"], &[]);
    assert!(told.starts_with("queue_max = \"many\""), "{told}");
}

#[test]
fn a_fault_names_setting_value_origin_and_mend() {
    let told = fault(&[], &[("LOVEBANK_CACHE_MIB", "7")]);
    let expected = "cache_mib = \"7\", from the environment (LOVEBANK_CACHE_MIB): \
                    use a whole number from 8 to 65536";
    assert_eq!(told, expected);
    let (_directory, config) = file("log_format = \"xml\"\n");
    let told = fault(&[&config], &[]);
    assert!(told.contains("log_format = \"xml\", from the file "), "{told}");
    assert!(told.ends_with("bank.toml: use text or json"), "{told}");
}

#[test]
fn the_secret_half_of_a_key_is_not_repeated() {
    let secret = "lovebank-key-0123456789abcdef-00000000";
    let (_directory, config) = file(&format!("vault_recipient = \"{secret}\"\n"));
    for told in [
        fault(&[&format!("--vault-recipient={secret}")], &[]),
        fault(&[], &[("LOVEBANK_VAULT_RECIPIENT", secret)]),
        fault(&[&config], &[]),
    ] {
        assert!(told.starts_with("vault_recipient = ") && !told.contains("0123456789"), "{told}");
    }
}

#[test]
fn a_file_says_only_settings() {
    for (text, told) in [
        ("queu_max = 1\n", "\"queu_max\" in the file "),
        ("config = \"other.toml\"\n", "\"config\" in the file "),
        ("queue_max 1\n", "is not TOML: "),
        ("queue_max = 1.5\n", "use a text in quotes, a whole number, true or false"),
        ("data = [\"a\"]\n", "use a text in quotes, a whole number, true or false"),
        ("grpc_web_origins = [1]\n", "use texts in brackets"),
    ] {
        let (_directory, config) = file(text);
        let fault = fault(&[&config], &[]);
        assert!(fault.contains(told), "{text:?} told {fault}");
    }
    assert!(fault(&["--config=/nowhere/bank.toml"], &[]).contains("cannot be read"));
}

#[test]
fn values_that_mean_nothing_are_refused() {
    for (flag, mend) in [
        ("--zone=Asia/Atlantis", "the name of an IANA time zone"),
        ("--bank-name=", "printable characters (it is empty)"),
        ("--listen=localhost:50051", "an IP address and a port"),
        ("--metrics-listen=on", ", or off"),
        ("--allow-insecure=maybe", "use true or false"),
        ("--vault-recipient=me", "the public key that `lovebank-admin backup key` shows"),
        ("--log=lovebank=loud", "use off, error, warn"),
        ("--log=", "(it is empty)"),
        ("--data=", "a value is needed"),
        ("--grpc-web-origins=desk.example.org", "use a scheme and a host"),
        ("--grpc-web-origins=https://", "use a scheme and a host"),
        ("--grpc-web-origins=https://a.cn/path", "use a scheme and a host"),
    ] {
        let told = fault(&[flag], &[]);
        assert!(told.contains(mend), "{flag} told {told}");
    }
    let longest = format!("--bank-name={}", "福".repeat(64));
    assert_eq!(load(&[&longest], &[]).unwrap().bank_name.chars().count(), 64);
    fault(&[&format!("{longest}福")], &[]);
}

#[test]
fn other_machines_need_tls_or_a_word() {
    for address in ["0.0.0.0:50051", "[::]:50051", "192.168.1.2:50051"] {
        let listen = format!("--listen={address}");
        let told = fault(&[&listen], &[]);
        assert!(told.contains(address) && told.contains("allow_insecure = true"), "{told}");
        load(&[&listen, "--allow-insecure"], &[]).unwrap();
        load(&[&listen, "--allow-insecure=true"], &[]).unwrap();
        fault(&[&listen, "--allow-insecure=false"], &[]);
        let tls = load(&[&listen, "--tls-cert=c.pem", "--tls-key=k.pem"], &[]).unwrap();
        assert_eq!(tls.tls(), Some((Path::new("c.pem"), Path::new("k.pem"))));
    }
    for address in ["127.0.0.1:0", "127.1.2.3:50051", "[::1]:50051"] {
        load(&[&format!("--listen={address}")], &[]).unwrap();
    }
    assert!(fault(&["--tls-cert=c.pem"], &[]).contains("tls_key is missing"));
    assert!(fault(&["--tls-key=k.pem"], &[]).contains("tls_cert is missing"));
}

#[test]
fn addresses_and_directories_differ() {
    let told = fault(&["--metrics-listen=127.0.0.1:50051"], &[]);
    assert!(told.starts_with("metrics_listen = "), "{told}");
    load(&["--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"], &[]).unwrap();
    assert_eq!(load(&["--metrics-listen=off"], &[]).unwrap().metrics_listen, None);
    assert!(fault(&["--data=/a", "--mirror=/a"], &[]).contains("a second one"));
    for within in ["/a/witness", "/a/b/witness", "/m/witness"] {
        let witness = format!("--witness-file={within}");
        let told = fault(&["--data=/a", "--mirror=/m", &witness], &[]);
        assert!(told.contains("put it elsewhere"), "{told}");
    }
    fault(&["--data=a", "--witness-file=./a/witness"], &[]);
    load(&["--data=/a", "--mirror=/m", "--witness-file=/ab/witness"], &[]).unwrap();
}

#[test]
fn no_way_leads_the_witness_into_data_or_mirror() {
    use std::os::unix::fs::symlink;

    let directory = tempfile::tempdir().unwrap();
    let path = |it: &str| directory.path().join(it);
    std::fs::create_dir_all(path("data/inner")).unwrap();
    std::fs::create_dir(path("out")).unwrap();
    std::fs::write(path("data/there"), "").unwrap();
    std::fs::write(path("out/there"), "").unwrap();
    symlink(path("data"), path("link")).unwrap();
    symlink(path("data/there"), path("out/to_a_file")).unwrap();
    symlink(path("out/there"), path("data/out_again")).unwrap();
    symlink(path("out"), path("data/away")).unwrap();
    let given = |data: &str, witness: &str| {
        let (data, witness) = (path(data), path(witness));
        let args = [
            format!("--data={}", data.display()),
            format!("--mirror={}", path("m").display()),
            format!("--witness-file={}", witness.display()),
        ];
        load(&args.iter().map(String::as_str).collect::<Vec<_>>(), &[])
    };
    for within in [
        "out/../data/witness",
        "link/witness",
        "link/inner/../witness",
        "none/../data/witness",
        "out/to_a_file",
        // It would be replaced where it is.
        "data/out_again",
        "data/away/witness",
        "m/witness",
        "none/../m/witness",
    ] {
        given("data", within).unwrap_err();
    }
    given("link", "data/witness").unwrap_err();
    // Data is made at the first start only.
    symlink(path("later"), path("early")).unwrap();
    given("later", "early/witness").unwrap_err();
    symlink(path("round"), path("round")).unwrap();
    given("data", "round/witness").unwrap();
    given("out/../data", "data/witness").unwrap_err();
    for elsewhere in ["out/witness", "none/../out/witness", "none/witness", "data/../out/witness"] {
        given("data", elsewhere).unwrap();
    }
}

#[test]
fn the_mirror_follows_the_data_directory() {
    let mirror = |args: &[&str]| load(args, &[]).unwrap().mirror;
    assert_eq!(mirror(&["--data=/a"]), Some("/a/mirror".into()));
    assert_eq!(mirror(&["--data=/a", "--mirror=/b"]), Some("/b".into()));
    assert_eq!(mirror(&["--mirror=off"]), None);
    assert_eq!(Config::in_directory("/a").mirror, Some("/a/mirror".into()));
}

#[test]
fn what_is_shown_loads_to_the_same() {
    let args = ["--data=/a b", "--listen=[::1]:1", "--mirror=off", "--bank-name=12"];
    let env = [("LOVEBANK_GRPC_WEB_ORIGINS", "https://a.cn,https://b.cn")];
    let Err(Instead::Shown(text)) = load(&[&args[..], &["--print-config"]].concat(), &env) else {
        panic!("not shown")
    };
    assert!(text.contains("cache_mib = 64  # the default\n"), "{text}");
    assert!(text.contains("# the environment (LOVEBANK_GRPC_WEB_ORIGINS)\n"), "{text}");
    let (_directory, config) = file(&text);
    assert_eq!(load(&[&config], &[]).unwrap(), load(&args, &env).unwrap());
}

#[test]
fn the_deployed_file_says_the_defaults() {
    let path = repository("deploy/lovebank.toml");
    assert_eq!(layers::of_file(&path).unwrap(), Config::default());
}

#[test]
fn every_setting_is_explained_everywhere() {
    let deployed = std::fs::read_to_string(repository("deploy/lovebank.toml")).unwrap();
    let readme = std::fs::read_to_string(repository("deploy/README.md")).unwrap();
    let mut command = layers::command();
    let help = command.render_help().to_string();
    for setting in layers::settings(&command) {
        let line = format!("{setting} =");
        let said = deployed.lines().any(|it| it.trim_start_matches("# ").starts_with(&line));
        assert!(said, "{setting} in deploy/lovebank.toml");
        assert!(readme.contains(&format!("| `{setting}` |")), "{setting} in deploy/README.md");
        let env = format!("[env: LOVEBANK_{}]", setting.to_uppercase());
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(help.contains(&env), "{env} in {help}");
    }
}

#[test]
fn what_is_no_setting_is_left_to_the_usage() {
    for flag in ["--queu-max=1", "--help", "--version", "word"] {
        assert!(matches!(load(&[flag], &[]), Err(Instead::Usage(_))), "{flag}");
    }
}
