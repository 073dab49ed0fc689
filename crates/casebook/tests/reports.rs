//! Reports: harmless, masked, the same bytes each time; reviews and samples there and back; letters.

mod common;

use common::{Folder, PLAIN, RISKY, add, still};
use sakchy_casebook::permits::{Mapping, Permits};
use sakchy_casebook::report::letter::{self, Letter};
use sakchy_casebook::report::{Options, html, tables, xlsx};
use sakchy_casebook::review::NewReview;
use sakchy_casebook::view::Filter;
use sakchy_casebook::{Case, Kind, sheet};

const MARKUP: &str =
    "<script>alert(1)</script> <img src=x onerror=alert(2)> Требуются девушки в Дубай, паспорт хранится у нас";
const FORMULA: &str =
    "=HYPERLINK(\"http://x\") Требуются девушки в Дубай, паспорт хранится у нас, билет в счёт зарплаты";

fn filled(folder: &Folder) -> Case {
    let mut case = Case::create(&folder.case(), still()).unwrap();
    let mut lines = vec![RISKY.to_string(), MARKUP.into(), FORMULA.into()];
    lines.extend((0..30).map(|n| format!("{PLAIN} Объявление {n}")));
    add(&mut case, "page.txt", &lines, 100);
    case.link(|_| ()).unwrap();
    case
}

fn all() -> Filter {
    Filter { band: 2, ..Filter::default() }
}

#[test]
fn no_cell_starts_a_formula_and_no_report_runs_markup() {
    let folder = Folder::new("harmless");
    let case = filled(&folder);
    let options = Options { telephones: true, ..Options::default() };
    let mut bytes = Vec::new();
    tables::csv(&case, &all(), &options, &mut bytes).unwrap();
    let rows = sheet::csv(&String::from_utf8(bytes).unwrap()).unwrap();
    let book = xlsx::list(&case, &all(), &options).unwrap();
    let sheet = sheet::xlsx(&book).unwrap();
    assert_eq!((rows.len(), sheet.len()), (5, 4), "head, three adverts, and the hash in the CSV");
    let starts = |cell: &String| cell.trim_start().starts_with(['=', '+', '-', '@', '|', '%']);
    for cell in rows.iter().chain(&sheet).flatten() {
        assert!(!starts(cell), "{cell}");
    }
    assert!(sheet.iter().flatten().any(|c| c.starts_with("'=HYPERLINK")), "nothing is left out");
    let page = html::page(&case, &all(), &options).unwrap();
    assert!(!page.contains("<script") && !page.contains("<img") && page.contains("&lt;script&gt;"));
    assert!(page.contains("default-src 'none'"), "even if something slipped through, nothing is loaded or run");
    assert!(page.contains(&case.head().unwrap().hex()));
    let letter =
        case.letter(letter::builtin(letter::Kind::Outlet, "ru"), &Letter::default(), &all(), &options).unwrap();
    assert!(!letter::html(&letter, "ru").contains("<script"));
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    let folder = Folder::new("same");
    let case = filled(&folder);
    let options = Options::default();
    let make = || {
        let (mut csv, mut jsonl) = (Vec::new(), Vec::new());
        tables::csv(&case, &all(), &options, &mut csv).unwrap();
        tables::jsonl(&case, &all(), &options, &mut jsonl).unwrap();
        let letter = case.letter(letter::builtin(letter::Kind::Referral, "en"), &Letter::default(), &all(), &options);
        [
            csv,
            jsonl,
            xlsx::list(&case, &all(), &options).unwrap(),
            xlsx::review_sheet(&case, &all(), &options).unwrap(),
            html::page(&case, &all(), &options).unwrap().into_bytes(),
            letter::docx(&letter.unwrap()).unwrap(),
        ]
    };
    let first = make();
    // a zip keeps times to two seconds
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert!(first == make());
    assert!(case.verify(None).unwrap().problems.is_empty(), "a report changes nothing");
}

#[test]
fn telephones_are_masked_unless_asked() {
    let folder = Folder::new("masked");
    let case = filled(&folder);
    let both = |telephones: bool| {
        let options = Options { telephones, ..Options::default() };
        let mut jsonl = Vec::new();
        tables::jsonl(&case, &all(), &options, &mut jsonl).unwrap();
        String::from_utf8(jsonl).unwrap() + &html::page(&case, &all(), &options).unwrap()
    };
    let (masked, shown) = (both(false), both(true));
    for number in ["+996 555 12 34 56", "+996555123456"] {
        assert!(shown.contains(number) && !masked.contains(number), "{number}");
    }
    assert!(masked.contains("+9965"));
}

