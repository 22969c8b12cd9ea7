//! The product files of the shop that this one stands in for. They are not part of the repository.

use std::path::Path;

use crate::scratch::Scratch;

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
