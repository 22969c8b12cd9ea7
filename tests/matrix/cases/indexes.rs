use crate::matrix::{
    case::{CaseFailure, cases, equal, eventually},
    context::Context,
    model::{Branch, Branches, ByStatus, Order, OrderNote, Shop, Status, order},
};
use dynamap::batch::Fetched;

cases!("indexes":
    an_index_has_the_items_with_its_keys,
    an_update_moves_an_item_in_the_index,
    a_sparse_index_loses_an_item,
    an_index_is_read_in_ranges_and_pages,
    equal_keys_of_an_index_are_all_read,
    an_index_of_some_attributes_gives_a_projection,
    a_local_index_is_read_consistently,
    an_index_of_keys_leads_to_the_items,
    an_index_is_scanned,
    keys_of_several_attributes_are_read [MultiAttributeKeys],
    keys_of_several_attributes_are_paged [MultiAttributeKeys],
);

async fn stocked(context: &Context, count: u32) -> Result<(), CaseFailure> {
    let of = |number| Order {
        status: Some(if number % 2 == 0 { Status::Open } else { Status::Shipped }),
        day: Some(number / 3),
        note: Some(format!("note {number}")),
        ..order(&context.shop, number)
    };
    context.table.repository::<Order>().batch_write().put_all((1..=count).map(of)).send().await?;
    Ok(())
}

fn numbers(orders: Vec<Order>) -> Vec<u32> {
    orders.iter().map(|order| order.number).collect()
}

/// The numbers of the orders with this status, once they are those.
async fn of_status(
    context: &Context,
    step: &str,
    status: Status,
    expected: &[u32],
) -> Result<(), CaseFailure> {
    let read = || {
        let query = context.table.query(Order::by_status(&context.shop, status));
        async { Ok(numbers(query.try_collect().await?)) }
    };
    eventually(step, expected.to_vec(), read).await
}

async fn an_index_has_the_items_with_its_keys(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 6).await?;
    of_status(&context, "open", Status::Open, &[2, 4, 6]).await?;
    of_status(&context, "shipped", Status::Shipped, &[1, 3, 5]).await?;
    context.table.delete(Order::key(&context.shop, 3)).await?;
    of_status(&context, "deleted", Status::Shipped, &[1, 5]).await
}

async fn an_update_moves_an_item_in_the_index(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 4).await?;
    context.table.update(Order::key(&context.shop, 2)).apply(Order::STATUS.set(Status::Shipped)).await?;
    of_status(&context, "from", Status::Open, &[4]).await?;
    of_status(&context, "to", Status::Shipped, &[1, 2, 3]).await
}

async fn a_sparse_index_loses_an_item(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 4).await?;
    context.table.update(Order::key(&context.shop, 2)).apply(Order::STATUS.remove()).await?;
    of_status(&context, "removed", Status::Open, &[4]).await?;
    context.table.put(&Order { status: None, ..order(&context.shop, 4) }).await?;
    of_status(&context, "put", Status::Open, &[]).await?;
    context.table.save(&Order { status: None, ..order(&context.shop, 1) }).await?;
    of_status(&context, "saved", Status::Shipped, &[3]).await
}

async fn an_index_is_read_in_ranges_and_pages(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 20).await?;
    of_status(&context, "all", Status::Open, &[2, 4, 6, 8, 10, 12, 14, 16, 18, 20]).await?;
    let open = || context.table.query(Order::by_status(&context.shop, Status::Open).number(5..));
    equal("range", numbers(open().try_collect().await?), [6, 8, 10, 12, 14, 16, 18, 20])?;
    let first = open().descending().limit(3).send().await?;
    equal("first page", numbers(first.items), [20, 18, 16])?;
    let second = open().descending().limit(3).start_after(first.cursor).send().await?;
    equal("second page", numbers(second.items), [14, 12, 10])?;
    equal("number", open().count().await?, 8)
}

