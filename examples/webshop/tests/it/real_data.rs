//! The product files of the shop that this one stands in for. They are not part of the repository.

use std::path::Path;

use serde_json::json;
use webshop::{
    http::Limits,
    import::{self, Files},
};

use crate::{
    http::service::{Service, assert_refused, credentials},
    scratch::Scratch,
};

/// The variable that names the folder of the files.
const FOLDER: &str = "WEBSHOP_DATA";

#[test]
#[ignore = "needs the product files in WEBSHOP_DATA"]
fn real_products_are_imported_listed_and_shown() {
    let scratch = Scratch::new("real-data");
    let folder = std::env::var(FOLDER).expect("WEBSHOP_DATA names the folder of the product files");
    let file = |name: &str| Path::new(&folder).join(name).display().to_string();
    let shop = |arguments: &[&str]| scratch.run(&[&["--db", "shop.db"], arguments].concat()).succeeded();

    let (groups, users) = (file("product-groups.tsv"), file("users.tsv"));
    let (books, movies) = (file("books.tsv"), file("movies.tsv"));
    let files = ["--groups", &groups, "--products", &books, "--products", &movies, "--users", &users];
    let imported = shop(&[&["import"][..], &files].concat());
    assert!(imported.starts_with("2 product groups, 204 products, 3 users written in "), "{imported}");

    assert_eq!(shop(&["groups"]), "id  name\n 1  Books\n 2  Movies\n2 product groups\n");
    assert!(shop(&["products", "1"]).ends_with("\n35 products\n"));

    let films = shop(&["products", "2"]);
    let lines: Vec<&str> = films.lines().collect();
    assert_eq!((lines.len(), lines[170]), (171, "169 products"));
    let ids: Vec<u32> = lines[1..170].iter().map(|line| line[..3].trim().parse().unwrap()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    assert!(lines[1].contains("Juurakon Hulda") && lines[1].ends_with(" 82.92"), "{}", lines[1]);
    assert!(lines[4].contains("Sunset Blvd.") && lines[4].ends_with("122.30"), "{}", lines[4]);

    let film = shop(&["product", "2", "84"]);
    for line in [
        "Title     The Empire Strikes Back\n",
        "Price     167.68\n",
        "Director  Irvin Kershner\n",
        "Year      1980\n",
    ] {
        assert!(film.contains(line), "{film}");
    }

    assert!(shop(&["login", "kari.karttinen@foo.com", "Kari"]).contains("kari.karttinen@foo.com"));
    let refused = scratch.run(&["--db", "shop.db", "login", "kari.karttinen@foo.com", "kari"]).failed();
    assert_eq!(refused, "error: wrong email address or password\n");
}

/// The test cases of the shop that this one stands in for, over HTTP. There the director was `Leone, Sergio`, which the import
/// turns round.
#[tokio::test]
#[ignore = "needs the product files in WEBSHOP_DATA"]
async fn clients_of_the_original_shop_get_what_they_got_but_for_names_turned_round() {
    let folder = std::env::var(FOLDER).expect("WEBSHOP_DATA names the folder of the product files");
    let file = |name: &str| Path::new(&folder).join(name);
    let files = Files {
        groups: vec![file("product-groups.tsv")],
        products: vec![file("books.tsv"), file("movies.tsv")],
        users: vec![file("users.tsv")],
    };
    let service = Service::of(&import::read(&files).unwrap(), Limits::default()).await;
    assert_eq!(service.count("USER#").await, 3);
    let mut client = service.client().await;
    let kari = |password: &str| credentials("kari.karttinen@foo.com", password);
    assert_refused(&client.post("/login", &kari("WRONG-PASSWORD")).await, 401, "wrong_credentials");
    assert_eq!(service.count("SESSION#").await, 0);
    let login = client.post("/login", &kari("Kari")).await.json();
    assert_eq!((&login["ret"], service.count("SESSION#").await), (&json!("ok"), 1));
    client.client.token = login["json-web-token"].as_str().map(str::to_owned);

    let groups = client.get("/product-groups").await.json();
    assert_eq!(groups, json!({ "ret": "ok", "product-groups": { "1": "Books", "2": "Movies" } }));
    for (group, count) in [("1", 35), ("2", 169), ("3", 0)] {
        let products = client.get(&format!("/products/{group}")).await.json();
        assert_eq!((&products["ret"], &products["pg-id"]), (&json!("ok"), &json!(group)));
        assert_eq!(products["products"].as_array().unwrap().len(), count);
        assert_eq!(products.get("next"), None);
        if group == "2" {
            let found = products["products"].as_array().unwrap().iter().find(|product| product[0] == "49");
            assert_eq!(found, Some(&json!(["49", "2", "Once Upon a Time in the West", "14.4"])));
        }
    }
    let found = client.get("/product/2/49").await.json();
    let product =
        ["49", "2", "Once Upon a Time in the West", "14.4", "Sergio Leone", "1968", "Italy-USA", "Western"];
    assert_eq!(found, json!({ "ret": "ok", "pg-id": "2", "p-id": "49", "product": product }));
    assert_refused(&client.get("/product/2/10000").await, 404, "product_not_found");

    let jamppa = json!({ "first-name": "Jamppa", "last-name": "Jamppanen", "email": "jamppa@foo.com", "password": "Jampp4" });
    assert_eq!(
        client.post("/signin", &jamppa).await.json(),
        json!({ "email": "jamppa@foo.com", "ret": "ok" })
    );
    assert_refused(&client.post("/signin", &jamppa).await, 409, "email_taken");
    assert_eq!(service.count("USER#").await, 4);
}