#[test]
fn reviews_go_out_and_come_back_by_spreadsheet() {
    let folder = Folder::new("reviews");
    let mut case = filled(&folder);
    let out = xlsx::review_sheet(&case, &all(), &Options { lang: "ky", ..Options::default() }).unwrap();
    let rows = sheet::xlsx(&out).unwrap();
    assert!(xlsx::read_reviews(&out).unwrap().is_empty(), "an empty sheet says nothing");
    // filled in as a person would, in another language than the sheet's
    let fill = |state: &str, who: &str| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (r, row) in (0u32..).zip(&rows) {
            for (c, cell) in (0u16..).zip(row) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write_number(r, c, number).unwrap(),
                    Err(_) => sheet.write_string(r, c, cell).unwrap(),
                };
            }
        }
        let column = |key: &str| {
            let name = sakchy_casebook::texts::Texts::of("ky").name("head", key);
            rows[0].iter().position(|h| *h == name).unwrap() as u16
        };
        sheet.write_string(1, column("new-state"), state).unwrap();
        sheet.write_string(1, column("who"), who).unwrap();
        sheet.write_string(1, column("note"), "=1+1").unwrap();
        book.save_to_buffer().unwrap()
    };
    let reviews = xlsx::read_reviews(&fill("опасения подтвердились", "Айгүл")).unwrap();
    assert_eq!((reviews.len(), reviews[0].state.as_str(), reviews[0].note.as_str()), (1, "concern", "=1+1"));
    assert_eq!(case.add_reviews(&reviews).unwrap(), 1);
    assert_eq!(case.add_reviews(&reviews).unwrap(), 0, "the same sheet again adds nothing");
    let error = xlsx::read_reviews(&fill("perhaps", "Айгүл")).unwrap_err().to_string();
    assert!(error.contains("row 2") && error.contains("perhaps"), "{error}");
    assert!(xlsx::read_reviews(&fill("concern", "")).unwrap_err().to_string().contains("row 2"));
    let unknown = NewReview { advert: 999, ..reviews[0].clone() };
    assert_eq!(
        case.add_reviews(&[NewReview { advert: 2, ..reviews[0].clone() }, unknown]).unwrap_err().kind,
        Kind::Missing
    );
    assert!(case.reviews(2).unwrap().is_empty(), "all or none");
    assert!(case.verify(None).unwrap().problems.is_empty());
}

#[test]
fn a_sample_tells_the_miss_rate_once_it_is_checked() {
    let folder = Folder::new("sample");
    let mut case = filled(&folder);
    let sample = case.draw_sample(10, 7).unwrap();
    assert_eq!((sample.size, sample.among, sample.rate()), (10, 30, None));
    let drawn = |case: &Case, id| {
        let rows = case.page(&Filter { sample: Some(id), ..Filter::default() }, None, 50).unwrap().0;
        rows.iter().map(|r| r.advert).collect::<Vec<_>>()
    };
    let first = drawn(&case, sample.id);
    let head = case.head().unwrap();
    let again = case.draw_sample(10, 7).unwrap().id;
    assert_eq!(drawn(&case, again), first);
    assert_eq!(case.head().unwrap(), head, "the same seed draws nothing new");
    let other = case.draw_sample(10, 8).unwrap();
    assert_ne!(drawn(&case, other.id), first);
    let review = |(n, advert): (usize, &i64)| NewReview {
        advert: *advert,
        state: if n == 0 { "concern" } else { "no-concern" }.into(),
        who: "Айгүл".into(),
        at: String::new(),
        note: String::new(),
    };
    let reviews: Vec<NewReview> = first.iter().enumerate().map(review).collect();
    case.add_reviews(&reviews).unwrap();
    let checked = case.samples().unwrap()[0];
    let (rate, low, high) = checked.rate().unwrap();
    assert_eq!((checked.checked, checked.missed, rate), (10, 1, 0.1));
    assert!((low - 0.0179).abs() < 1e-3 && (high - 0.4042).abs() < 1e-3, "Wilson: {low} {high}");
    assert!(html::page(&case, &all(), &Options::default()).unwrap().contains("10.0%"));
    common::tamper(&folder.case(), "DELETE FROM sampled WHERE advert = (SELECT min(advert) FROM sampled)");
    assert!(!case.verify(None).unwrap().problems.is_empty());
}

