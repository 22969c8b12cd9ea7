//! Folders for one test each, and workers that run on the database in them.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use dynamap_local::Local;
use stream_processor::{TableNames, Tables};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);

/// An empty folder, deleted with its content at the end of the test.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("stream-processor-{test}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn database(&self) -> PathBuf {
        self.0.join("shop.db")
    }

    /// The tables of the database in the folder, which processes share.
    pub(crate) fn tables(&self) -> (Tables, Local) {
        let local = Local::file(self.database()).unwrap();
        (TableNames::default().tables(&local.client()), local)
    }

    /// The program with these arguments, on the database in the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stream-processor"));
        command.arg("--db").arg(self.database()).args(arguments);
        command
    }

    /// Starts a worker.
    pub(crate) fn worker(&self, id: &str) -> Running {
        let settings = ["--lease", "3000", "--poll", "50", "--checkpoint", "10"];
        let mut command = self.command(&["watch", "--worker", id]);
        Running::start(command.args(settings))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that stays is found and emptied by the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A process that runs, and the lines that it prints.
pub(crate) struct Running {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let (output, lines) = (child.stdout.take().unwrap(), Arc::<Mutex<Vec<String>>>::default());
        let own = lines.clone();
        let reader = thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                own.lock().unwrap().push(line.unwrap());
            }
        });
        Self { child, lines, reader: Some(reader) }
    }

    /// The changes that it has told: the sequence number of each, and what was done.
    pub(crate) fn told(&self) -> Vec<(u128, String)> {
        let lines = self.lines.lock().unwrap();
        let told = lines.iter().skip(1).map(|line| {
            let (number, rest) = line.split_once(' ').unwrap();
            (number.parse().unwrap(), rest.split_once(':').unwrap().0.to_owned())
        });
        told.collect()
    }

    /// Kills it without a warning (SIGKILL).
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.reader.take().map(JoinHandle::join);
    }

    /// Ends it by a signal such as `-INT`; true if it says that all is well.
    #[cfg(unix)]
    pub(crate) fn stop(&mut self, signal: &str) -> bool {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let ended = self.child.wait().unwrap();
        self.reader.take().map(JoinHandle::join);
        ended.success()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until `is_so`, which other processes bring about.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
