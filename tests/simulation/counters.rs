//! A counter and a list, which are changed without being read: as transactions of one action.

use super::{
    history::Told,
    world::{Desk, World},
};
use dynamap::Entity;
use std::rc::Rc;

const CLIENTS: u32 = 3;
const ACTIONS: u32 = 5;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "COUNTER")]
struct Counter {
    count: u64,
    log: Vec<String>,
}

pub(super) async fn run(world: &Rc<World>) {
    world.quiet.create(&Counter { count: 0, log: Vec::new() }).send().await.unwrap();
    world
        .clients(CLIENTS, |world, client| async move {
            for action in 0..ACTIONS {
                world.think().await;
                let mark = format!("{client}-{action}");
                let update = world.desk.update(Counter::key()).apply(Counter::COUNT.add(1_u64));
                let update = update.apply(Counter::LOG.append([mark.clone()])).transactional();
                world.write(client, "count", &mark, update.send()).await;
            }
        })
        .await;
    let counter = world.quiet.get(Counter::key()).consistent_read().send().await.unwrap().unwrap();
    world.check_marks(|mark| counter.log.iter().filter(|known| *known == mark).count());
    let told = |wanted: Told| world.writes().iter().filter(|write| write.told == wanted).count() as u64;
    let (least, open) = (told(Told::Applied), told(Told::Unknown) + told(Told::Dropped));
    if !(least..=least + open).contains(&counter.count) || counter.count != counter.log.len() as u64 {
        world.violated(format!("{} counted, {least} told, {open} open", counter.count));
    }
}
