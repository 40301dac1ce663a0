//! `rune facts`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Result, bail};
use rune_model::{LineIndex, Place};

/// Show the rows of a relation with their places.
#[derive(Debug, clap::Args)]
pub(crate) struct Facts {
    /// The relation.
    relation: String,
    /// Files and folders; the current folder if none.
    paths: Vec<PathBuf>,
    /// Folder or name of the pack.
    #[arg(long, default_value = "backend")]
    pack: String,
    /// As lines for people, or as JSON with whole values.
    #[arg(long, value_enum, default_value_t = super::Format::Text)]
    format: super::Format,
}

impl Facts {
    pub(crate) fn run(self) -> Result<u8> {
        let (pack, program) = crate::pack::program(&self.pack)?;
        let project = crate::project::read(&self.paths)?;
        let walked = &project.walked;
        let Some(facts) = rune_core::facts(&program, &walked.sources, &self.relation) else {
            let names: Vec<&str> = pack.relations.iter().map(|relation| relation.name.as_str()).collect();
            if names.is_empty() {
                bail!("the pack `{}` declares no relations at all", self.pack);
            }
            bail!("the pack `{}` declares no relation `{}`; it has {}", self.pack, self.relation, names.join(", "));
        };
        let mut out = anstream::stdout();
        let is_given = |fact: &&rune_core::Fact| fact.place.as_ref().is_none_or(|place| project.is_given(&place.path));
        let facts: Vec<&rune_core::Fact> = facts.iter().filter(is_given).collect();
        let sources = project.by_path();
        let at = |place: &Place| {
            let text = sources.get(place.path.as_ref()).map_or("", |source| source.text.as_ref());
            LineIndex::new(text).line_column(text, place.span.start)
        };
        if self.format == super::Format::Json {
            let rows: Vec<serde_json::Value> = facts
                .iter()
                .map(|fact| {
                    let columns: serde_json::Map<String, serde_json::Value> =
                        fact.columns.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
                    let place = fact.place.as_ref().map(|place| {
                        let (line, column) = at(place);
                        serde_json::json!({ "path": project.shown(&place.path).as_ref(), "line": line, "column": column })
                    });
                    serde_json::json!({ "at": place, "possible": fact.possible, "columns": columns })
                })
                .collect();
            let all = serde_json::json!({ "schema_version": 1, "relation": self.relation, "rows": rows });
            writeln!(out, "{all:#}")?;
            return Ok(0);
        }
        for fact in &facts {
            let place = match &fact.place {
                Some(place) => {
                    let (line, column) = at(place);
                    format!("{}:{line}:{column}", project.shown(&place.path))
                }
                None => "(constant)".to_owned(),
            };
            let columns: Vec<String> =
                fact.columns.iter().map(|(name, value)| format!("{name}: {}", super::short(value))).collect();
            let possible = if fact.possible { "  (possible)" } else { "" };
            writeln!(out, "{place}  {}{possible}", columns.join(", "))?;
        }
        writeln!(out, "{} of {}", super::counted(facts.len(), "row"), self.relation)?;
        Ok(0)
    }
}