async fn equal_keys_of_an_index_are_all_read(context: Context) -> Result<(), CaseFailure> {
    let of = |number| Order { day: Some(7), note: None, ..order(&context.shop, number) };
    context.table.repository::<Order>().batch_write().put_all((1..=9).map(of)).send().await?;
    let read = || {
        let query = context.table.query(Order::by_day(&context.shop).day(7)).project::<OrderNote>();
        async {
            let mut found: Vec<u32> =
                query.page_size(2).try_collect().await?.iter().map(|note| note.number).collect();
            found.sort_unstable();
            Ok(found)
        }
    };
    eventually("pages of two", (1..=9).collect(), read).await
}

async fn an_index_of_some_attributes_gives_a_projection(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 6).await?;
    let read =
        || context.table.query(Order::by_day(&context.shop).day(1..2)).project::<OrderNote>().try_collect();
    let expected = (3..=5).map(|number| OrderNote { number, note: Some(format!("note {number}")) }).collect();
    let sorted = || async {
        let mut notes = read().await?;
        notes.sort_by_key(|note| note.number);
        Ok(notes)
    };
    eventually("notes", expected, sorted).await
}

async fn a_local_index_is_read_consistently(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 9).await?;
    context.table.update(Order::key(&context.shop, 2)).apply(Order::TOTAL.set(85_u64)).await?;
    let large = context.table.query(Order::by_total(&context.shop).total(70..)).keys().consistent_read();
    let expected = [7, 8, 2, 9].map(|number| Order::key(&context.shop, number));
    equal("keys", &large.try_collect().await?[..], &expected[..])
}

async fn an_index_of_keys_leads_to_the_items(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 9).await?;
    let large = context.table.query(Order::by_total(&context.shop).total(70..)).hydrate().consistent_read();
    let found: Vec<Order> = large.try_collect().await?.into_iter().filter_map(Fetched::found).collect();
    equal("orders", numbers(found), [7, 8, 9])
}

async fn an_index_is_scanned(context: Context) -> Result<(), CaseFailure> {
    let table = context.own_table::<Shop>().await?;
    let of =
        |number: u32| Order { status: (number > 3).then_some(Status::Open), ..order(&context.shop, number) };
    table.repository::<Order>().batch_write().put_all((1..=6).map(of)).send().await?;
    let read = || {
        let scan = table.scan::<Order>().index::<ByStatus>();
        async {
            let mut found = numbers(scan.try_collect().await?);
            found.sort_unstable();
            Ok(found)
        }
    };
    eventually("scan", vec![4, 5, 6], read).await
}

/// Six branches in one city, and one elsewhere.
async fn branches(context: &Context) -> Result<dynamap::Table<Branches>, CaseFailure> {
    let table = context.own_table::<Branches>().await?;
    let mut id = 0;
    for (city, street) in
        [("Helsinki", "Aleksanterinkatu"), ("Helsinki", "Esplanadi"), ("Turku", "Esplanadi")]
    {
        for house in [2, 10, 100] {
            id += 1;
            let (country, city, street) = ("Finland".into(), city.into(), street.into());
            table.create(&Branch { id, country, city, street, house }).await?;
        }
    }
    Ok(table)
}

fn ids(branches: Vec<Branch>) -> Vec<u32> {
    branches.iter().map(|branch| branch.id).collect()
}

async fn keys_of_several_attributes_are_read(context: Context) -> Result<(), CaseFailure> {
    let table = branches(&context).await?;
    let helsinki = || Branch::by_place("Finland", "Helsinki");
    let read = || {
        let query = table.query(helsinki());
        async { Ok(ids(query.try_collect().await?)) }
    };
    eventually("city", vec![1, 2, 3, 4, 5, 6], read).await?;
    let street = || helsinki().street("Esplanadi");
    equal("street", ids(table.query(street()).try_collect().await?), [4, 5, 6])?;
    equal("houses", ids(table.query(street().house(3..)).try_collect().await?), [5, 6])?;
    table.update(Branch::key(5)).apply(Branch::CITY.set("Turku")).await?;
    eventually("moved", vec![1, 2, 3, 4, 6], read).await
}

async fn keys_of_several_attributes_are_paged(context: Context) -> Result<(), CaseFailure> {
    let table = branches(&context).await?;
    let read = || {
        let query = table.query(Branch::by_place("Finland", "Helsinki")).descending().page_size(2);
        async { Ok(ids(query.try_collect().await?)) }
    };
    eventually("pages of two", vec![6, 5, 4, 3, 2, 1], read).await
}
