//! XLSX, Parquet, WARC and ZIP, whole, cut short and hostile.

use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::file::writer::SerializedFileWriter;
use sakchy_documents::{Item, Layout, Limits, Options, Source, open};
use std::io::{Cursor, Write};
use std::sync::Arc;

fn items(bytes: Vec<u8>, layout: Layout, limits: Limits) -> Vec<Item> {
    let options = Options { limits, ..Options::default() };
    match open(Source::Bytes(bytes), layout, &options) {
        Ok(items) => items.collect(),
        Err(problem) => vec![Err(sakchy_documents::Trouble::whole(problem))],
    }
}

fn texts(items: &[Item]) -> Vec<&str> {
    items.iter().flatten().map(|a| a.text.as_str()).collect()
}

fn problems(items: &[Item]) -> Vec<String> {
    let name = |t: &sakchy_documents::Trouble| format!("{}: {}", t.inside.clone().unwrap_or_default(), t.problem);
    items.iter().filter_map(|i| i.as_ref().err()).map(name).collect()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |t: &&str| match t.parse::<f64>() {
        Ok(n) => format!("<c><v>{n}</v></c>"),
        Err(_) => format!("<c t=\"inlineStr\"><is><t>{t}</t></is></c>"),
    };
    let row = |r: &&[&str]| format!("<row>{}</row>", r.iter().map(cell).collect::<String>());
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{}</sheetData></worksheet>",
        rows.iter().map(row).collect::<String>()
    );
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{office}\"><sheets><sheet name=\"Лист1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let links = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let top = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    zip(&[
        ("_rels/.rels", top.as_bytes()),
        ("[Content_Types].xml", b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn parquet_file(texts: &[Option<&str>]) -> Vec<u8> {
    let schema = "message m { optional binary text (UTF8); required int32 date (DATE); }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut out = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut out, schema, Arc::default()).unwrap();
    for rows in texts.chunks(700) {
        let mut group = writer.next_row_group().unwrap();
        let values: Vec<ByteArray> = rows.iter().flatten().map(|t| ByteArray::from(*t)).collect();
        let levels: Vec<i16> = rows.iter().map(|t| i16::from(t.is_some())).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int32Type>().write_batch(&vec![20_782; rows.len()], None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
    out
}

fn warc(records: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (kind, url, body) in records {
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-20T08:00:00Z\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(body);
        out.extend_from_slice(b"\r\n\r\n");
    }
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

#[test]
fn xlsx_columns_by_their_headings() {
    let book = xlsx(&[
        &["Список за ноябрь"],
        &["№", "Текст", "Газета"],
        &["7", "Нужны швеи", "Вести"],
        &["8", "Нужен повар", ""],
    ]);
    let items = items(book, Layout::Xlsx, Limits::default());
    assert_eq!(texts(&items), ["Нужны швеи", "Нужен повар"], "{items:?}");
    let first = items[0].as_ref().unwrap();
    assert_eq!((first.id.as_deref(), first.publisher.as_deref(), first.place), (Some("7"), Some("Вести"), 3));
}

#[test]
fn xlsx_faults_are_named() {
    let wide: Vec<String> = (0..300).map(|n| format!("столбец{n}")).collect();
    let wide: Vec<&str> = wide.iter().map(String::as_str).collect();
    let found = items(xlsx(&[&wide, &wide]), Layout::Xlsx, Limits::default());
    let named = problems(&found);
    assert!(named[0].contains("no column with the adverts' text") && named[0].contains("288 more"), "{named:?}");
    let found = items(b"\xd0\xcf\x11\xe0 old".to_vec(), Layout::Xlsx, Limits::default());
    assert!(problems(&found)[0].contains(".xlsx or .csv"), "{found:?}");
    let small = Limits { entry: 500, ..Limits::default() };
    assert!(problems(&items(xlsx(&[&["текст"], &["а"]]), Layout::Xlsx, small))[0].contains("--max-unpacked"));
}

#[test]
fn parquet_rows_with_gaps_and_dates() {
    let long: Vec<String> = (0..2000).map(|n| format!("Объявление {n}")).collect();
    let rows: Vec<Option<&str>> = long.iter().enumerate().map(|(n, t)| (n % 3 != 1).then_some(t.as_str())).collect();
    let items = items(parquet_file(&rows), Layout::Parquet, Limits::default());
    assert_eq!(items.len(), 2000);
    assert_eq!(texts(&items), rows.iter().flatten().copied().collect::<Vec<_>>());
    assert_eq!(items[0].as_ref().unwrap().date.as_deref(), Some("2026-11-25"));
    assert!(problems(&items)[0].contains("the row has no text"));
}

#[test]
fn parquet_cut_short_is_named() {
    let whole = parquet_file(&[Some("а"); 50]);
    let found = items(whole[..whole.len() / 2].to_vec(), Layout::Parquet, Limits::default());
    assert!(problems(&found)[0].contains("no Parquet file"), "{found:?}");
}

#[test]
fn warc_pages_plain_and_gzipped_member_by_member() {
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>Нужны сборщики ягод, тел. 0700 11 22 33</p></body></html>".as_bytes();
    let packed = gzip("<html><body><p>Требуется няня в дом</p></body></html>".as_bytes());
    let mut coded =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
            .to_vec();
    coded.extend_from_slice(format!("{:x}\r\n", packed.len()).as_bytes());
    coded.extend_from_slice(&packed);
    coded.extend_from_slice(b"\r\n0\r\n\r\n");
    let moved = b"HTTP/1.1 301 Moved\r\nLocation: /x\r\n\r\n<html>moved</html>";
    let records = [
        ("warcinfo", "", b"software: x".as_slice()),
        ("request", "https://b.example/1", b"GET /"),
        ("response", "https://b.example/1", page),
        ("response", "https://b.example/2", &coded),
        ("response", "https://b.example/3", moved),
        ("conversion", "https://b.example/4", "Ищем курьера".as_bytes()),
    ];
    let members: Vec<u8> = records.iter().flat_map(|r| gzip(&warc(&[*r]))).collect();
    for bytes in [warc(&records), members] {
        let items = items(bytes, Layout::Warc, Limits::default());
        assert_eq!(
            texts(&items),
            ["Нужны сборщики ягод, тел. 0700 11 22 33", "Требуется няня в дом", "Ищем курьера"],
            "{items:?}"
        );
        let first = items[0].as_ref().unwrap();
        assert_eq!(first.url.as_deref(), Some("https://b.example/1"));
        assert_eq!(first.date.as_deref(), Some("2026-11-20T08:00:00Z"));
    }
}

#[test]
fn a_warc_cut_within_a_record_gives_what_came_before() {
    let text = "Требуются девушки в кафе";
    let whole = warc(&[("conversion", "u:1", text.as_bytes()), ("conversion", "u:2", text.as_bytes())]);
    let cut = whole[..whole.len() - 20].to_vec();
    let packed = gzip(&whole);
    for bytes in [cut, packed[..packed.len() - 12].to_vec()] {
        let items = items(bytes, Layout::Warc, Limits::default());
        assert_eq!(texts(&items), [text], "{items:?}");
        assert!(problems(&items)[0].contains("cut short"), "{items:?}");
    }
}

#[test]
fn a_zip_of_everything_and_its_paths_lead_nowhere() {
    let inner = zip(&[("deep.txt", "Нужен пекарь".as_bytes())]);
    let bytes = zip(&[
        ("лист/таблица.csv", "текст\nНужны швеи\n".as_bytes()),
        ("../../etc/passwd.txt", "Нужен сторож".as_bytes()),
        ("photo.unknown", b"x"),
        ("inner.zip", &inner),
        ("page.html", "<p>Нужна повар".as_bytes()),
    ]);
    let found = items(bytes, Layout::Zip, Limits::default());
    assert_eq!(texts(&found), ["Нужны швеи", "Нужен сторож", "Нужен пекарь", "Нужна повар"], "{found:?}");
    let inside: Vec<_> = found.iter().flatten().filter_map(|a| a.inside.as_deref()).collect();
    assert_eq!(inside, ["лист/таблица.csv", "etc/passwd.txt", "inner.zip/deep.txt", "page.html"]);
}

#[test]
fn zips_too_deep_too_large_locked_or_broken_are_named() {
    let deep = zip(&[("b.zip", &zip(&[("c.zip", &zip(&[("d.txt", b"x")]))])), ("e.txt", "Нужен швец".as_bytes())]);
    let found = items(deep, Layout::Zip, Limits::default());
    assert!(problems(&found)[0].contains("b.zip/c.zip: lies more than 2 ZIP files deep"), "{found:?}");
    assert_eq!(texts(&found), ["Нужен швец"]);

    let bomb = zip(&[("bomb.txt", &vec![b'a'; 40 << 20]), ("after.txt", "Нужен швец".as_bytes())]);
    let found = items(bomb.clone(), Layout::Zip, Limits { entry: 1 << 20, ..Limits::default() });
    assert!(problems(&found)[0].contains("bomb.txt: unpacks to more than 1 MB"), "{found:?}");
    assert_eq!(texts(&found), ["Нужен швец"]);
    let found = items(bomb, Layout::Zip, Limits { unpacked: 1 << 20, ..Limits::default() });
    assert!(problems(&found).iter().any(|p| p.contains("the rest was not read")), "{found:?}");

    let whole = zip(&[("a.txt", "Нужен швец".as_bytes())]);
    assert!(problems(&items(whole[..30].to_vec(), Layout::Zip, Limits::default()))[0].contains("no ZIP"));
    assert!(
        problems(&items(zip(&[("a.exe", b"x")]), Layout::Zip, Limits::default()))[0]
            .contains("no file that can be read")
    );
}
