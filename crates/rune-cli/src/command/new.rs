//! `rune new`.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rune_syntax::{Language, parse};

/// Begin a file of a pack. Never overwrites one.
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// A rule with a first pattern and examples to fill in.
    Rule(NewRule),
    /// A `rune.toml` that runs the built-in pack, here or in a folder.
    Config(NewConfig),
}

#[derive(Debug, clap::Args)]
struct NewConfig {
    /// The folder, of the project as a rule.
    #[arg(default_value = ".")]
    folder: PathBuf,
}

#[derive(Debug, clap::Args)]
struct NewRule {
    /// Its id in kebab-case, which says the defect: `token-without-expiry`.
    id: String,
    /// Folder of the pack.
    #[arg(long, default_value = ".")]
    pack: PathBuf,
    /// Folder of the rule in the pack; the first skill of pack.toml if not given.
    #[arg(long)]
    skill: Option<String>,
    /// Code that it must find: FILE:LINE or FILE:FIRST-LAST.
    #[arg(long, value_name = "FILE:LINES")]
    from: Option<String>,
}

/// The schema of rule files beside pack.toml, for editors.
const SCHEMA: &str = "rule.schema.json";

/// The schema of configuration files beside them, for editors.
const CONFIG_SCHEMA: &str = ".rune.schema.json";

/// Code to begin with.
struct Code {
    language: Language,
    lines: String,
}

impl New {
    pub(crate) fn run(self) -> Result<u8> {
        match self.what {
            What::Rule(rule) => rule.write(),
            What::Config(config) => config.write(),
        }
    }
}

impl NewConfig {
    fn write(&self) -> Result<u8> {
        let folder = self.folder.strip_prefix(".").unwrap_or(&self.folder);
        let others = rune_pack::CONFIG_FILES.iter().filter(|name| name.starts_with("rune"));
        if let Some(path) = others.map(|name| folder.join(name)).find(|path| path.exists()) {
            bail!("`{}` exists; nothing was changed", path.display());
        }
        let mut out = anstream::stdout();
        let schema = folder.join(CONFIG_SCHEMA);
        if create(&schema, &format!("{:#}\n", rune_pack::config_schema()))? {
            writeln!(out, "wrote {} (for editors)", schema.display())?;
        }
        let path = folder.join("rune.toml");
        create(&path, CONFIG)?;
        writeln!(out, "wrote {}", path.display())?;
        writeln!(out, "next: `rune check`, then `rune run`")?;
        Ok(0)
    }
}

/// A configuration to begin with.
const CONFIG: &str = r#"#:schema ./.rune.schema.json
# The rules of packs, and what this project has otherwise. `rune check --show FILE` tells what holds for a file.

[packs.backend]
builtin = true

# [packs.house]
# path = "./rulepacks/house"

# [rules]
# "backend/a-rule" = "critical"
# "backend/@skill:a-skill" = "off"
# "backend/another-rule" = { severity = "low", fix = "display" }

# [[overrides]]
# files = ["scripts/**"]
# rules = { "backend/*" = "off" }
"#;

impl NewRule {
    #[allow(clippy::disallowed_methods)]
    fn write(&self) -> Result<u8> {
        let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        if !self.id.split('-').all(is_word) {
            bail!("`{}` is not in kebab-case: lower-case words with hyphens between them", self.id);
        }
        let skill = self.folder()?;
        let code = match &self.from {
            Some(from) => chosen(from)?,
            None => Code { language: Language::TypeScript, lines: "call(1);\n".to_owned() },
        };
        let folder = self.pack.join(&skill);
        std::fs::create_dir_all(&folder).with_context(|| format!("`{}` cannot be made", folder.display()))?;
        let mut out = anstream::stdout();
        let path = folder.join(format!("{}.yaml", self.id));
        if path.exists() {
            bail!("`{}` exists; nothing was changed", path.display());
        }
        let schema = self.schema().map_or_else(
            || {
                let path = self.pack.join(SCHEMA);
                create(&path, &format!("{:#}\n", rune_pack::rule_schema()))?;
                writeln!(out, "wrote {} (for editors)", path.display())?;
                Ok::<String, anyhow::Error>(format!("../{SCHEMA}"))
            },
            Ok,
        )?;
        if !create(&path, &rule(&self.id, &schema, &code))? {
            bail!("`{}` exists; nothing was changed", path.display());
        }
        writeln!(out, "wrote {}", path.display())?;
        writeln!(out, "next: fill in what is marked TODO, then `rune test {} --only {}`", self.pack.display(), self.id)?;
        Ok(0)
    }

    /// The schema of rule files in the pack or at most two folders above it, as the rule must name it.
    fn schema(&self) -> Option<String> {
        let above = |n: usize| std::iter::repeat_n("..", n).collect::<PathBuf>();
        let names = (0..3).flat_map(|n| [SCHEMA, "schema/rule.json"].map(|name| (n, name)));
        let found = names.into_iter().find(|(n, name)| self.pack.join(above(*n)).join(name).is_file());
        found.map(|(n, name)| format!("{}{name}", "../".repeat(n + 1)))
    }

