//! Names of outputs, made from those of the inputs.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use pilaf::Format;

use crate::failure::Usage;
use crate::input::Input;

/// `OUT` taken apart: `thumbs/{stem}.jpg`.
#[derive(Debug, PartialEq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug, PartialEq)]
enum Piece {
    Literal(OsString),
    Field(Field),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Field {
    Stem,
    Name,
    Ext,
    Dir,
    Index,
}

/// What the fields of a template are filled from.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) input: &'a Input,
    pub(super) format: Option<Format>,
    /// Counted from 0.
    pub(super) index: usize,
    pub(super) total: usize,
}

impl Template {
    /// Takes `out` apart. A name that is no Unicode has no fields.
    pub(super) fn parse(out: &OsStr) -> Result<Self, Usage> {
        match out.to_str() {
            Some(text) => parse(text),
            None => Ok(Self(vec![Piece::Literal(out.to_owned())])),
        }
    }

    /// The name as it stands, when it has no fields.
    pub(super) fn literal(&self) -> Option<&OsStr> {
        match &self.0[..] {
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The template for the files of the folder that this one names.
    pub(super) fn in_folder(mut self) -> Self {
        let literal = |text: &str| Piece::Literal(text.into());
        let stem_ext = [Piece::Field(Field::Stem), literal("."), Piece::Field(Field::Ext)];
        self.0.push(literal("/"));
        self.0.extend(stem_ext);
        self
    }

    /// The name for one input.
    pub(super) fn expand(&self, context: Context<'_>) -> Result<OsString, Usage> {
        let mut name = OsString::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => name.push(text),
                Piece::Field(field) => name.push(field.value(context)?),
            }
        }
        Ok(name)
    }
}

impl Field {
    fn parse(name: &str) -> Result<Self, Usage> {
        Ok(match name {
            "stem" => Self::Stem,
            "name" => Self::Name,
            "ext" => Self::Ext,
            "dir" => Self::Dir,
            "index" => Self::Index,
            _ => {
                return Err(Usage::new(
                    format!("OUT has an unknown field {{{name}}}"),
                    "the fields are {stem}, {name}, {ext}, {dir} and {index}; {{ is a brace",
                ));
            }
        })
    }

    fn value(
        self,
        Context { input, format, index, total }: Context<'_>,
    ) -> Result<OsString, Usage> {
        let path = match input {
            Input::Stdin => Path::new("stdin"),
            Input::File(path) => path,
        };
        Ok(match self {
            Self::Stem => path.file_stem().unwrap_or_default().to_owned(),
            Self::Name => path.file_name().unwrap_or_default().to_owned(),
            Self::Ext => match (format, path.extension()) {
                (Some(format), _) => format.extensions()[0].into(),
                (None, Some(extension)) => extension.to_owned(),
                (None, None) => return Err(no_extension(input)),
            },
            Self::Dir => match path.parent() {
                Some(parent) if parent != "" => parent.as_os_str().to_owned(),
                _ => ".".into(),
            },
            Self::Index => {
                let digits = total.to_string().len();
                format!("{:0digits$}", index + 1).into()
            }
        })
    }
}

fn no_extension(input: &Input) -> Usage {
    let message = format!("{input} has no extension to name its output after");
    Usage::new(message, "say which format to write: --format jpg")
}

fn parse(text: &str) -> Result<Template, Usage> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        literal += &rest[..at];
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            literal += brace;
            rest = after;
        } else if let Some((name, after)) = rest.split_once('}').filter(|_| brace == "{") {
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal).into()));
            }
            pieces.push(Piece::Field(Field::parse(name)?));
            rest = after;
        } else {
            let message = format!("OUT has a lone {brace} in {text:?}");
            return Err(Usage::new(
                message,
                "write {{ and }} for braces that are part of the name",
            ));
        }
    }
    literal += rest;
    if !literal.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(literal.into()));
    }
    Ok(Template(pieces))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(template: &str, path: &str, format: Option<Format>) -> Result<String, String> {
        let input = Input::File(path.into());
        let context = Context { input: &input, format, index: 6, total: 120 };
        Template::parse(template.as_ref())
            .and_then(|template| template.expand(context))
            .map(|name| name.into_string().unwrap())
            .map_err(|usage| usage.to_string())
    }

    #[test]
    fn fields_are_filled() {
        let name = |template| expand(template, "a/b/photo.x.JPG", None).unwrap();
        assert_eq!(name("thumbs/{stem}.png"), "thumbs/photo.x.png");
        assert_eq!(name("{dir}/small-{name}"), "a/b/small-photo.x.JPG");
        assert_eq!(name("{index}.{ext}"), "007.JPG");
        assert_eq!(name("{{{stem}}}"), "{photo.x}");
        assert_eq!(name("plain.jpg"), "plain.jpg");
        assert_eq!(name(""), "");
    }

    #[test]
    fn special_inputs() {
        assert_eq!(expand("{dir}/x{name}", "photo.jpg", None).unwrap(), "./xphoto.jpg");
        assert_eq!(expand("{stem}.{ext}", "photo.jpg", Some(Format::Png)).unwrap(), "photo.png");
        assert_eq!(expand("{stem}.{ext}", "photo", Some(Format::Jpeg)).unwrap(), "photo.jpg");
        let error = expand("{stem}.{ext}", "photo", None).unwrap_err();
        assert!(error.starts_with("photo has no extension"), "{error}");
    }

    #[test]
    fn folders_stand_for_their_files() {
        let input = Input::File("a/photo.jpg".into());
        let context = Context { input: &input, format: None, index: 0, total: 1 };
        let template = Template::parse("out".as_ref()).unwrap();
        assert_eq!(template.literal(), Some("out".as_ref()));
        assert_eq!(template.in_folder().expand(context).unwrap(), "out/photo.jpg");
    }

    #[test]
    fn wrong_templates_say_what_is_wrong() {
        let error = |template| expand(template, "photo.jpg", None).unwrap_err();
        assert!(error("{size}.jpg").starts_with("OUT has an unknown field {size}"));
        assert!(error("{stem.jpg").starts_with("OUT has a lone {"));
        assert!(error("stem}.jpg").starts_with("OUT has a lone }"));
    }
}
