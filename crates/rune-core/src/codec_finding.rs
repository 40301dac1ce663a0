//! Findings as bytes.

use rune_model::{
    Argument, Certainty, Chain, Confidence, Edit, Finding, Fix, HeldBack, InsertPlace, Operation, ParameterForm, Place, Related,
    Safety, Severity, Span, Target,
};

use crate::codec::{Reader, Stored, Writer, fields, variants};

/// Enumerations are written as the position in a list of all their values.
macro_rules! listed {
    ($($kind:ident [$($value:ident),*])*) => {$(
        impl Stored for $kind {
            fn put(&self, out: &mut Writer<'_>) {
                let all = [$($kind::$value),*];
                out.number(all.iter().position(|value| value == self).unwrap_or(all.len()) as u64);
            }

            fn take(from: &mut Reader<'_>) -> Option<$kind> {
                [$($kind::$value),*].get(from.small()? as usize).copied()
            }
        }
    )*};
}

listed! {
    Severity [Critical, High, Medium, Low, Info]
    Confidence [High, Medium, Low]
    Certainty [Certain, Possible]
    Safety [Safe, Unsafe, Display]
    InsertPlace [Start, End]
    ParameterForm [List, Arguments, Keys]
}

fields! {
    Span { start, end }
    Place { path, span }
    Related { place, message }
    HeldBack { rule, place, reason, at }
    Target { place, node }
    Edit { at, operation }
    Fix { title, safety, edits, chain }
    Chain { plan, values }
    Finding { rule, skill, severity, confidence, certainty, message, place, related, fix, no_fix, fingerprint }
}

variants! { Argument
    0 Keyword { 0 name }
    1 Position { 0 n }
}

variants! { Operation
    0 Replace { with with }
    1 SetKey { argument argument, key key, with with }
    2 SetArgument { argument argument, with with }
    3 SetString { with with }
    4 InsertBefore { with with }
    5 InsertAfter { with with }
    6 InsertIn { place place, with with }
    7 Remove {}
    8 Move { after after, with with }
    9 MakeAsync {}
    10 EnsureImport { name name, from from_module }
    11 CreateFile { path path, text text }
    12 Parameterize { style style, into into, argument argument, key key, form form }
}
