//! The codes of refusals: one line each, from which reports and the reference are made.

macro_rules! codes {
    ($($variant:ident $code:literal $meaning:literal;)+) => {
        /// A fixed code of a refusal. It never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $variant),+
        }

        /// Every code with what it means.
        pub const CODES: &[(Code, &str, &str)] = &[$((Code::$variant, $code, $meaning)),+];

        impl Code {
            /// The code in reports.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What it means.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),+ }
            }
        }
    };
}

codes! {
    Empty "empty-file" "The file holds nothing.";
    UnknownFormat "unknown-format" "The file is of no format that is read here.";
    TooLarge "too-large" "The file is larger than the limit.";
    NotUtf8 "not-utf8" "The bytes are not UTF-8 text.";
    Nul "nul" "A NUL character; the file is damaged or not text.";
    OpenQuote "open-quote" "A quote that never closes.";
    TextAfterQuote "text-after-quote" "Text after a closing quote.";
    Ragged "ragged-row" "A row has more or fewer cells than the header.";
    DuplicateHead "duplicate-header" "Two columns have the same name.";
    EmptyHead "empty-header" "A column with values has no name.";
    CellTooLong "cell-too-long" "A cell is longer than the limit.";
    TooManyRows "too-many-rows" "The file has more rows than the limit.";
    TooManyColumns "too-many-columns" "The file has more columns than the limit.";
    BadJson "bad-json" "The text is not JSON.";
    NotAnObject "not-an-object" "A row of a JSON file must be an object.";
    DuplicateKey "duplicate-json-key" "A JSON object names a member twice.";
    TooDeep "too-deep" "Values are nested deeper than the limit.";
    TooLong "text-too-long" "A text is longer than the limit.";
    TooMany "too-many-items" "A list is longer than the limit.";
    NumberTooLarge "number-too-large" "A number that cannot be kept exactly.";
    BadXml "bad-xml" "The text is not well-formed XML.";
    Doctype "doctype" "A document type declaration; none is read.";
    Entity "unknown-entity" "An entity other than the five of XML.";
    TagTooLong "tag-too-long" "A tag is longer than the limit.";
    TooManyAttributes "too-many-attributes" "A tag has more attributes than the limit.";
    TooManyElements "too-many-elements" "The document has more elements than the limit.";
    BadZip "bad-zip" "The workbook's container is damaged or of an unusual form.";
    Encrypted "encrypted" "The workbook is protected by a password, or of the old binary format.";
    TooManyParts "too-many-parts" "The workbook has more parts than the limit.";
    PartName "part-name" "A part of the workbook has a name that leads elsewhere.";
    DuplicatePart "duplicate-part" "Two parts of the workbook have one name.";
    OverlappingParts "overlapping-parts" "Two parts of the workbook share bytes.";
    Symlink "symbolic-link" "A part of the workbook is a link.";
    Bomb "unpacks-too-far" "The workbook unpacks to more than the limit.";
    NotAWorkbook "not-a-workbook" "A part that every workbook has is missing.";
    Macro "macro-not-allowed" "The workbook holds macros.";
    ExternalLink "external-link-not-allowed" "The workbook draws on other files.";
    Embedded "embedded-file-not-allowed" "The workbook holds embedded files or controls.";
    Formula "formula-not-allowed" "A cell holds a formula.";
    CellError "cell-error" "A cell holds an error value.";
    FarCell "far-cell" "A cell stands outside the rows and columns that are read.";
    BadCell "bad-cell" "A cell cannot be read.";
    OutOfMemory "takes-too-much-memory" "Reading the file takes more memory than the limit.";
    OutOfTime "takes-too-long" "Reading the file takes longer than the limit.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ_and_say_what_they_mean() {
        let mut names: Vec<_> = CODES.iter().map(|(_, name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CODES.len());
        for (code, name, meaning) in CODES {
            assert_eq!((code.name(), code.meaning()), (*name, *meaning));
            assert!(meaning.ends_with('.'));
        }
    }
}
