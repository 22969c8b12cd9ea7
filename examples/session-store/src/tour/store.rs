use examples_shared::{Failure, tour::unexpected};

use super::guide::{Tour, shown};
use crate::{
    SessionError, create, create_table, load,
    model::{Session, SessionVersion},
    save,
};

/// Visits the table, and the store that it is; returns the id of a session.
pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<String, Failure> {
    table(tour).await?;
    let id = new_session(tour).await?;
    let (session, version) = loaded(tour, &id).await?;
    saved(tour, &id, session, version).await?;
    refused(tour, &id, version).await?;
    Ok(id)
}

async fn table(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "The table",
        "create_table",
        "One item for each session. A table of the original program is used as it is.",
    )?;
    let created = create_table(&tour.sessions).await?;
    let operations = tour.guide.sent_only("CreateTable")?.join(", ");
    let outcome = if created { "created, and active" } else { "it was there already" };
    tour.guide.got(format_args!("{outcome}, by {operations}"))
}

async fn new_session(tour: &mut Tour<'_, '_>) -> Result<String, Failure> {
    tour.guide.stop(
        "Create a session",
        "create",
        "Under an id that is drawn for it, which must be absent: the condition of a transaction of one action.",
    )?;
    let choices: Vec<String> = ["1", "2", "3", "5", "8", "?"].map(Into::into).into();
    let id = create(&tour.sessions, &Session::new(choices)).await?;
    tour.guide.sent()?;
    tour.guide.got(format_args!("session `{id}`"))?;
    Ok(id)
}

async fn loaded(tour: &mut Tour<'_, '_>, id: &str) -> Result<(Session, SessionVersion), Failure> {
    tour.guide.stop(
        "Load a session",
        "load",
        "As it is now, with its version: a strongly consistent read.",
    )?;
    let (session, version) = load(&tour.sessions, id).await?;
    tour.guide.sent()?;
    tour.guide.got(shown(&session)?)?;
    tour.guide.got(format_args!("version {version}"))?;
    match load(&tour.sessions, "nobody").await {
        Err(error @ SessionError::NotFound(_)) => tour.guide.got(format_args!("refused: {error}"))?,
        outcome => return Err(unexpected("a session that is absent", outcome)),
    }
    Ok((session, version))
}

async fn saved(
    tour: &mut Tour<'_, '_>,
    id: &str,
    mut session: Session,
    version: SessionVersion,
) -> Result<(), Failure> {
    tour.guide.stop(
        "Save a session",
        "save",
        "By the version that it was loaded with. Attributes that this program does not know stay as they are.",
    )?;
    session.participants = vec!["Alice".to_owned(), "Bob".to_owned()].into();
    let next = save(&tour.sessions, id, &session, Some(version)).await?;
    tour.guide.sent()?;
    tour.guide.got(format_args!("version {next}"))
}

async fn refused(tour: &mut Tour<'_, '_>, id: &str, version: SessionVersion) -> Result<(), Failure> {
    tour.guide.stop(
        "Save a session, refused",
        "save",
        "By the version of before, which is not the stored one any more; and without a version, as a new session.",
    )?;
    let session = Session::new(Vec::new());
    match save(&tour.sessions, id, &session, Some(version)).await {
        Err(error @ SessionError::VersionMismatch(_)) => tour.guide.got(format_args!("refused: {error}"))?,
        outcome => return Err(unexpected("a version that is passed", outcome)),
    }
    match save(&tour.sessions, id, &session, None).await {
        Err(error @ SessionError::AlreadyExists(_)) => tour.guide.got(format_args!("refused: {error}")),
        outcome => Err(unexpected("a second session with one id", outcome)),
    }
}
