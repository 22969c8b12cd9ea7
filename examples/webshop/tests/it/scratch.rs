//! Folders for one test each, and the program run in them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use webshop::import::Sources;

/// An empty folder, deleted with its content at the end of the test.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("webshop-{test}"));
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        fs::write(self.0.join(file), content).unwrap();
    }

    /// Writes the files of the built-in catalogue; returns the arguments that import them.
    pub(crate) fn write_catalogue(&self) -> Vec<String> {
        let Sources { groups, products, users } = webshop::catalogue::sources();
        let mut arguments = vec!["import".to_owned()];
        for (option, sources) in [("--groups", groups), ("--products", products), ("--users", users)] {
            for source in sources {
                self.write(source.name(), source.bytes());
                arguments.extend([option.to_owned(), source.name().to_owned()]);
            }
        }
        arguments
    }

    /// Runs the program with these arguments, in the folder.
    pub(crate) fn run(&self, arguments: &[impl AsRef<std::ffi::OsStr>]) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    /// The program with these arguments, in the folder.
    pub(crate) fn command(&self, arguments: &[impl AsRef<std::ffi::OsStr>]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_webshop"));
        for variable in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"] {
            command.env_remove(variable);
        }
        command.current_dir(&self.0).args(arguments);
        command
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that stays is found and emptied by the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the program printed and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// The standard output of a run that succeeded.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{self:?}");
        self.stdout
    }

    /// The standard error of a run that failed with exit code 1.
    #[track_caller]
    pub(crate) fn failed(self) -> String {
        assert_eq!(self.code, Some(1), "{self:?}");
        self.stderr
    }
}
