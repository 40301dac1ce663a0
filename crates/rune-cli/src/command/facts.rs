//! `rune facts`.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use rune_core::{Fact, Program};
use rune_model::{LineIndex, Place};
use rune_pack::{Pack, RelationDecl};

use crate::config::ConfigOptions;
use crate::project::Project;

/// Show the rows of a relation with their places, or how many rows each relation has.
#[derive(Debug, clap::Args)]
pub(crate) struct Facts {
    /// The relation; all of them are counted if none is named.
    relation: Option<String>,
    /// Files and folders; the current folder if none.
    paths: Vec<PathBuf>,
    /// Folder or name of the pack; those of the configuration if not given, `backend` if there is none.
    #[arg(long)]
    pack: Option<String>,
    #[command(flatten)]
    config: ConfigOptions,
    /// As lines for people, as JSON with whole values, or as a Parquet file on standard output.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[value(alias = "table")]
    Text,
    Json,
    Parquet,
}

impl Facts {
    pub(crate) fn run(mut self) -> Result<u8> {
        let packs = crate::config::here(&self.config)?.packs_or_built_in(self.pack.as_deref())?;
        let declared = |name: &str| {
            packs.items.iter().find_map(|(pack, program)| {
                let relation = pack.relations.iter().find(|relation| relation.name == name)?;
                Some((relation, program))
            })
        };
        // `rune facts src` counts the relations of a folder.
        if let Some(path) = self.relation.take_if(|name| declared(name).is_none() && std::path::Path::new(name).exists()) {
            self.paths.insert(0, path.into());
        }
        match &self.relation {
            None if self.format == Format::Json && packs.items.len() > 1 => {
                bail!("one JSON document holds the relations of one pack: name it with `--pack`; there are {}", packs.names())
            }
            None => packs.items.iter().try_for_each(|(pack, program)| self.count(pack, program)).map(|()| 0),
            Some(name) => match declared(name) {
                Some((relation, program)) => self.rows(relation, program),
                None => {
                    let relations = packs.items.iter().flat_map(|(pack, _)| &pack.relations);
                    let names: Vec<&str> = relations.map(|relation| relation.name.as_str()).collect();
                    if names.is_empty() {
                        bail!("{} declares no relations at all", packs.names());
                    }
                    bail!("{} declares no relation `{name}`; it has {}", packs.names(), names.join(", "))
                }
            },
        }
    }

    fn rows(&self, relation: &RelationDecl, program: &Program) -> Result<u8> {
        let mut out = anstream::stdout();
        if self.format == Format::Parquet && std::io::stdout().is_terminal() {
            bail!("a Parquet file is no text: write it to a file with `> {}.parquet`", relation.name);
        }
        let shown = Shown::new(crate::project::read(&self.paths)?);
        let facts = rune_core::facts(program, &shown.project.walked.sources, &relation.name).unwrap_or_default();
        let facts: Vec<&Fact> = facts.iter().filter(|fact| shown.is_given(fact)).collect();
        match self.format {
            Format::Parquet => std::io::stdout().lock().write_all(&super::parquet::file(relation, &facts, &shown)?)?,
            Format::Json => {
                let rows: Vec<serde_json::Value> = facts.iter().map(|fact| shown.json(fact)).collect();
                let all = serde_json::json!({ "schema_version": 1, "relation": relation.name, "rows": rows });
                writeln!(out, "{all:#}")?;
            }
            Format::Text => {
                for fact in &facts {
                    writeln!(out, "{}", shown.line(fact))?;
                }
                writeln!(out, "{} of {}", super::counted(facts.len(), "row"), relation.name)?;
            }
        }
        Ok(0)
    }

    /// How many rows each relation has, in the order in which the pack declares them.
    fn count(&self, pack: &Pack, program: &Program) -> Result<()> {
        let mut out = anstream::stdout();
        if self.format == Format::Parquet {
            bail!("a Parquet file holds one relation: name it");
        }
        let shown = Shown::new(crate::project::read(&self.paths)?);
        let all = rune_core::all_facts(program, &shown.project.walked.sources);
        let given = |facts: &[Fact]| facts.iter().filter(|fact| shown.is_given(fact)).count();
        let counts: BTreeMap<&str, usize> = all.iter().map(|(name, facts)| (name.as_str(), given(facts))).collect();
        let count = |relation: &RelationDecl| counts.get(relation.name.as_str()).copied().unwrap_or(0);
        if self.format == Format::Json {
            let relations = pack.relations.iter().map(|relation| {
                serde_json::json!({ "relation": relation.name, "group": relation.group, "about": relation.about, "rows": count(relation) })
            });
            let all = serde_json::json!({ "schema_version": 1, "relations": relations.collect::<Vec<_>>() });
            writeln!(out, "{all:#}")?;
            return Ok(());
        }
        let filled: Vec<&RelationDecl> = pack.relations.iter().filter(|relation| count(relation) > 0).collect();
        let width = filled.iter().map(|relation| relation.name.len()).max().unwrap_or(0);
        for relation in &filled {
            writeln!(out, "{:7}  {:width$}  {}", count(relation), relation.name, relation.about)?;
        }
        let empty = pack.relations.len() - filled.len();
        writeln!(out, "{} with rows, {empty} without", super::counted(filled.len(), "relation"))?;
        Ok(())
    }
}

/// Rows as they are written: paths relative to the folder of the user, lines and columns from 1.
pub(super) struct Shown {
    project: Project,
    files: BTreeMap<Arc<str>, (Arc<str>, OnceCell<LineIndex>)>,
}

impl Shown {
    fn new(project: Project) -> Shown {
        let sources = project.walked.sources.iter();
        let files = sources.map(|source| (source.path.clone(), (source.text.clone(), OnceCell::new()))).collect();
        Shown { project, files }
    }

    fn is_given(&self, fact: &Fact) -> bool {
        fact.place.as_ref().is_none_or(|place| self.project.is_given(&place.path))
    }

    /// Path, line and column (in characters) of a place.
    pub(super) fn at(&self, place: &Place) -> (Arc<str>, u32, u32) {
        let file = self.files.get(&place.path);
        let (line, column) =
            file.map_or((1, 1), |(text, lines)| lines.get_or_init(|| LineIndex::new(text)).line_column(text, place.span.start));
        (self.project.shown(&place.path), line, column)
    }

    fn json_place(&self, place: &Place) -> serde_json::Value {
        let (path, line, column) = self.at(place);
        serde_json::json!({ "path": path.as_ref(), "line": line, "column": column })
    }

    fn json(&self, fact: &Fact) -> serde_json::Value {
        let columns: serde_json::Map<String, serde_json::Value> =
            fact.columns.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        let places: serde_json::Map<String, serde_json::Value> =
            fact.places.iter().map(|(name, place)| (name.clone(), self.json_place(place))).collect();
        let at = fact.place.as_ref().map(|place| self.json_place(place));
        serde_json::json!({ "at": at, "possible": fact.possible, "columns": columns, "places": places })
    }

    fn line(&self, fact: &Fact) -> String {
        let place = fact.place.as_ref().map(|place| self.at(place));
        let place = place.map_or("(constant)".to_owned(), |(path, line, column)| format!("{path}:{line}:{column}"));
        let columns: Vec<String> = fact.columns.iter().map(|(name, value)| format!("{name}: {}", super::short(value))).collect();
        format!("{place}  {}{}", columns.join(", "), if fact.possible { "  (possible)" } else { "" })
    }
}
