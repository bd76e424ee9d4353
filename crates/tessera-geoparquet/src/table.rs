//! A table in the making.

use crate::{Column, Error, Kind, Value};
use arrow_array::{
    ArrayRef, RecordBatch, StructArray,
    builder::{
        ArrayBuilder, BinaryBuilder, BooleanBuilder, Float64Builder, Int64Builder, StringBuilder,
    },
};
use arrow_schema::{DataType, Field, Fields, Schema};
use geo::BoundingRect;
use geo_types::Geometry;
use parquet::{
    arrow::ArrowWriter, basic::Compression, file::metadata::KeyValue,
    file::properties::WriterProperties,
};
use serde_json::json;
use std::{io::Write, sync::Arc};
use wkb::{Endianness, writer::WriteOptions};

/// Rows of one group: some megabytes in memory, and few enough to skip by place.
const GROUP_ROWS: usize = 20_000;

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub rows: u64,
    pub groups: u64,
}

/// Takes rows one by one; [`Table::finish`] makes a file of them.
pub struct Table<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: Arc<Schema>,
    columns: Vec<Builder>,
    geometry: BinaryBuilder,
    bounds: [Float64Builder; 4],
    waiting: usize,
    written: Written,
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Boolean(BooleanBuilder),
}

impl<W: Write + Send> Table<W> {
    /// Begins a table. Column names differ, and none is `geometry` or `bbox`.
    pub fn begin(into: W, columns: &[Column]) -> Result<Self, Error> {
        let mut fields: Vec<Field> = columns
            .iter()
            .map(|column| Field::new(&column.name, column.kind.data_type(), true))
            .collect();
        fields.push(Field::new("geometry", DataType::Binary, true));
        fields.push(Field::new("bbox", DataType::Struct(box_fields()), false));
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("tessera-geoparquet".to_owned())
            .set_key_value_metadata(Some(vec![KeyValue::new("geo".to_owned(), metadata())]))
            .build();
        let writer = ArrowWriter::try_new(into, Arc::clone(&schema), Some(properties))?;
        Ok(Self {
            writer,
            schema,
            columns: columns.iter().map(|column| Builder::of(column.kind)).collect(),
            geometry: BinaryBuilder::new(),
            bounds: std::array::from_fn(|_| Float64Builder::new()),
            waiting: 0,
            written: Written { rows: 0, groups: 0 },
        })
    }

    /// One row: a value a column, in their order.
    pub fn row(&mut self, geometry: &Geometry<f64>, values: Vec<Value>) -> Result<(), Error> {
        if values.len() != self.columns.len() {
            return Err(Error::Row(self.written.rows));
        }
        let mut bytes = Vec::new();
        let options = WriteOptions { endianness: Endianness::LittleEndian };
        wkb::writer::write_geometry(&mut bytes, geometry, &options)
            .map_err(|_no_word_for_it| Error::Geometry)?;
        self.geometry.append_value(bytes);
        let around = geometry.bounding_rect();
        let sides = around.map(|rect| [rect.min().x, rect.min().y, rect.max().x, rect.max().y]);
        for (index, side) in self.bounds.iter_mut().enumerate() {
            side.append_option(sides.map(|sides| sides[index]));
        }
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.append(value);
        }
        self.written.rows += 1;
        self.waiting += 1;
        if self.waiting == GROUP_ROWS { self.group() } else { Ok(()) }
    }

    /// Writes the last rows and the directory of the file.
    pub fn finish(mut self) -> Result<Written, Error> {
        if self.waiting > 0 {
            self.group()?;
        }
        self.writer.close()?;
        Ok(self.written)
    }

    fn group(&mut self) -> Result<(), Error> {
        let mut arrays: Vec<ArrayRef> = self.columns.iter_mut().map(Builder::finish).collect();
        arrays.push(Arc::new(self.geometry.finish()));
        let sides = self.bounds.iter_mut().map(|side| Arc::new(side.finish()) as ArrayRef);
        arrays.push(Arc::new(StructArray::try_new(box_fields(), sides.collect(), None)?));
        self.writer.write(&RecordBatch::try_new(Arc::clone(&self.schema), arrays)?)?;
        self.writer.flush()?;
        self.waiting = 0;
        self.written.groups += 1;
        Ok(())
    }
}

fn box_fields() -> Fields {
    ["xmin", "ymin", "xmax", "ymax"]
        .map(|side| Field::new(side, DataType::Float64, true))
        .to_vec()
        .into()
}

/// What GeoParquet asks for in the file's metadata. Without a `crs` it is OGC:CRS84.
fn metadata() -> String {
    let side = |side: &str| json!(["bbox", side]);
    json!({
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {
            "encoding": "WKB",
            "geometry_types": [],
            "covering": {"bbox": {"xmin": side("xmin"), "ymin": side("ymin"), "xmax": side("xmax"), "ymax": side("ymax")}},
        }},
    })
    .to_string()
}

