//! Compiles the public API; needs no `protoc`.

use std::{error::Error, fs, path::PathBuf};

const PROTO: &str = "../../proto";
const SERVICES: [&str; 13] = [
    "access",
    "backup",
    "branch",
    "help",
    "hours",
    "journal",
    "merge",
    "passbook",
    "recognition",
    "redemption",
    "rulebook",
    "transfer",
    "volunteer",
];

fn main() -> Result<(), Box<dyn Error>> {
    for folder in ["google", "lovebank/v1"] {
        println!("cargo:rerun-if-changed={PROTO}/{folder}");
    }
    let files = SERVICES.map(|it| format!("lovebank/v1/{it}.proto"));
    let mut compiler = protox::Compiler::new([PROTO])?;
    compiler.include_source_info(true).include_imports(true).open_files(files)?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join("lovebank.fds"), compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure().compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
