//! The commands, one file each.

mod ask;
mod ast;
mod attempt;
mod check;
mod explain;
mod facts;
mod new;
mod parquet;
mod rules;
mod run;
mod schema;
mod test;
mod undo;
mod why;

use anyhow::Result;
use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check files with a pack; show, or apply, the fixes.
    Run(Box<run::Run>),
    /// Take the fixes of the last run back.
    Undo(undo::Undo),
    /// Run the examples of a pack.
    Test(test::Test),
    /// Check that the configuration and its packs, or one pack, can be used, without looking at any code.
    Check(check::Check),
    /// Show what a rule finds, why it hurts and how it is mended.
    Explain(explain::Explain),
    /// List the rules there are.
    Rules(rules::Rules),
    /// Show the rows of a relation with their places.
    Facts(facts::Facts),
    /// Show what a pattern finds in files, and what its captures are bound to.
    Try(attempt::Try),
    /// Show clause by clause why a rule finds something at a line, or does not.
    Why(why::Why),
    /// Begin a rule file, from code that it must find, or a configuration file.
    New(new::New),
    /// Show the syntax tree of a file as patterns see it.
    Ast(ast::Ast),
    /// Print the JSON schema of rule files, pack.toml or rune.toml.
    Schema(schema::Schema),
}

/// `1 rule`, `2 rules`.
fn counted(n: usize, word: &str) -> String {
    counted_as(n, word, &format!("{word}s"))
}

fn counted_as(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// One line of at most 60 characters.
fn short(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 60 { format!("{}…", line.chars().take(59).collect::<String>()) } else { line }
}

impl Command {
    /// Runs the command; gives the exit code.
    pub(crate) fn run(self) -> Result<u8> {
        match self {
            Command::Run(run) => run.run(),
            Command::Undo(undo) => undo.run(),
            Command::Test(test) => test.run(),
            Command::Check(check) => check.run(),
            Command::Explain(explain) => explain.run(),
            Command::Rules(rules) => rules.run(),
            Command::Facts(facts) => facts.run(),
            Command::Try(attempt) => attempt.run(),
            Command::Why(why) => why.run(),
            Command::New(new) => new.run(),
            Command::Ast(ast) => ast.run(),
            Command::Schema(schema) => schema.run(),
        }
    }
}
