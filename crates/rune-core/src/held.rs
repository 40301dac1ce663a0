//! How an expression holds a value: at which keys, whole or in part, certainly or possibly.

use rune_syntax::Keeping;

/// How many keys deep a value is followed into what holds it.
const MAX_KEYS: usize = 6;

/// A key under which something is held.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Link {
    Key(Box<str>),
    /// An item of a list, or a key that is computed.
    Any,
}

/// How a value is held.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Held {
    /// The keys that lead to it, the outermost last; empty if it is the thing itself.
    pub(crate) path: Vec<Link>,
    /// Whether it may be less than all of the value: a member, an item, a choice.
    pub(crate) part: bool,
    /// Whether an unknown decided.
    pub(crate) possible: bool,
}

impl Held {
    pub(crate) fn possibly(self) -> Held {
        Held { possible: true, ..self }
    }

    /// A thing that holds this under a key; `None` beyond the depth that is followed.
    pub(crate) fn under(mut self, link: Link) -> Option<Held> {
        self.path.push(link);
        (self.path.len() <= MAX_KEYS).then_some(self)
    }

    /// What a member of the thing holds; `key` is `None` if it is not known which. `None` if nothing of the value.
    pub(crate) fn taken(mut self, key: Option<&str>) -> Option<Held> {
        let is_index = |key: &str| key.bytes().all(|byte| byte.is_ascii_digit());
        match (self.path.pop(), key) {
            (None, _) => self.part = true,
            (Some(Link::Any), Some(key)) if !is_index(key) => self.possible = true,
            (Some(Link::Any), _) => {}
            (Some(Link::Key(held)), Some(key)) if *held == *key => {}
            (Some(Link::Key(_)), Some(_)) => return None,
            (Some(Link::Key(_)), None) => self.possible = true,
        }
        Some(self)
    }

    /// The list without the order of its items.
    pub(crate) fn items(mut self) -> Held {
        if let Some(last) = self.path.last_mut() {
            *last = Link::Any;
        }
        self
    }

    /// One of the items.
    pub(crate) fn item(mut self) -> Held {
        self.part |= self.path.pop().is_none();
        self
    }

    /// What the rest of a pattern takes, behind the keys that it names.
    pub(crate) fn rest(mut self, named: &[Option<String>]) -> Option<Held> {
        match self.path.last() {
            None => self.part = true,
            Some(Link::Key(key)) if named.iter().flatten().any(|name| **name == **key) => return None,
            Some(Link::Key(_)) if named.contains(&None) => self.possible = true,
            Some(_) => {}
        }
        Some(self)
    }

    /// What the result of a call holds that keeps this.
    pub(crate) fn kept(self, keeping: Keeping) -> Held {
        match keeping {
            Keeping::Whole => self,
            Keeping::Items => self.items(),
            Keeping::Some => Held { part: true, ..self.items() },
            Keeping::Item => self.item(),
            Keeping::Text => Held { path: Vec::new(), ..self },
            Keeping::Listed => self.clone().under(Link::Any).unwrap_or(self),
        }
    }
}
