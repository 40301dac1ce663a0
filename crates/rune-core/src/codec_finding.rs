//! Findings as bytes.

use rune_model::{
    Argument, Certainty, Confidence, Edit, Finding, Fix, HeldBack, InsertPlace, Operation, ParameterForm, Place, Related, Safety,
    Severity, Span, Target,
};

use crate::codec::{Reader, Stored, Writer};

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

/// Structures are written field by field.
macro_rules! fields {
    ($($kind:ident { $($field:ident),* })*) => {$(
        impl Stored for $kind {
            fn put(&self, out: &mut Writer<'_>) {
                let $kind { $($field),* } = self;
                $($field.put(out);)*
            }

            fn take(from: &mut Reader<'_>) -> Option<$kind> {
                $(let $field = Stored::take(from)?;)*
                Some($kind { $($field),* })
            }
        }
    )*};
}

fields! {
    Span { start, end }
    Place { path, span }
    Related { place, message }
    HeldBack { rule, place, reason, at }
    Target { place, node }
    Edit { at, operation }
    Fix { title, safety, edits }
    Finding { rule, skill, severity, confidence, certainty, message, place, related, fix, no_fix, fingerprint }
}

impl Stored for Argument {
    fn put(&self, out: &mut Writer<'_>) {
        match self {
            Argument::Position(n) => (true, *n).put(out),
            Argument::Keyword(name) => (false, name.clone()).put(out),
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Argument> {
        Some(if bool::take(from)? { Argument::Position(u32::take(from)?) } else { Argument::Keyword(String::take(from)?) })
    }
}

/// The operations by number, each with its fields.
macro_rules! operations {
    ($($number:literal $kind:ident { $($field:ident),* })*) => {
        impl Stored for Operation {
            fn put(&self, out: &mut Writer<'_>) {
                match self {
                    $(Operation::$kind { $($field),* } => {
                        out.bytes.push($number);
                        $($field.put(out);)*
                    })*
                }
            }

            fn take(from: &mut Reader<'_>) -> Option<Operation> {
                match from.byte()? {
                    $($number => {
                        $(let $field = Stored::take(from)?;)*
                        Some(Operation::$kind { $($field),* })
                    })*
                    _ => None,
                }
            }
        }
    };
}

operations! {
    0 Replace { with }
    1 SetKey { argument, key, with }
    2 SetArgument { argument, with }
    3 SetString { with }
    4 InsertBefore { with }
    5 InsertAfter { with }
    6 InsertIn { place, with }
    7 Remove {}
    8 Move { after, with }
    9 MakeAsync {}
    10 EnsureImport { name, from }
    11 CreateFile { path, text }
    12 Parameterize { style, into, argument, key, form }
}
