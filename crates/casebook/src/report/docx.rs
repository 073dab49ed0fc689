//! DOCX: a small archive of XML, as word processors read it (ECMA-376, the least that is needed).

use super::charts::escape;
use super::letter::{Paragraph, Style};
use crate::error::CaseError;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="24"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="30"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="160"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/><w:pPr><w:pBdr><w:left w:val="single" w:sz="12" w:space="8" w:color="999999"/></w:pBdr><w:ind w:left="426"/></w:pPr></w:style></w:styles>"#;

/// Writes the paragraphs as a document; the archive holds no times.
pub(crate) fn write(paragraphs: &[Paragraph]) -> Result<Vec<u8>, CaseError> {
    let mut body = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#,
    );
    for (style, text) in paragraphs {
        let properties = match style {
            Style::Heading => r#"<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>"#,
            Style::Subheading => r#"<w:pPr><w:pStyle w:val="Heading2"/></w:pPr>"#,
            Style::Quote => r#"<w:pPr><w:pStyle w:val="Quote"/></w:pPr>"#,
            Style::Item => r#"<w:pPr><w:ind w:left="426" w:hanging="284"/></w:pPr>"#,
            Style::Right => r#"<w:pPr><w:spacing w:after="0"/><w:jc w:val="right"/></w:pPr>"#,
            Style::Plain => "",
        };
        let lead = if *style == Style::Item { "– " } else { "" };
        let lines: Vec<String> =
            text.lines().map(|line| format!(r#"<w:t xml:space="preserve">{}</w:t>"#, escape(line))).collect();
        let lead = if lead.is_empty() { String::new() } else { format!(r#"<w:t xml:space="preserve">{lead}</w:t>"#) };
        body.push_str(&format!("<w:p>{properties}<w:r>{lead}{}</w:r></w:p>", lines.join("<w:br/>")));
    }
    body.push_str(
        r#"<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>"#,
    );
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let parts = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS),
        ("word/styles.xml", STYLES),
        ("word/document.xml", &body),
    ];
    let failed = |e: zip::result::ZipError| CaseError::input(format!("the document cannot be written: {e}"));
    for (name, text) in parts {
        archive.start_file(name, options).map_err(failed)?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish().map_err(failed)?.into_inner())
}
