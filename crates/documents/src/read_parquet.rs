//! Parquet, column by column: only the columns that hold parts of an advert are unpacked.

use crate::advert::Trouble;
use crate::source::Emit;
use crate::{Columns, headings};
use parquet::basic::{ConvertedType, LogicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescPtr;

/// Rows unpacked together.
const ROWS: usize = 512;

/// Reads all rows. False when nobody wants more.
pub(crate) fn adverts<R: ChunkReader + 'static>(input: R, columns: &Columns, emit: &mut Emit<'_>) -> bool {
    match groups(input, columns, emit) {
        Ok(more) => more,
        Err(problem) => emit(Err(Trouble::whole(problem))),
    }
}

fn groups<R: ChunkReader + 'static>(input: R, columns: &Columns, emit: &mut Emit<'_>) -> Result<bool, String> {
    let said = |e: parquet::errors::ParquetError| format!("is no Parquet file that can be read: {e}");
    let file = SerializedFileReader::new(input).map_err(said)?;
    let schema = file.metadata().file_metadata().schema_descr_ptr();
    // nested and repeated columns hold no advert's part
    let plain: Vec<usize> = (0..schema.num_columns())
        .filter(|&n| schema.column(n).max_rep_level() == 0 && schema.column(n).path().parts().len() == 1)
        .collect();
    let names: Vec<String> = plain.iter().map(|&n| schema.column(n).name().to_string()).collect();
    let found = headings::find(&names, columns)?;
    let mut place = 0;
    for group in 0..file.num_row_groups() {
        let group = file.get_row_group(group).map_err(said)?;
        let mut rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let mut readers = Vec::with_capacity(headings::PARTS);
        for at in found {
            let at = at.map(|at| plain[at]);
            let reader = at.map(|at| Ok((schema.column(at), group.get_column_reader(at)?)));
            readers.push(reader.transpose().map_err(said)?);
        }
        while rows > 0 {
            let wanted = rows.min(ROWS);
            let mut parts: Vec<Vec<Option<String>>> = Vec::with_capacity(headings::PARTS);
            for reader in &mut readers {
                parts.push(match reader {
                    Some((column, reader)) => values(reader, column, wanted).map_err(said)?,
                    None => vec![None; wanted],
                });
            }
            let read = parts.iter().map(Vec::len).min().unwrap_or(0);
            if read == 0 {
                return Err("ends before its last row; it may be cut short".into());
            }
            for row in 0..read {
                place += 1;
                let row = std::array::from_fn(|n| parts[n].get_mut(row).and_then(Option::take));
                let item = headings::advert(row, place).ok_or_else(|| Trouble {
                    place,
                    problem: "the row has no text".into(),
                    inside: None,
                });
                if !emit(item) {
                    return Ok(false);
                }
            }
            rows -= read;
        }
    }
    Ok(true)
}

/// The next values of a column as text.
fn values(
    reader: &mut ColumnReader,
    column: &ColumnDescPtr,
    rows: usize,
) -> Result<Vec<Option<String>>, parquet::errors::ParquetError> {
    let day = column.converted_type() == ConvertedType::DATE || column.logical_type_ref() == Some(&LogicalType::Date);
    match reader {
        ColumnReader::ByteArrayColumnReader(r) => typed(r, column, rows, text),
        ColumnReader::Int32ColumnReader(r) if day => typed(r, column, rows, |days| Some(date(i64::from(*days)))),
        ColumnReader::Int32ColumnReader(r) => typed(r, column, rows, |v| Some(v.to_string())),
        ColumnReader::Int64ColumnReader(r) => typed(r, column, rows, |v| Some(v.to_string())),
        ColumnReader::DoubleColumnReader(r) => typed(r, column, rows, |v| Some(v.to_string())),
        _ => Ok(vec![None; rows]),
    }
}

fn text(bytes: &ByteArray) -> Option<String> {
    Some(String::from_utf8_lossy(bytes.data()).into_owned()).filter(|t| !t.is_empty())
}

fn typed<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    column: &ColumnDescPtr,
    rows: usize,
    write: impl Fn(&T::T) -> Option<String>,
) -> Result<Vec<Option<String>>, parquet::errors::ParquetError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let most = column.max_def_level();
    let mut out = Vec::with_capacity(rows);
    while out.len() < rows {
        levels.clear();
        values.clear();
        let (records, ..) = reader.read_records(rows - out.len(), Some(&mut levels), None, &mut values)?;
        if records == 0 {
            break;
        }
        let mut present = values.iter();
        for n in 0..records {
            let there = most == 0 || levels.get(n) == Some(&most);
            out.push(if there { present.next().and_then(&write) } else { None });
        }
    }
    Ok(out)
}

/// A day counted from 1970-01-01 (civil from days, Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn date(days: i64) -> String {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    format!("{:04}-{month:02}-{day:02}", yoe + era * 400 + i64::from(month <= 2))
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_are_dates() {
        assert_eq!(super::date(0), "1970-01-01");
        assert_eq!(super::date(20_782), "2026-11-25");
        assert_eq!(super::date(-1), "1969-12-31");
    }
}
