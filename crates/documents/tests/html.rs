//! Pages of the web: postings, main text, links, faults.

use sakchy_documents::html::{Page, read, read_bytes};

fn page(html: &str) -> Page {
    read(html, Some("https://board.example/jobs/7?x=1")).unwrap()
}

#[test]
fn a_posting_in_json_ld() {
    let html = r#"<html><head><script type="application/ld+json">{"@context":"https://schema.org","@graph":[
      {"@type":"WebPage","name":"x"},
      {"@type":"JobPosting","title":"Швея &amp; закройщица","datePosted":"2026-11-02","validThrough":"2026-12-01",
       "employmentType":["FULL_TIME"],"hiringOrganization":{"@type":"Organization","name":"Цех Игла"},
       "jobLocation":[{"@type":"Place","address":{"addressLocality":"Бишкек","addressCountry":{"name":"KG"}}}],
       "baseSalary":{"@type":"MonetaryAmount","currency":"KGS","value":{"minValue":40000,"maxValue":60000,"unitText":"MONTH"}},
       "description":"<p>Пошив платьев.</p><ul><li>график 5/2</li><li>обед</li></ul>","identifier":{"value":"a-7"}}]}
      </script></head><body><p>.</p></body></html>"#;
    let postings = page(html).postings;
    assert_eq!(postings.len(), 1);
    let p = &postings[0];
    assert_eq!(p.title.as_deref(), Some("Швея & закройщица"));
    assert_eq!(p.employer.as_deref(), Some("Цех Игла"));
    assert_eq!(p.place.as_deref(), Some("Бишкек, KG"));
    assert_eq!(p.pay.as_deref(), Some("40000-60000 KGS MONTH"));
    assert_eq!(p.duties.as_deref(), Some("Пошив платьев.\n\nграфик 5/2\nобед"));
    assert_eq!((p.posted.as_deref(), p.until.as_deref()), (Some("2026-11-02"), Some("2026-12-01")));
    assert_eq!((p.employment.as_deref(), p.id.as_deref()), (Some("FULL_TIME"), Some("a-7")));
    assert_eq!(p.text().lines().last(), Some("40000-60000 KGS MONTH"));
}

#[test]
fn a_posting_in_microdata() {
    let html = r#"<div itemscope itemtype="http://schema.org/JobPosting"><h1 itemprop="title">Бариста</h1>
      <span itemprop="hiringOrganization" itemscope itemtype="http://schema.org/Organization"><b itemprop="name">Кафе Бал</b></span>
      <span itemprop="jobLocation" itemscope><i itemprop="addressLocality">Ош</i></span>
      <span itemprop="baseSalary">35000</span><meta itemprop="salaryCurrency" content="KGS">
      <time itemprop="datePosted" datetime="2026-11-05">5 ноября</time>
      <div itemprop="description"><p>Варить кофе.</p><p>Смена 10 часов.</p></div></div>"#;
    let postings = page(html).postings;
    assert_eq!(postings.len(), 1);
    let p = &postings[0];
    assert_eq!(p.title.as_deref(), Some("Бариста"));
    assert_eq!(p.employer.as_deref(), Some("Кафе Бал"));
    assert_eq!(p.place.as_deref(), Some("Ош"));
    assert_eq!(p.pay.as_deref(), Some("35000 KGS"));
    assert_eq!(p.posted.as_deref(), Some("2026-11-05"));
    assert_eq!(p.duties.as_deref(), Some("Варить кофе.\n\nСмена 10 часов."));
}

#[test]
fn main_text_without_what_stands_around_it() {
    let long = "Требуются швеи в цех, работа сменная, оплата каждую неделю, обед за счёт цеха. ".repeat(12);
    let html = format!(
        "<html lang=RU><title>Т</title><nav>Меню <a href=/>Главная</a></nav><div style='display: none'>тайное</div>
         <article><h1>Швеи</h1><p>{long}</p><p>Тел. 0700 12 34 56</p></article><footer>Права</footer>
         <script>var x = 'скрипт';</script></html>"
    );
    let page = page(&html);
    assert!(page.text.contains("Требуются швеи в цех, работа сменная"), "{}", page.text);
    assert!(page.text.contains("Тел. 0700 12 34 56"), "{}", page.text);
    for absent in ["Меню", "тайное", "Права", "скрипт"] {
        assert!(!page.text.contains(absent), "{absent}: {}", page.text);
    }
    assert_eq!(page.language.as_deref(), Some("ru"));
}

#[test]
fn a_list_of_adverts_stays_whole() {
    let card = |n: usize| format!("<div class=card><p>Нужен повар в кафе номер {n}, тел. 0555 00 00 {n:02}</p></div>");
    let html = format!("<body><div>{}</div></body>", (10..40).map(card).collect::<String>());
    let text = page(&html).text;
    assert!((10..40).all(|n| text.contains(&format!("номер {n},"))), "{text}");
    assert!(text.contains("10\n\nНужен"), "{text}");
}

#[test]
fn links_are_absolute_and_unique() {
    let html = "<a href='/a#x'>один</a><a href='/a'>ещё</a><a href='b?c=1' rel='ugc nofollow'>два</a>
        <a href='mailto:x@y.z'>нет</a><a href='javascript:void(0)'>нет</a><link rel=canonical href='/k'>";
    let page = page(html);
    let urls: Vec<&str> = page.links.iter().map(|l| l.url.as_str()).collect();
    assert_eq!(urls, ["https://board.example/a", "https://board.example/jobs/b?c=1"]);
    assert!(!page.links[0].nofollow && page.links[1].nofollow);
    assert_eq!(page.canonical.as_deref(), Some("https://board.example/k"));
}

#[test]
fn encodings_by_meta_by_header_and_by_looks() {
    let html = "<html><head><meta charset=windows-1251></head><body><p>Требуются сборщики ягод</p></body></html>";
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(html);
    assert!(read_bytes(&bytes, None, None).unwrap().text.contains("сборщики ягод"));
    let bare = html.replace("<meta charset=windows-1251>", "");
    let (bytes, ..) = encoding_rs::KOI8_R.encode(&bare);
    assert!(read_bytes(&bytes, Some("koi8-r"), None).unwrap().text.contains("сборщики ягод"));
    assert!(read_bytes(&bytes, None, None).unwrap().text.contains("сборщики ягод"));
    // a header that lies
    assert!(read_bytes(bare.as_bytes(), Some("us-ascii"), None).unwrap().text.contains("сборщики"));
}

#[test]
fn hostile_pages_end_soon() {
    let start = std::time::Instant::now();
    assert!(read(&"<div>".repeat(3_000_000), None).unwrap_err().contains("nests"));
    assert!(read(&"x".repeat(30 << 20), None).unwrap_err().contains("30 MB"));
    // as deep and as long as may be read
    assert!(read(&format!("{}текст", "<b>".repeat(1900)), None).unwrap().text.contains("текст"));
    assert!(read(&"<p>слово ".repeat(400_000), None).unwrap().text.contains("слово"));
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