#[test]
fn letters_quote_cite_and_leave_the_signature_blank() {
    let folder = Folder::new("letters");
    let mut case = filled(&folder);
    let concern = Filter { state: Some("concern".into()), ..all() };
    let options = Options::default();
    let template = letter::builtin(letter::Kind::Outlet, "ru");
    let of = Letter { office: "Аппарат", addressee: "", outlet: "Газета «Мисал»" };
    assert_eq!(case.letter(template, &of, &concern, &options).unwrap_err().kind, Kind::Input, "nothing confirmed yet");
    let review =
        NewReview {
            advert: 1, state: "concern".into(), who: "Айгүл".into(), at: String::new(), note: String::new()
        };
    case.add_reviews(&[review]).unwrap();
    let paragraphs = case.letter(template, &of, &concern, &options).unwrap();
    let text: String = paragraphs.iter().map(|p| p.1.as_str()).collect::<Vec<_>>().join("\n");
    for part in [
        "Газета «Мисал», номер 12, 2026-11-20, страница 3",
        "паспорт хранится у нас",
        "2005",
        "______",
        "проверить юрист",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("123456") && !text.contains("12 34 56"));
    assert!(text.contains(&case.head().unwrap().hex()));
    let docx = letter::docx(&paragraphs).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("word/document.xml").unwrap(), &mut xml).unwrap();
    assert!(xml.contains("паспорт хранится у нас") && xml.ends_with("</w:document>"));
    let own = case.letter("# {office}\n@each advert\n{n}: {text}\n@end", &of, &concern, &options).unwrap();
    assert_eq!((own.len(), own[0].1.as_str()), (2, "Аппарат"), "an office's own template");
}

#[test]
fn one_telephone_over_many_trades_is_a_pattern() {
    let folder = Folder::new("pattern");
    let mut case = Case::create(&folder.case(), still()).unwrap();
    let lines: Vec<String> =
        ["Нужна няня в семью, Анкара", "Требуются сварщики, Варшава", "Ищем танцовщиц в клуб, Дубай", "Швея, Сеул"]
            .iter()
            .map(|t| format!("{t}, звоните +996 555 12 34 56"))
            .collect();
    add(&mut case, "a.txt", &lines[..2], 10);
    case.link(|_| ()).unwrap();
    assert!(case.patterns(10).unwrap().is_empty(), "two adverts are no pattern");
    add(&mut case, "b.txt", &lines[2..], 10);
    case.link(|_| ()).unwrap();
    let pattern = case.patterns(10).unwrap().remove(0);
    assert_eq!((pattern.kind.as_str(), pattern.subject.as_str(), pattern.adverts), ("telephone", "+996555123456", 4));
    assert_eq!(pattern.trades, ["dancer", "nanny", "seamstress", "welder"]);
    assert_eq!(pattern.places.len(), 4, "{:?}", pattern.places);
    assert_eq!(case.pattern_adverts(&pattern, 10).unwrap(), [1, 2, 3, 4]);
    let page = html::page(&case, &Filter::default(), &Options::default()).unwrap();
    assert!(page.contains("nanny") && !page.contains("+996555123456"));
    let found = case.verify(None).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

#[test]
fn a_list_of_permits_is_kept_and_shown() {
    let folder = Folder::new("permits");
    let mut case = Case::create(&folder.case(), still()).unwrap();
    add(&mut case, "a.txt", &["ОсОО «Нур Групп» приглашает поваров в Польшу, паспорт хранится у нас".into()], 5);
    assert_eq!(case.permits().unwrap_err().kind, Kind::Missing);
    let read = |text: &str| {
        let codes = |cell: &str| cell.split(' ').filter(|c| !c.is_empty()).map(str::to_string).collect();
        Permits::read(&sheet::csv(text).unwrap(), &Mapping::new(), &codes).unwrap().0
    };
    let list = "name,number,expires,countries\nNur Group LLC,7,2030-01-01,KR\n";
    assert!(case.add_permits("list.csv", list.as_bytes(), &read(list)).unwrap());
    assert!(!case.add_permits("list.csv", list.as_bytes(), &read(list)).unwrap(), "the same list adds nothing");
    let mut rows = Vec::new();
    case.report_rows(&Filter::default(), &Options::default(), &mut |row| {
        rows.push(row.cells(&Options::default()));
        Ok(true)
    })
    .unwrap();
    assert!(rows[0].iter().any(|c| c.contains("для других стран")), "{rows:?}");
    let newer = "name,number,expires\nNur Group LLC,7,2020-01-01\n";
    case.add_permits("newer.csv", newer.as_bytes(), &read(newer)).unwrap();
    assert_eq!(case.permits().unwrap().rows()[0].expires, "2020-01-01", "the newest list is in force");
    assert!(case.verify(None).unwrap().problems.is_empty());
    common::tamper(&folder.case(), "UPDATE permits SET expires = '2031-01-01' WHERE id = 1");
    assert!(!case.verify(None).unwrap().problems.is_empty());
}
