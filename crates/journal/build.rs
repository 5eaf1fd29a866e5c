//! Compiles the stored form of an entry; needs no `protoc`.

use std::{error::Error, fs, path::PathBuf};

const PROTO: &str = "../../proto";
const ENTRY: &str = "lovebank/journal/v1/entry.proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={PROTO}/lovebank/journal");
    let mut compiler = protox::Compiler::new([PROTO])?;
    compiler.include_source_info(true).include_imports(true).open_files([ENTRY])?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join("journal.fds"), compiler.encode_file_descriptor_set())?;
    prost_build::Config::new().compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
