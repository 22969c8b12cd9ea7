//! Files into tables, and tables into files.

use crate::MAPPING;
use crate::model::{Shop, table};
use dynamap::batch::{DumpCheckpoint, LineError, LoadCheckpoint, LoadFailure, LoadReport};
use dynamap::capacity::{Meter, Units};
use dynamap::{Budget, Error, Table, TableSchema};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, FaultKind, Plan, Processed, Rates, When};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// The counts of a report: lines, written, replaced, not written, unknown.
fn counts(report: &LoadReport) -> (u64, u64, u64, u64, u64) {
    let (lines, written, replaced) = (report.lines(), report.written(), report.replaced());
    (lines, written, replaced, report.not_written(), report.unknown())
}

/// The numbers of the lines that were not written or are unknown.
fn unwritten(report: &LoadReport) -> Vec<u64> {
    report.unwritten().iter().map(dynamap::batch::UnwrittenLine::line).collect()
}

fn line(number: u32) -> String {
    format!(
        r#"{{"Item":{{"pk":{{"S":"P#{}"}},"sk":{{"S":"{number}"}},"n":{{"N":"{number}"}}}}}}"#,
        number % 7
    )
}

fn lines(numbers: impl IntoIterator<Item = u32>) -> String {
    numbers.into_iter().map(|number| line(number) + "\n").collect()
}

async fn dumped(shop: &Table<Shop>) -> Vec<u8> {
    let mut file = Vec::new();
    let report = shop.dump(&mut file).consistent_read().send().await.unwrap();
    assert_eq!(report.bytes(), file.len() as u64);
    assert_eq!(report.items(), file.iter().filter(|byte| **byte == b'\n').count() as u64);
    file
}

/// The items of a file by their keys; the members of sets in order.
fn items(file: &[u8]) -> BTreeMap<String, Value> {
    let mut items = BTreeMap::new();
    for line in file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut item = serde_json::from_slice::<Value>(line).unwrap()["Item"].take();
        in_order(&mut item);
        let key = format!("{} {}", item["pk"]["S"], item["sk"]["S"]);
        assert!(items.insert(key, item).is_none(), "an item twice");
    }
    items
}

fn in_order(value: &mut Value) {
    let Value::Object(members) = value else {
        value.as_array_mut().into_iter().flatten().for_each(in_order);
        return;
    };
    for (name, member) in members {
        match member {
            Value::Array(set) if matches!(name.as_str(), "SS" | "NS" | "BS") => {
                set.sort_by_key(Value::to_string);
            }
            other => in_order(other),
        }
    }
}

const OF_ALL_TYPES: &str = r##"{"Item":{"pk":{"S":"CUSTOMER#c-1"},"sk":{"S":"PROFILE"},"et":{"S":"Customer"},"name":{"S":"Åsa \"\\ \u00e9 \ud83d\ude00 日本"},"later":{"M":{"S":{"S":"x"},"Item":{"L":[{"N":"1"},{"NULL":true},{"M":{}},{"L":[]}]}}}}}

{"pk":{"S":"bare"},"sk":{"S":"1"},"number":{"N":"12345678901234567890123456789012345678"},"small":{"N":"-1E-130"},"empty":{"S":""}}
  { "Item" : { "pk" : { "S" : "spaced" } , "sk" : { "S" : "2" } , "flag" : { "BOOL" : false } , "none" : { "NULL" : true } } }
{"Item":{"pk":{"S":"sets"},"sk":{"S":"3"},"ss":{"SS":["b","a","ü"]},"ns":{"NS":["1","-2.5","1E+20"]},"bs":{"BS":["AAEC","/w=="]},"b":{"B":"3q2+7w=="},"nothing":{"B":""}}}
{"Item":{"Item":{"M":{"S":{"S":"x"}}},"pk":{"S":"item"},"sk":{"S":"4"},"expires_at":{"N":"1"}}}
{"Item":{"M":{"S":"x"}},"pk":{"S":"item"},"sk":{"S":"5"}}"##;

