//! One rustc at a time, and what it used.

use super::source::Mapper;
use object::read::archive::ArchiveFile;
use object::{Object, ObjectSection, SectionKind};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime};
use wait4::Wait4;

/// A result with any error: each of them ends the benchmark.
pub(super) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The profile of a compilation.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Profile {
    Release,
    Dev,
}

impl Profile {
    pub(crate) const ALL: [Self; 2] = [Self::Release, Self::Dev];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "dev",
        }
    }

    fn directory(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "debug",
        }
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            Self::Release => &["--release"],
            Self::Dev => &[],
        }
    }
}

/// The cost of the compilation of a crate.
pub(super) struct Cost {
    pub(super) cpu_s: f64,
    pub(super) wall_s: f64,
    pub(super) peak_mb: f64,
    pub(super) text_bytes: u64,
    pub(super) expanded_lines: usize,
}

/// The command with which cargo compiles a crate, whose dependencies are there.
pub(super) struct Compiler {
    directory: PathBuf,
    source: PathBuf,
    library: PathBuf,
    command: String,
}

/// Compiles all dependencies, and empty crates to see the commands.
///
/// All at once: cargo unites the features of what it builds, so that one contender alone could have others.
pub(super) fn compilers(profile: Profile) -> Result<Vec<(Mapper, Compiler)>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let directory = workspace.join("target/derive-cost");
    for contender in Mapper::ALL {
        let package = directory.join("crates").join(contender.package());
        fs::create_dir_all(package.join("src"))?;
        fs::write(package.join("Cargo.toml"), contender.manifest(&workspace.display().to_string()))?;
        // Another text each time, so that cargo compiles it and shows how.
        fs::write(package.join("src/lib.rs"), format!("// {:?}\n", SystemTime::now()))?;
    }
    fs::write(directory.join("Cargo.toml"), WORKSPACE)?;
    fs::copy(workspace.join("Cargo.lock"), directory.join("Cargo.lock"))?;
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "-v"]).args(profile.options()).current_dir(&directory);
    cargo.env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", "target");
    let shown = String::from_utf8(cargo.output()?.stderr)?;
    let compiler = |contender| Ok((contender, Compiler::new(&directory, contender, profile, &shown)?));
    Mapper::ALL.into_iter().map(compiler).collect()
}

impl Compiler {
    /// The command that cargo showed.
    fn new(directory: &Path, contender: Mapper, profile: Profile, shown: &str) -> Result<Self> {
        let name = contender.package().replace('-', "_");
        let is_command = |command: &&str| command.contains(&format!("--crate-name {name} "));
        let mut commands =
            shown.lines().filter_map(|line| line.trim().strip_prefix("Running `")?.strip_suffix('`'));
        let command = commands.find(is_command).ok_or_else(|| format!("no command for {name}:\n{shown}"))?;
        let (_, suffix) = command.split_once("extra-filename=").ok_or("no extra-filename")?;
        let suffix = suffix.split([' ', '\'']).next().unwrap_or_default();
        Ok(Self {
            directory: directory.to_owned(),
            source: directory.join(format!("crates/{}/src/lib.rs", contender.package())),
            library: directory.join(format!("target/{}/deps/lib{name}{suffix}.rlib", profile.directory())),
            command: command.to_owned(),
        })
    }

    /// Compiles `text` as the crate.
    pub(super) fn compile(&self, text: &str) -> Result<Cost> {
        fs::write(&self.source, text)?;
        let expanded = self.rustc(" -Zunpretty=expanded").env("RUSTC_BOOTSTRAP", "1").output()?;
        let expanded_lines = String::from_utf8(expanded.stdout)?.lines().count();
        let start = Instant::now();
        let used = self.rustc("").stdout(Stdio::null()).stderr(Stdio::null()).spawn()?.wait4()?;
        let wall_s = start.elapsed().as_secs_f64();
        if !used.status.success() {
            let output = self.rustc("").output()?;
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(Cost {
            cpu_s: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
            wall_s,
            peak_mb: used.rusage.maxrss as f64 / 1e6,
            text_bytes: text_bytes(&self.library)?,
            expanded_lines,
        })
    }

    fn rustc(&self, more: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("exec {}{more}", self.command)]).current_dir(&self.directory);
        shell
    }
}

/// The machine code of all objects of a library.
fn text_bytes(library: &Path) -> Result<u64> {
    let data = fs::read(library)?;
    let archive = ArchiveFile::parse(&*data)?;
    let mut bytes = 0;
    for member in archive.members() {
        // The metadata is a member too, and no object with code.
        let Ok(object) = object::File::parse(member?.data(&*data)?) else { continue };
        let text = object.sections().filter(|section| section.kind() == SectionKind::Text);
        bytes += text.map(|section| section.size()).sum::<u64>();
    }
    Ok(bytes)
}

const WORKSPACE: &str = r#"[workspace]
resolver = "3"
members = ["crates/*"]

[profile.dev.package."*"]
opt-level = 0
debug = false
"#;