impl Kind {
    const fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Integer => DataType::Int64,
            Self::Number => DataType::Float64,
            Self::Boolean => DataType::Boolean,
        }
    }
}

impl Builder {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Number => Self::Number(Float64Builder::new()),
            Kind::Boolean => Self::Boolean(BooleanBuilder::new()),
        }
    }

    fn append(&mut self, value: Value) {
        match (self, value) {
            (Self::Text(column), Value::Text(text)) => column.append_value(text),
            (Self::Integer(column), Value::Integer(number)) => column.append_value(number),
            (Self::Number(column), Value::Number(number)) => column.append_value(number),
            (Self::Number(column), Value::Integer(number)) => column.append_value(number as f64),
            (Self::Boolean(column), Value::Boolean(yes)) => column.append_value(yes),
            (Self::Text(column), _) => column.append_null(),
            (Self::Integer(column), _) => column.append_null(),
            (Self::Number(column), _) => column.append_null(),
            (Self::Boolean(column), _) => column.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(column) => ArrayBuilder::finish(column),
            Self::Integer(column) => ArrayBuilder::finish(column),
            Self::Number(column) => ArrayBuilder::finish(column),
            Self::Boolean(column) => ArrayBuilder::finish(column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{
        Array, BinaryArray, BooleanArray, Float64Array, Int64Array, StringArray, cast::AsArray,
    };
    use bytes::Bytes;
    use geo_types::Point;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    fn columns() -> Vec<Column> {
        [
            ("name", Kind::Text),
            ("rank", Kind::Integer),
            ("depth_m", Kind::Number),
            ("paved", Kind::Boolean),
        ]
        .map(|(name, kind)| Column { name: name.to_owned(), kind })
        .to_vec()
    }

    #[test]
    fn rows_are_read_back_as_they_were_written_group_by_group() {
        let mut file = Vec::new();
        let mut table = Table::begin(&mut file, &columns()).unwrap();
        let rows = GROUP_ROWS + 3;
        for index in 0..rows {
            let point = Point::new(index as f64 / 1000.0, 41.5).into();
            let values = vec![
                Value::Text(format!("n{index}")),
                Value::Integer(index as i64),
                Value::Integer(-7),
                if index == 0 { Value::Null } else { Value::Boolean(true) },
            ];
            table.row(&point, values).unwrap();
        }
        let short = table.row(&Point::new(0.0, 0.0).into(), vec![Value::Null]);
        assert!(matches!(short, Err(Error::Row(_))));
        assert_eq!(table.finish().unwrap(), Written { rows: rows as u64, groups: 2 });

        let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(file)).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let about = reader.metadata().file_metadata().key_value_metadata().unwrap();
        let geo = about.iter().find(|pair| pair.key == "geo").unwrap().value.clone().unwrap();
        let geo: serde_json::Value = serde_json::from_str(&geo).unwrap();
        assert_eq!(
            (&geo["version"], &geo["columns"]["geometry"]["encoding"]),
            (&json!("1.1.0"), &json!("WKB"))
        );
        let batch = reader.with_batch_size(rows).build().unwrap().next().unwrap().unwrap();
        assert_eq!(batch.num_rows(), rows);
        let names: &StringArray = batch["name"].as_string();
        let ranks: &Int64Array = batch["rank"].as_primitive();
        let depths: &Float64Array = batch["depth_m"].as_primitive();
        let paved: &BooleanArray = batch["paved"].as_boolean();
        let shapes: &BinaryArray = batch["geometry"].as_binary();
        assert_eq!(
            (names.value(rows - 1), ranks.value(rows - 1)),
            (&*format!("n{}", rows - 1), rows as i64 - 1)
        );
        assert_eq!((depths.value(5), paved.is_null(0), paved.value(1)), (-7.0, true, true));
        // Little-endian, a point, then its two numbers.
        let mut expected = vec![1, 1, 0, 0, 0];
        expected.extend(2.0_f64.to_le_bytes());
        expected.extend(41.5_f64.to_le_bytes());
        assert_eq!(shapes.value(2000), expected);
        let boxes = batch["bbox"].as_struct();
        let east = boxes["xmax"].as_primitive::<arrow_array::types::Float64Type>();
        assert_eq!(east.value(2000).to_bits(), 2.0_f64.to_bits());
    }

    #[test]
    fn a_table_without_rows_is_a_file() {
        let mut file = Vec::new();
        let written = Table::begin(&mut file, &columns()).unwrap().finish().unwrap();
        assert_eq!(written, Written { rows: 0, groups: 0 });
        assert!(ParquetRecordBatchReaderBuilder::try_new(Bytes::from(file)).is_ok());
    }
}