    /// The skill that the rule goes into.
    fn folder(&self) -> Result<String> {
        let shown = self.pack.display();
        let Some(pack) = rune_pack::load_dir(&self.pack).pack else {
            bail!(
                "`{shown}` has no pack.toml that can be used: name the folder of a pack with `--pack`, see `rune check {shown}`"
            );
        };
        let skills: Vec<&str> = pack.skills.keys().map(String::as_str).collect();
        match (&self.skill, skills.first()) {
            (Some(skill), _) if skills.contains(&skill.as_str()) => Ok(skill.clone()),
            (Some(skill), Some(_)) => bail!("the pack has no skill `{skill}`; it has {}", skills.join(", ")),
            (None, Some(first)) => Ok((*first).to_owned()),
            (_, None) => bail!("the pack has no skill: add `[skills.NAME]` to its pack.toml"),
        }
    }
}

/// Writes a new file; false if there is one already.
fn create(path: &Path, text: &str) -> Result<bool> {
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    match opened {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true).with_context(|| path.display().to_string()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).with_context(|| format!("`{}` cannot be written", path.display())),
    }
}

/// The lines that `FILE:3` or `FILE:3-7` names, without their common indentation.
#[allow(clippy::disallowed_methods)]
fn chosen(from: &str) -> Result<Code> {
    let usage = || format!("`{from}` names no lines: write FILE:LINE or FILE:FIRST-LAST");
    let (file, range) = from.rsplit_once(':').with_context(usage)?;
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let (first, last): (usize, usize) = (first.parse().with_context(usage)?, last.parse().with_context(usage)?);
    let language = Language::of_path(file).with_context(|| format!("`{file}`: rune reads no files of this kind"))?;
    let text = std::fs::read_to_string(file).with_context(|| format!("`{file}` cannot be read"))?;
    let n_lines = text.lines().count();
    if first == 0 || first > last || last > n_lines {
        bail!("`{file}` has no lines {range}: it has {}", super::counted(n_lines, "line"));
    }
    let lines: Vec<&str> = text.lines().skip(first - 1).take(last + 1 - first).collect();
    let filled = || lines.iter().filter(|line| !line.trim().is_empty());
    let margin = filled().map(|line| line.len() - line.trim_start().len()).min();
    let Some(margin) = margin else { bail!("the lines {range} of `{file}` are empty") };
    let lines: String = lines.iter().map(|line| format!("{}\n", line.get(margin..).unwrap_or("").trim_end())).collect();
    Ok(Code { language, lines })
}

/// What the first call calls, with anything between its parentheses; else the code itself.
fn pattern(code: &Code) -> String {
    let ast = parse(&code.lines, code.language);
    let is_call = |node: &u32| ["call_expression", "call", "new_expression"].contains(&ast.kind(*node).name());
    let call = (0..ast.len()).find(is_call).and_then(|node| {
        let callee = ast.child_named(node, "function").or_else(|| ast.child_named(node, "constructor"))?;
        let word = if ast.kind(node).name() == "new_expression" { "new " } else { "" };
        Some(format!("{word}{}(...)", ast.text(callee, &code.lines)))
    });
    let text = call.filter(|text| !text.contains('\n')).unwrap_or_else(|| code.lines.trim_end().to_owned());
    let text = text.replace('$', "\\$");
    match (text.contains('`'), text.contains('\n')) {
        (false, false) => format!("`{text}`"),
        (true, false) => format!("`` {text} ``"),
        (_, true) => format!("``\n{}``", indented(&text, 4)),
    }
}

fn rule(id: &str, schema: &str, code: &Code) -> String {
    let comment = match code.language {
        Language::Python | Language::Toml | Language::Yaml | Language::GraphQl | Language::Env | Language::Text => "#",
        Language::Sql => "--",
        _ => "//",
    };
    // `text` is matched by lines, `sql` by statements.
    let pattern = match code.language {
        Language::Text => "line".to_owned(),
        Language::Sql => "statement".to_owned(),
        _ => pattern(code),
    };
    format!(
        "# yaml-language-server: $schema={schema}
id: {id}
summary: TODO what is wrong, in a few words
severity: medium
confidence: medium
languages: [{}]
match: |
  find {pattern} as $FOUND
report: \"TODO what is wrong here: `{{{{FOUND}}}}`\"
why: |
  TODO why it hurts, in two or three sentences.
examples:
  - bad: |
{}  - good: |
      {comment} TODO the look-alike that must stay silent
",
        code.language.family(),
        indented(&code.lines, 6),
    )
}

fn indented(text: &str, n: usize) -> String {
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("{}{line}\n", " ".repeat(n)) };
    text.lines().map(line).collect()
}
