//! Entity tags in `If-Match` and `If-None-Match` (RFC 9110 §8.8.3 and §13.1).

use utoipa::openapi::Object;
use utoipa::openapi::schema::{ObjectBuilder, Type};

/// The value of a precondition as the published document has it: at most [`MOST`] tags, none longer
/// than [`LONGEST`].
const TAGS: &str = r#"^(\*|(W/)?"[!#-~]{0,128}"(, (W/)?"[!#-~]{0,128}"){0,19})$"#;
/// How many tags a precondition names at the most.
const MOST: usize = 20;
/// How many bytes there are between the quotes of a tag at the most. Ours are shorter.
const LONGEST: usize = 128;

/// How many bytes the value of a header has at the most: [`MOST`] tags of [`LONGEST`].
pub(in crate::http) const LONGEST_VALUE: usize = MOST * (LONGEST + "W/\"\", ".len());

/// What a precondition names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) enum EntityTags {
    /// `*`: whatever there is.
    Any,
    /// These.
    These(Vec<EntityTag>),
}

/// One entity tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) struct EntityTag {
    /// Whether it promises only the same meaning, and not the same bytes.
    pub is_weak: bool,
    /// What is between the quotes.
    pub opaque: String,
}

impl EntityTags {
    /// The schema of the value of `If-Match`.
    pub(in crate::http) fn schema_for_a_write() -> Object {
        ObjectBuilder::new().schema_type(Type::String).pattern(Some(TAGS)).build()
    }

    /// The schema of the value of `If-None-Match`: what is no tag is no tag of ours either.
    pub(in crate::http) fn schema_for_a_read() -> Object {
        let pattern = format!("^[ -~]{{0,{LONGEST_VALUE}}}$");
        ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build()
    }

    /// The tags in the value of a header; none if it is not written as the RFC has it.
    pub(in crate::http) fn read(value: &str) -> Option<Self> {
        if value.trim() == "*" {
            return Some(Self::Any);
        }
        let (mut tags, mut rest) = (Vec::new(), value.trim());
        while !rest.is_empty() {
            let (tag, after) = EntityTag::read(rest)?;
            tags.push(tag);
            let after = after.trim_start();
            rest = match after.strip_prefix(',') {
                Some(next) => next.trim_start(),
                None if after.is_empty() => after,
                None => return None,
            };
        }
        (1..=MOST).contains(&tags.len()).then_some(Self::These(tags))
    }

    /// What the tags say of a version, for a write. A weak tag never matches one (RFC 9110 §13.1.1),
    /// and what follows the version is about the representation only.
    pub(in crate::http) fn versions(&self) -> impl Iterator<Item = &str> {
        let tags = match self {
            Self::Any => &[],
            Self::These(tags) => &tags[..],
        };
        let strong = tags.iter().filter(|tag| !tag.is_weak).map(|tag| tag.opaque.as_str());
        strong.map(|opaque| opaque.split_once('.').map_or(opaque, |(version, _)| version))
    }

    /// Whether one of them is this tag, weak or not: so `If-None-Match` compares.
    pub(in crate::http) fn name(&self, opaque: &str) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.iter().any(|tag| tag.opaque == opaque),
        }
    }
}

impl EntityTag {
    /// The first tag of a text, and what follows it.
    fn read(text: &str) -> Option<(Self, &str)> {
        let (is_weak, quoted) = text.strip_prefix("W/").map_or((false, text), |quoted| (true, quoted));
        let (opaque, rest) = quoted.strip_prefix('"')?.split_once('"')?;
        let is_opaque = |byte: u8| byte == b'!' || (b'#'..=b'~').contains(&byte);
        let is_tag = opaque.len() <= LONGEST && opaque.bytes().all(is_opaque);
        is_tag.then(|| (Self { is_weak, opaque: opaque.to_owned() }, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(value: &str) -> Option<Vec<(bool, String)>> {
        match EntityTags::read(value)? {
            EntityTags::Any => Some(Vec::new()),
            EntityTags::These(tags) => Some(tags.into_iter().map(|tag| (tag.is_weak, tag.opaque)).collect()),
        }
    }

    #[test]
    fn tags_are_read_as_the_rfc_writes_them() {
        let tag = |is_weak, opaque: &str| (is_weak, opaque.to_owned());
        assert_eq!(tags("*"), Some(Vec::new()));
        assert_eq!(tags("\"1\""), Some(vec![tag(false, "1")]));
        assert_eq!(tags("W/\"a,b\" , \"\""), Some(vec![tag(true, "a,b"), tag(false, "")]));
        let (long, longer) =
            (format!("\"{}\"", "a".repeat(LONGEST)), format!("\"{}\"", "a".repeat(LONGEST + 1)));
        let (many, more) = (vec!["\"1\""; MOST].join(", "), vec!["\"1\""; MOST + 1].join(", "));
        let published = jsonschema::validator_for(&serde_json::json!({"pattern": TAGS})).expect("a schema");
        for (right, wrong) in [(long, longer), (many, more)] {
            assert!(tags(&right).is_some() && published.is_valid(&right.as_str().into()), "{right}");
            assert!(tags(&wrong).is_none() && !published.is_valid(&wrong.as_str().into()), "{wrong}");
        }
        for wrong in ["", "1", "\"1", "w/\"1\"", "\"1\" \"2\"", "\"a b\"", "*, \"1\"", "W/1"] {
            assert_eq!(tags(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_write_is_held_to_the_versions_of_strong_tags() {
        let read = EntityTags::read("W/\"1-aa\", \"2-bb.ff\", \"3-cc\"").expect("tags");
        assert_eq!(read.versions().collect::<Vec<_>>(), ["2-bb", "3-cc"]);
        assert!(read.name("1-aa") && read.name("2-bb.ff") && !read.name("2-bb"));
    }
}
