use dynamap::Table;
use examples_shared::{
    Failure,
    output::Output,
    profile::{Profile, Purpose},
    stop_signal,
};
use tokio::net::TcpListener;

use super::{Cli, Command, ServeArguments};
use crate::{
    PROGRAM, SessionError, create_table,
    http::{self, Stopped},
    load,
    model::{Session, SessionVersion, Sessions},
    service::Poker,
};

/// Runs a command.
pub(super) async fn run(command: &Command, cli: &Cli, out: &mut Output<'_>) -> Result<(), Failure> {
    let profile = cli.profile.profile();
    if profile == Profile::Memory && !matches!(command, Command::Serve(_)) {
        return Err("nothing is kept in memory; say where the table is, such as --db sessions.db".into());
    }
    let purpose = if matches!(command, Command::Show { .. }) { Purpose::Use } else { Purpose::Fill };
    let sessions = Table::new(profile.connect(purpose, PROGRAM).await?.client, &*cli.table);
    match command {
        Command::CreateTable => {
            let created = create_table(&sessions).await?;
            Ok(out.line(if created { "created" } else { "it was there already" })?)
        }
        Command::Serve(arguments) => serve(sessions, arguments, out).await,
        Command::Show { id } => {
            let loaded = load(&sessions, id).await.map_err(|error| explained(error, &cli.table))?;
            show(&loaded, out)
        }
    }
}

async fn serve(
    sessions: Table<Sessions>,
    arguments: &ServeArguments,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    create_table(&sessions).await?;
    let listener = TcpListener::bind((arguments.host, arguments.port)).await?;
    // Before anything is said, so that a signal from then on ends it gracefully.
    let stop = stop_signal()?;
    out.line(format_args!("listening on http://{}", listener.local_addr()?))?;
    out.to.flush()?;
    match http::serve(listener, Poker::new(sessions), stop).await? {
        Stopped::Drained => Ok(out.line("stopped")?),
        Stopped::Cut => Err("stopped before all requests were answered".into()),
    }
}

fn show((session, version): &(Session, SessionVersion), out: &mut Output<'_>) -> Result<(), Failure> {
    out.line(format_args!("version {version}"))?;
    Ok(out.line(serde_json::to_string(session)?)?)
}

/// Names the command that creates the table, if it is absent.
fn explained(error: SessionError, table: &str) -> Failure {
    let explained = match &error {
        SessionError::Table(error) => PROGRAM.absent_table(error, table),
        _ => None,
    };
    explained.unwrap_or_else(|| error.into())
}
