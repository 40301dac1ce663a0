//! Rows of a relation as a Parquet file: `at_path`, `at_line`, `at_column` and `possible`, then the columns of the relation
//! by their types. Beside a column of nodes or symbols stand `<name>_path` and `<name>_line`, unless the relation has
//! columns of these names itself.

use std::sync::Arc;

use anyhow::Result;
use parquet::basic::{ConvertedType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use rune_core::Fact;
use rune_pack::{ColumnType, RelationDecl};

use super::facts::Shown;

/// A column of the file with a value, or none, for each row.
struct Column {
    name: String,
    values: Values,
}

enum Values {
    Text(Vec<Option<String>>),
    /// A list without a value is null, one without items is empty.
    Lists(Vec<Option<Vec<String>>>),
    Number(Vec<Option<f64>>),
    Whole(Vec<Option<i32>>),
    Bool(Vec<Option<bool>>),
}

/// The bytes of the file.
pub(super) fn file(relation: &RelationDecl, facts: &[&Fact], shown: &Shown) -> Result<Vec<u8>> {
    let columns = columns(relation, facts, shown);
    let fields = columns.iter().map(|column| column.schema().map(Arc::new)).collect::<Result<Vec<_>>>()?;
    let schema = Type::group_type_builder(&relation.name).with_fields(fields).build()?;
    let properties = WriterProperties::builder().set_created_by(concat!("rune ", env!("CARGO_PKG_VERSION")).to_owned()).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for column in &columns {
        column.write(&mut group)?;
    }
    group.close()?;
    Ok(writer.into_inner()?)
}

fn columns(relation: &RelationDecl, facts: &[&Fact], shown: &Shown) -> Vec<Column> {
    let at: Vec<_> = facts.iter().map(|fact| fact.place.as_ref().map(|place| shown.at(place))).collect();
    let text = |values: &mut dyn Iterator<Item = Option<String>>| Values::Text(values.collect());
    let mut columns = vec![
        Column::new("at_path", text(&mut at.iter().map(|at| Some(at.as_ref()?.0.to_string())))),
        Column::new("at_line", Values::Whole(at.iter().map(|at| i32::try_from(at.as_ref()?.1).ok()).collect())),
        Column::new("at_column", Values::Whole(at.iter().map(|at| i32::try_from(at.as_ref()?.2).ok()).collect())),
        Column::new("possible", Values::Bool(facts.iter().map(|fact| Some(fact.possible)).collect())),
    ];
    for (name, kind) in &relation.columns {
        columns.push(Column::new(name, Values::of(name, kind, facts)));
        let places: Vec<_> = facts.iter().map(|fact| find(&fact.places, name).map(|place| shown.at(place))).collect();
        let is_free = |added: &str| relation.columns.iter().all(|(name, _)| name != added);
        let (path, line) = (format!("{name}_path"), format!("{name}_line"));
        if matches!(kind, ColumnType::Node | ColumnType::Symbol) && is_free(&path) && is_free(&line) {
            columns.push(Column::new(&path, text(&mut places.iter().map(|at| Some(at.as_ref()?.0.to_string())))));
            columns.push(Column::new(&line, Values::Whole(places.iter().map(|at| i32::try_from(at.as_ref()?.1).ok()).collect())));
        }
    }
    columns
}

fn find<'f, T>(named: &'f [(String, T)], name: &str) -> Option<&'f T> {
    named.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

impl Values {
    /// The values of a column of the relation; what is not known is null.
    fn of(name: &str, kind: &ColumnType, facts: &[&Fact]) -> Values {
        let texts = facts.iter().map(|fact| find(&fact.columns, name).filter(|text| *text != "?"));
        match kind {
            ColumnType::Number | ColumnType::Duration => Values::Number(texts.map(|text| text?.parse().ok()).collect()),
            ColumnType::Bool => Values::Bool(texts.map(|text| text?.parse().ok()).collect()),
            ColumnType::List(_) => Values::Lists(facts.iter().map(|fact| find(&fact.lists, name).cloned()).collect()),
            _ => Values::Text(texts.map(|text| text.cloned()).collect()),
        }
    }
}

impl Column {
    fn new(name: &str, values: Values) -> Column {
        Column { name: name.to_owned(), values }
    }

    fn schema(&self) -> Result<Type> {
        let text = |name: &str, repetition| {
            let builder = Type::primitive_type_builder(name, Physical::BYTE_ARRAY);
            builder.with_converted_type(ConvertedType::UTF8).with_repetition(repetition).build()
        };
        let plain = |physical| Type::primitive_type_builder(&self.name, physical).with_repetition(Repetition::OPTIONAL).build();
        Ok(match &self.values {
            Values::Text(_) => text(&self.name, Repetition::OPTIONAL)?,
            Values::Number(_) => plain(Physical::DOUBLE)?,
            Values::Whole(_) => plain(Physical::INT32)?,
            Values::Bool(_) => plain(Physical::BOOLEAN)?,
            Values::Lists(_) => {
                let items = vec![Arc::new(text("element", Repetition::REQUIRED)?)];
                let list = Type::group_type_builder("list").with_repetition(Repetition::REPEATED).with_fields(items).build()?;
                let outer = Type::group_type_builder(&self.name).with_repetition(Repetition::OPTIONAL);
                outer.with_converted_type(ConvertedType::LIST).with_fields(vec![Arc::new(list)]).build()?
            }
        })
    }

    fn write<W: std::io::Write + Send>(&self, group: &mut SerializedRowGroupWriter<'_, W>) -> Result<()> {
        match &self.values {
            Values::Text(values) => optional::<ByteArrayType, _, _>(group, values, |text: &String| bytes(text)),
            Values::Number(values) => optional::<DoubleType, _, _>(group, values, |n: &f64| *n),
            Values::Whole(values) => optional::<Int32Type, _, _>(group, values, |n: &i32| *n),
            Values::Bool(values) => optional::<BoolType, _, _>(group, values, |b: &bool| *b),
            Values::Lists(values) => {
                let mut definition: Vec<i16> = Vec::new();
                let mut repetition: Vec<i16> = Vec::new();
                for list in values {
                    let n_items = list.as_ref().map_or(0, Vec::len);
                    let level = if list.is_none() {
                        0
                    } else if n_items == 0 {
                        1
                    } else {
                        2
                    };
                    definition.extend(std::iter::repeat_n(level, n_items.max(1)));
                    repetition.extend((0..n_items.max(1)).map(|item| i16::from(item > 0)));
                }
                let items: Vec<ByteArray> = values.iter().flatten().flatten().map(|text| bytes(text)).collect();
                column::<ByteArrayType, _>(group, &items, &definition, Some(&repetition))
            }
        }
    }
}

fn bytes(text: &str) -> ByteArray {
    text.as_bytes().to_vec().into()
}

fn optional<T: DataType, V, W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[Option<V>],
    raw: impl Fn(&V) -> T::T,
) -> Result<()> {
    let definition: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<T::T> = values.iter().flatten().map(raw).collect();
    column::<T, _>(group, &values, &definition, None)
}

fn column<T: DataType, W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    definition: &[i16],
    repetition: Option<&[i16]>,
) -> Result<()> {
    if let Some(mut writer) = group.next_column()? {
        writer.typed::<T>().write_batch(values, Some(definition), repetition)?;
        writer.close()?;
    }
    Ok(())
}
