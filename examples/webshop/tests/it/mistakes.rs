//! Files with mistakes: each is reported with its file, line and reason, and none hides another.

use webshop::import::{Catalogue, Files, Mistakes, Source, Sources, parse, read};

const GROUPS: &str = "1\tBooks\n2\tMovies\n";
const BOOK: &str = "7\t1\tMoby Duck\t9.50\tH. Drake\t1851\tIceland\tEnglish\n";
const USER: &str = "1\tada@example.com\tAda\tAalto\t-12\n";

fn sources(groups: &[u8], products: &[u8], users: &[u8]) -> Sources {
    Sources {
        groups: vec![Source::new("g.tsv", groups)],
        products: vec![Source::new("p.tsv", products)],
        users: vec![Source::new("u.tsv", users)],
    }
}

fn parsed(groups: &str, products: &str, users: &str) -> Result<Catalogue, Mistakes> {
    parse(&sources(groups.as_bytes(), products.as_bytes(), users.as_bytes()), Mistakes::default())
}

#[track_caller]
fn reports(outcome: Result<Catalogue, Mistakes>, expected: &[&str]) {
    let mistakes = outcome.expect_err("no mistake found");
    let found: Vec<String> = mistakes.as_slice().iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn product_reports(line: &str, expected: &[&str]) {
    reports(parsed(GROUPS, line, USER), expected);
}

#[test]
fn right_files_have_none() {
    let catalogue = parsed(GROUPS, BOOK, USER).unwrap();
    assert_eq!(catalogue.len(), 4);
    assert_eq!(catalogue.products[0].price.to_string(), "9.50");
}

#[test]
fn wrong_column_count() {
    product_reports(
        "7\t1\tMoby Duck\t9.50\n",
        &[
            "p.tsv:1: 4 columns instead of 8: product id, group id, title, price, author or director, year, country, language or genre",
        ],
    );
    reports(parsed("1\n2\tMovies\n", "", ""), &["g.tsv:1: 1 column instead of 2: group id, name"]);
    reports(
        parsed(GROUPS, "", &USER.replace("-12", "-12\textra")),
        &["u.tsv:1: 6 columns instead of 5: user id, email, first name, last name, hashed password"],
    );
}

#[test]
fn bad_price() {
    for price in ["12,50", "-1", "+1", "1.234", "1_0", ".5", "5.", "1e3", "free", "NaN"] {
        let expected =
            format!("p.tsv:1: price \"{price}\": expected digits with at most two decimals, such as 167.68");
        product_reports(&BOOK.replace("9.50", price), &[&expected]);
    }
}

#[test]
fn bad_number() {
    product_reports(
        &BOOK.replace("7\t", "seven\t"),
        &["p.tsv:1: product id \"seven\": expected a whole number from 0 to 4294967295"],
    );
    product_reports(
        &BOOK.replace("1851", "MDCCC"),
        &["p.tsv:1: year \"MDCCC\": expected a whole number from 0 to 65535, or nothing"],
    );
    reports(
        parsed("4294967296\tBooks\n", "", ""),
        &["g.tsv:1: group id \"4294967296\": expected a whole number from 0 to 4294967295"],
    );
}

#[test]
fn a_hashed_password_is_not_repeated() {
    reports(
        parsed(GROUPS, "", &USER.replace("-12", "secret")),
        &["u.tsv:1: hashed password: expected a whole number from -2147483648 to 2147483647"],
    );
}

#[test]
fn bad_email() {
    for email in ["ada", "@example.com", "ada@", "a@b@c", "a da@example.com"] {
        let expected = format!("u.tsv:1: email \"{email}\": expected an email address");
        reports(parsed(GROUPS, "", &USER.replace("ada@example.com", email)), &[&expected]);
    }
}

#[test]
fn empty_values() {
    product_reports(&BOOK.replace("7\t", "\t"), &["p.tsv:1: product id is empty"]);
    product_reports(&BOOK.replace("Moby Duck", "  "), &["p.tsv:1: title is empty"]);
    let catalogue = parsed(GROUPS, &BOOK.replace("1851\tIceland", "\t"), USER).unwrap();
    assert_eq!((catalogue.products[0].year, &catalogue.products[0].country), (None, &None));
}

#[test]
fn duplicates_in_a_file_and_across_files() {
    product_reports(&BOOK.repeat(2), &["p.tsv:2: product id 7 is taken already, by p.tsv:1"]);
    let mut files = sources(GROUPS.as_bytes(), BOOK.as_bytes(), USER.as_bytes());
    files.products.push(Source::new("more.tsv", BOOK));
    reports(parse(&files, Mistakes::default()), &["more.tsv:1: product id 7 is taken already, by p.tsv:1"]);
    reports(parsed("1\tBooks\n1\tMovies\n", "", ""), &["g.tsv:2: group id 1 is taken already, by g.tsv:1"]);
    reports(
        parsed(GROUPS, "", &format!("{USER}2\tADA@example.com\tAda\tB\t0\n")),
        &["u.tsv:2: email ada@example.com is taken already, by u.tsv:1"],
    );
    reports(
        parsed(GROUPS, "", &format!("{USER}1\tbob@example.com\tBob\tB\t0\n")),
        &["u.tsv:2: user id 1 is taken already, by u.tsv:1"],
    );
}

#[test]
fn an_unknown_group() {
    let product = BOOK.replace("7\t1", "7\t3");
    product_reports(&product, &["p.tsv:1: group id 3: there is no such product group"]);
}

#[test]
fn a_mistake_in_a_group_is_not_repeated_for_its_products() {
    reports(parsed("1\n", BOOK, ""), &["g.tsv:1: 1 column instead of 2: group id, name"]);
}

#[test]
fn not_utf_8() {
    let mut bytes = BOOK.as_bytes().to_vec();
    bytes.extend(b"8\t1\tP\xe4r\t1\tA\t1\tB\tC\n");
    let outcome = parse(&sources(GROUPS.as_bytes(), &bytes, b""), Mistakes::default());
    reports(outcome, &["p.tsv:2: not UTF-8 at byte 6 of the line"]);
}

#[test]
fn a_missing_file() {
    let files = Files { groups: vec!["no/such/file.tsv".into()], ..Files::default() };
    let mistakes = read(&files).unwrap_err().to_string();
    assert!(mistakes.starts_with("no/such/file.tsv: cannot be read: "), "{mistakes}");
}

#[test]
fn line_endings_empty_lines_and_a_byte_order_mark_are_no_mistakes() {
    let catalogue = parsed("\u{feff}1\tBooks\r\n\r\n2\tMovies", BOOK, USER).unwrap();
    let names: Vec<&str> = catalogue.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["Books", "Movies"]);
}

#[test]
fn all_mistakes_are_reported_and_twenty_shown() {
    let bad = "x\t1\t\tcheap\tA\t1\tB\tC\n";
    let one = ["product id \"x\"", "title is empty", "price \"cheap\""];
    let mistakes = parsed(GROUPS, &bad.repeat(8), USER).unwrap_err();
    assert_eq!(mistakes.as_slice().len(), 24);
    for (index, mistake) in mistakes.as_slice().iter().enumerate() {
        let start = format!("p.tsv:{}: {}", index / 3 + 1, one[index % 3]);
        assert!(mistake.to_string().starts_with(&start), "{mistake}");
    }
    let shown = mistakes.to_string();
    assert_eq!(shown.lines().count(), 21);
    assert!(shown.ends_with("\nand 4 more"), "{shown}");
}