#[tokio::test]
async fn a_round_trip_keeps_everything() {
    let (local, requests) = Local::memory().unwrap().checked().0.recording();
    let shop = table(&local).await;
    requests.clear();
    let input =
        OF_ALL_TYPES.replace(r#"{"Item":{"M":{"S":"x"}},"pk""#, r#"{"Item":{"M":{"S":{"S":"x"}}},"pk""#);
    let report = shop.load(input.as_bytes()).send().await.unwrap();
    assert_eq!(counts(&report), (6, 6, 0, 0, 0));
    assert_eq!((report.checkpoint().line(), report.checkpoint().offset()), (7, input.len() as u64));

    // What was sent is what stands in the lines, to the text of the numbers.
    let sent = requests.take();
    let writes = sent[0].body["RequestItems"]["shop"].as_array().unwrap();
    for (write, line) in writes.iter().zip(input.lines().filter(|line| !line.is_empty())) {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let item = if line.get("pk").is_some() { line } else { line["Item"].take() };
        assert_eq!(write["PutRequest"]["Item"], item);
    }

    // Nothing is left out: neither the expired item nor those of no entity.
    let file = dumped(&shop).await;
    let first = items(&file);
    assert_eq!(first.len(), 6);
    assert_eq!(first[r#""bare" "1""#]["number"]["N"], "12345678901234567890123456789012345678");
    assert_eq!(first[r#""sets" "3""#]["b"]["B"], "3q2+7w==");
    assert_eq!(first[r#""CUSTOMER#c-1" "PROFILE""#]["later"]["M"]["Item"]["L"][1]["NULL"], true);

    let other = table(&Local::memory().unwrap().checked().0).await;
    assert_eq!(other.load(&file[..]).send().await.unwrap().written(), 6);
    assert_eq!(items(&dumped(&other).await), first);
}

fn compressed(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn gzip_in_and_out() {
    let shop = table(&Local::memory().unwrap().checked().0).await;
    // Two members, the first of which ends within a line.
    let text = lines(1..=300);
    let (first, second) = text.split_at(text.len() / 2 + 3);
    let input = [compressed(first), compressed(second)].concat();
    let report = shop.load_async(Slowly(&input[..], 0)).send().await.unwrap();
    assert_eq!((report.written(), report.checkpoint().offset()), (300, text.len() as u64));

    let mut file = Vec::new();
    let report = shop.dump(&mut file).gzip().send().await.unwrap();
    assert_eq!((report.items(), report.bytes()), (300, file.len() as u64));
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(&file[..]).read_to_end(&mut plain).unwrap();
    assert_eq!(items(&plain), items(&dumped(&shop).await));

    // One that was cut off, within its data and within its end.
    for cut in [input.len() - 1, input.len() - 20, 5] {
        let report = shop.load(&input[..cut]).report().await;
        assert!(matches!(report.failure(), Some(LoadFailure::Read(_))) && !report.is_complete(), "{report}");
    }
    let mut damaged = input;
    let middle = damaged.len() / 3;
    damaged[middle] ^= 0x55;
    assert!(!shop.load(&damaged[..]).report().await.is_complete());
}

#[tokio::test]
async fn bad_lines_are_reported_by_their_numbers() {
    let shop = table(&Local::memory().unwrap().checked().0).await;
    let large =
        format!(r#"{{"Item":{{"pk":{{"S":"a"}},"sk":{{"S":"b"}},"x":{{"S":"{}"}}}}}}"#, "x".repeat(410_000));
    let endless = "y".repeat(17 * 1024 * 1024);
    let input = [
        &line(1),
        "not JSON",
        "",
        r#"{"Item":{"pk":{"S":"secret"}}}"#,
        r#"{"Item":{"pk":{"N":"1"},"sk":{"S":"b"}}}"#,
        &line(2),
        r#"{"Item":{"pk":{"S":"secret"},"sk":{"S":"b"}},"more":1}"#,
        &large,
        &endless,
        "\u{feff}{}",
        r#"{"Item":{"pk":{"S":"secret"},"sk":{"S":""}}}"#,
        r#"{"Item":{"pk":{"S":"a"},"sk":{"S":"n"},"n":{"N":"1e999"}}}"#,
        &line(3),
        r#"{"Item":{"pk":{"S""#,
    ]
    .join("\r\n");
    let mut told = Vec::new();
    let report = shop.load(input.as_bytes()).on_unwritten(|line| told.push(line.line())).report().await;
    let bad = [2, 4, 5, 7, 8, 9, 10, 11, 12, 14];
    assert_eq!(counts(&report), (13, 3, 0, 10, 0), "{report}");
    assert_eq!(unwritten(&report), bad);
    told.sort_unstable();
    assert_eq!(told, bad);
    let errors: Vec<&LineError> =
        report.unwritten().iter().map(dynamap::batch::UnwrittenLine::error).collect();
    assert!(matches!(errors[0], LineError::NotAnItem(_)));
    assert!(matches!(errors[1], LineError::MissingKey("sk")));
    assert!(matches!(errors[2], LineError::WrongKey { attribute: "pk", .. }));
    assert!(matches!(errors[4], LineError::TooLarge(size) if *size > 409_600));
    assert!(matches!(errors[5], LineError::TooLong(_)));
    assert!(matches!(errors[8], LineError::Unwritten(_)) && matches!(errors[9], LineError::NotAnItem(_)));
    assert!(!format!("{report} {report:?}").contains("secret"));
    // None of them can ever be written, and so nothing is left for another run.
    assert_eq!((report.checkpoint().line(), report.checkpoint().offset()), (14, input.len() as u64));
    assert_eq!(items(&dumped(&shop).await).len(), 3);

    let Err(Error::IncompleteLoad(incomplete)) =
        shop.load(input.as_bytes()).stop_at_first_error().send().await
    else {
        panic!("it is complete")
    };
    assert_eq!(counts(incomplete.report()), (2, 1, 0, 1, 0));
    assert!(matches!(incomplete.report().failure(), Some(LoadFailure::Stopped)));
}

#[tokio::test]
async fn the_last_line_of_a_key_wins() {
    let shop = table(&Local::memory().unwrap().checked().0).await;
    let line =
        |n: u32| format!(r#"{{"Item":{{"pk":{{"S":"a"}},"sk":{{"S":"{}"}},"n":{{"N":"{n}"}}}}}}"#, n % 5);
    let input: Vec<String> = (0..2000).map(line).collect();
    let report = shop.load(input.join("\n").as_bytes()).concurrency(3).send().await.unwrap();
    assert_eq!((report.lines(), report.written() + report.replaced()), (2000, 2000));
    assert!(report.written() >= 5 && report.replaced() > 1000, "{report}");
    let stored = items(&dumped(&shop).await);
    let numbers: Vec<&str> = stored.values().map(|item| item["n"]["N"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["1995", "1996", "1997", "1998", "1999"]);
}

/// Gives one byte or a few at a time, with pauses.
struct Slowly<R>(R, usize);

impl<R: Read + Unpin> tokio::io::AsyncRead for Slowly<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.1 += 1;
        if self.1.is_multiple_of(3) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut bytes = vec![0; (1 + self.1 % 40).min(into.remaining())];
        let read = self.0.read(&mut bytes)?;
        into.put_slice(&bytes[..read]);
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn an_input_that_fails() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let shop = table(&Local::memory().unwrap().checked().0).await;
    let text = lines(1..=100);
    let error = shop.load(text.as_bytes().chain(Broken)).send().await.unwrap_err();
    let Error::IncompleteLoad(incomplete) = error else { panic!("{error}") };
    assert_eq!((incomplete.report().written(), incomplete.report().checkpoint().line()), (100, 100));
    let rest = text.clone() + &lines(101..=110);
    let report =
        shop.load(rest.as_bytes()).resume_from(incomplete.report().checkpoint()).send().await.unwrap();
    assert_eq!((report.written(), report.requests()), (110, 1));
}

#[tokio::test]
async fn a_checkpoint_is_of_its_input() {
    let (local, requests) = Local::memory().unwrap().checked().0.recording();
    let shop = table(&local).await;
    let checkpoint = shop.load(lines(1..=50).as_bytes()).send().await.unwrap().checkpoint();
    assert_eq!(checkpoint.to_string().parse::<LoadCheckpoint>().unwrap(), checkpoint);
    requests.clear();
    for other in [lines(2..=60), lines(1..=49), lines(1..=50).replace("\n", "\n\n"), String::new()] {
        let report = shop.load(other.as_bytes()).resume_from(checkpoint).report().await;
        assert!(matches!(report.failure(), Some(LoadFailure::OtherInput)), "{report}");
        assert_eq!(report.checkpoint(), checkpoint);
    }
    assert!(requests.take().is_empty());
    for text in ["", "1", "1.2.3.4.5.6.7", "2.1.1.1.1.1.1.1", "1.1.1.99999999999.1.1.1.1", "1.-1.1.1.1.1.1.1"]
    {
        assert!(text.parse::<LoadCheckpoint>().is_err(), "{text}");
    }
    for text in ["", "1.1.1.16", "1.x.1.16.c", "2.1.1.16.c"] {
        assert!(text.parse::<DumpCheckpoint>().is_err(), "{text}");
    }
}

/// What was not written for want of throughput is left to the next run, and with it what comes behind.
#[tokio::test(start_paused = true)]
async fn a_checkpoint_stays_before_what_another_run_may_write() {
    let about = When::operation("BatchWriteItem").about("60").always();
    for (fault, unknown) in [(Fault::Partial(Processed::None), false), (Fault::DropAfter, true)] {
        let (local, faults) = Local::memory().unwrap().with_faults(Plan::script([(about.clone(), fault)]));
        let shop = table(&local).await;
        let text = lines(1..=200);
        let load = shop.load(text.as_bytes()).concurrency(1).retry_timeout(Duration::from_secs(5));
        let report = load.report().await;
        let left = report.not_written() + report.unknown();
        assert_eq!((report.lines(), report.written()), (200, 200 - left), "{report}");
        assert!(left > 0 && (report.unknown() > 0) == unknown, "{report}");
        let checkpoint = report.checkpoint();
        assert_eq!(checkpoint.line() + 1, unwritten(&report)[0]);
        faults.stop();
        let report = shop.load(text.as_bytes()).resume_from(checkpoint).send().await.unwrap();
        assert_eq!(counts(&report), (200, 200, 0, 0, 0));
        assert_eq!(items(&dumped(&shop).await).len(), 200);
    }
}

/// Loads that crash anywhere and go on from what they told last, behind faults.
#[tokio::test(start_paused = true)]
async fn crashes_at_any_point() {
    let seed = std::env::var("DYNAMAP_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(0..1_000_000));
    println!("DYNAMAP_SEED={seed}");
    for round in 0..8 {
        fastrand::seed(seed + round);
        let rates = Rates::none()
            .with(FaultKind::DropBefore, 0.05)
            .with(FaultKind::DropAfter, 0.05)
            .with(FaultKind::Throttle, 0.05)
            .with(FaultKind::Partial, 0.2);
        let plan = Plan::random(seed + round, rates).latency(Duration::ZERO..=Duration::from_millis(40));
        let (local, faults) = Local::memory().unwrap().with_faults(plan);
        faults.stop();
        let shop = table(&local).await;
        faults.resume();

        let (mut text, mut expected, mut bad) = (String::new(), BTreeMap::new(), 0);
        for n in 0..fastrand::u32(300..900) {
            let (pk, sk) = (fastrand::u32(0..4), fastrand::u32(0..150));
            match fastrand::u32(0..20) {
                0 => {
                    text += "bad\n";
                    bad += 1;
                }
                1 => text += "\n",
                _ => {
                    text += &format!(
                        "{{\"Item\":{{\"pk\":{{\"S\":\"{pk}\"}},\"sk\":{{\"S\":\"{sk}\"}},\"n\":{{\"N\":\"{n}\"}}}}}}\n"
                    );
                    expected.insert(format!("\"{pk}\" \"{sk}\""), n.to_string());
                }
            }
        }
        let total = text.lines().filter(|line| !line.is_empty()).count() as u64;
        let input = if fastrand::bool() { compressed(&text) } else { text.into_bytes() };

        let (mut checkpoint, mut crashes) = (LoadCheckpoint::default(), 0);
        let report = loop {
            let mut told = Vec::new();
            let load = shop.load(&input[..]).resume_from(checkpoint).concurrency(fastrand::usize(1..5));
            let load = load.on_progress(|progress| {
                let counted = progress.written + progress.replaced + progress.not_written + progress.unknown;
                assert_eq!(progress.lines, counted);
                told.push(progress.checkpoint);
            });
            let time = Duration::from_millis(fastrand::u64(1..800));
            let ended = tokio::time::timeout(time, load.report()).await;
            assert!(told.windows(2).all(|pair| pair[0].line() <= pair[1].line()));
            match ended {
                Ok(report) => break report,
                // The text is all that is left of a process.
                Err(_) => checkpoint = told.last().unwrap_or(&checkpoint).to_string().parse().unwrap(),
            }
            crashes += 1;
        };
        println!("round {round}: {crashes} crashes, {report}");
        assert_eq!((report.lines(), report.not_written(), report.unknown()), (total, bad, 0), "{report}");
        assert_eq!(report.written() + report.replaced(), total - bad);
        faults.stop();
        faults.drain().await;
        let stored = items(&dumped(&shop).await);
        let stored: BTreeMap<String, String> = stored
            .into_iter()
            .map(|(key, item)| (key, item["n"]["N"].as_str().unwrap().to_owned()))
            .collect();
        assert!(stored == expected, "{stored:?}\n{expected:?}");
        assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
    }
}

/// Takes so many bytes, and then fails within a write.
struct Full<'a>(&'a mut Vec<u8>, usize);

impl Write for Full<'_> {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        let room = (self.1 - self.0.len().min(self.1)).min(from.len());
        if room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.extend_from_slice(&from[..room]);
        Ok(room)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_dump_that_crashes_goes_on() {
    let shop = table(&Local::memory().unwrap().checked().0).await;
    let note = "x".repeat(20_000);
    let text: String = (0..300)
        .map(|n| {
            format!("{{\"pk\":{{\"S\":\"{n}\"}},\"sk\":{{\"S\":\"1\"}},\"note\":{{\"S\":\"{note}\"}}}}\n")
        })
        .collect();
    shop.load(text.as_bytes()).send().await.unwrap();
    let whole = items(&dumped(&shop).await);
    assert_eq!(whole.len(), 300);

    for gzip in [false, true] {
        let (mut file, mut checkpoint, mut room, mut crashes) = (Vec::new(), DumpCheckpoint::default(), 0, 0);
        let report = loop {
            file.truncate(usize::try_from(checkpoint.bytes()).unwrap());
            room += if gzip { 1500 } else { 1_200_000 };
            let dump = shop.dump(Full(&mut file, room)).segments(5);
            let dump =
                if checkpoint == DumpCheckpoint::default() { dump } else { dump.resume_from(checkpoint) };
            let dump = if gzip { dump.gzip() } else { dump };
            match dump.send().await {
                Ok(report) => break report,
                Err(Error::IncompleteDump(incomplete)) => {
                    assert!(incomplete.report().failure().is_some());
                    checkpoint = incomplete.report().checkpoint().to_string().parse().unwrap();
                    crashes += 1;
                    assert!(crashes < 1000);
                }
                Err(error) => panic!("{error}"),
            }
        };
        assert!(crashes >= 3, "{crashes}");
        assert_eq!((report.items(), report.bytes()), (300, file.len() as u64));
        if gzip {
            let mut plain = Vec::new();
            flate2::read::MultiGzDecoder::new(&file[..]).read_to_end(&mut plain).unwrap();
            file = plain;
        }
        assert!(items(&file) == whole);
    }
}

#[derive(TableSchema)]
#[dynamap(partition_key = binary("id"), entity_type = none)]
struct Blobs;

#[tokio::test]
async fn segments_that_fail_and_other_tables() {
    let denied = Fault::Error(400, "AccessDeniedException".into());
    let plan = Plan::script([(When::operation("Scan").times(1), denied)]);
    let (local, _) = Local::memory().unwrap().with_faults(plan);
    let shop = table(&local).await;
    shop.load(lines(1..=200).as_bytes()).send().await.unwrap();
    let mut file = Vec::new();
    let mut told = Vec::new();
    let dump =
        shop.dump(&mut file).segments(4).on_progress(|progress| told.push((progress.done, progress.failed)));
    let error = dump.send().await.unwrap_err();
    let Error::IncompleteDump(incomplete) = error else { panic!("{error}") };
    let report = incomplete.into_report();
    assert_eq!((report.failed().len(), report.items()), (1, items(&file).len() as u64));
    assert_eq!(told.last(), Some(&(3, 1)));
    let report = shop.dump(&mut file).resume_from(report.checkpoint().clone()).send().await.unwrap();
    assert_eq!((report.items(), items(&file).len()), (200, 200));

    let blobs = Table::<Blobs>::new(local.client(), "blobs").with_mapping(MAPPING);
    blobs.create_table_if_absent().send().await.unwrap();
    let report = blobs.load(&b"{\"id\":{\"B\":\"AAE=\"}}\n{\"id\":{\"S\":\"AAE=\"}}"[..]).report().await;
    assert_eq!(counts(&report), (2, 1, 0, 1, 0));
    let error = blobs.dump(Vec::new()).resume_from(told_checkpoint(&shop).await).send().await.unwrap_err();
    assert!(matches!(error, Error::Cursor(_)), "{error}");
    assert!(matches!(blobs.dump(Vec::new()).segments(0).send().await, Err(Error::InvalidSegmentCount(_))));
}

async fn told_checkpoint(shop: &Table<Shop>) -> DumpCheckpoint {
    shop.dump(Vec::new()).send().await.unwrap().checkpoint().clone()
}

#[tokio::test]
async fn loads_and_dumps_are_tasks() {
    let shop = table(&Local::memory().unwrap().checked().0).await;
    let other = shop.clone();
    let loaded = tokio::spawn(async move { other.load(io::Cursor::new(lines(1..=30))).send().await.is_ok() });
    assert!(loaded.await.unwrap());
    let dumped = tokio::spawn(async move { shop.dump(Vec::new()).send().await.unwrap().items() });
    assert_eq!(dumped.await.unwrap(), 30);
}

/// What a batch write's report tells, that of a load tells as well, and that of a dump.
#[tokio::test(start_paused = true)]
async fn what_loads_and_dumps_consume() {
    let partial = (When::operation("BatchWriteItem").times(3), Fault::Partial(Processed::First(10)));
    let (local, faults) = Local::memory().unwrap().with_faults(Plan::script([partial]));
    let shop = table(&local).await;
    let (text, meter) = (lines(1..=120), Meter::new());
    let report = shop.load(text.as_bytes()).meter(&meter).send().await.unwrap();
    let consumed = report.consumed().unwrap();
    assert_eq!((consumed.table, consumed.requests), (Units { read: 0.0, write: 120.0 }, report.requests()));
    assert_eq!(consumed, &meter.reset());
    assert!(report.requests() > 5, "{report}");

    // That of this run, also where the numbers of lines are those of all.
    let budget = Budget::builder().reads(1000.0).writes(1000.0).build().unwrap();
    let more = text.clone() + &lines(121..=130);
    let load = shop.load(more.as_bytes()).resume_from(report.checkpoint()).budget(&budget);
    let report = load.send().await.unwrap();
    assert_eq!(report.written(), 130);
    assert_eq!(report.consumed().unwrap().table, Units { read: 0.0, write: 10.0 });
    // One that is not complete has consumed something as well.
    let report = shop.load(format!("{}\nbad\n", line(1)).as_bytes()).meter(&meter).report().await;
    assert_eq!((report.is_complete(), report.consumed()), (false, Some(&meter.reset())));

    let report = shop.dump(Vec::new()).segments(2).meter(&meter).send().await.unwrap();
    let consumed = report.consumed().unwrap();
    // Two pages of less than 4 KB each.
    assert_eq!((report.pages(), consumed.requests), (2, 2));
    assert_eq!(consumed.table, Units { read: 1.0, write: 0.0 });
    assert_eq!(consumed, &meter.reset());
    let failed = shop.dump(Full(&mut Vec::new(), 10)).budget(&budget).send().await.unwrap_err();
    let Error::IncompleteDump(incomplete) = failed else { panic!("{failed}") };
    assert!(incomplete.report().consumed().unwrap().total().read > 0.0);

    // Without a meter nothing is asked for.
    assert_eq!(shop.load(text.as_bytes()).send().await.unwrap().consumed(), None);
    assert_eq!(shop.dump(Vec::new()).send().await.unwrap().consumed(), None);
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}
