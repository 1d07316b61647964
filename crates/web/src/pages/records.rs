//! `/records/...`: pages generic over the kind, made from its definition: list, one record, form, acts,
//! history.

mod act;
mod bulk;
mod export;
mod fill;
mod form;
mod history;
mod index;
pub(crate) mod intake;
mod label;
mod list;
mod onward;
mod show;

pub(crate) use act::{
    delete, delete_form, make_move, move_form, restore, restore_form, reverse, reverse_form, undo,
};
pub(crate) use bulk::set_many;
pub(crate) use export::{answered, csv, json, ndjson, xlsx};
pub(crate) use form::{edit, edit_form, make, new_form};
pub(crate) use history::history;
pub(crate) use index::index;
pub(crate) use label::{label, set_label};
pub(crate) use list::list;
pub(crate) use show::show;

use crate::{answer::Refused, visitor::Visitor};
use serde_json::Value;
use symbolon_app::AppError;
use symbolon_domain::{
    codes,
    kind::{FieldDef, FieldType, KindDef, sentence},
    kinds,
    record::RecordId,
};

/// The kind in an address; kinds of the administration have pages of their own.
pub(crate) fn kind_of(visitor: &Visitor, code: &str) -> Result<&'static KindDef, Refused> {
    kinds::by_code(code)
        .filter(|k| k.area != "administration")
        .ok_or_else(|| visitor.refuse(AppError::NotFound("kind of record")))
}

/// The id in an address.
fn id_of(visitor: &Visitor, text: &str) -> Result<RecordId, Refused> {
    text.parse()
        .map_err(|_| visitor.refuse(AppError::NotFound("record")))
}

/// Where a record is shown.
fn address(kind: &KindDef, id: impl std::fmt::Display) -> String {
    format!("/records/{}/{id}", kind.code)
}

/// A value for people.
/// Whether the value of a field reads as words of the program: a choice, or a code of a list.
fn in_words(field: &FieldDef) -> bool {
    matches!(
        field.field_type,
        FieldType::Code(_) | FieldType::Choice(_) | FieldType::Flag
    )
}

fn words(field: &FieldDef, value: &Value) -> String {
    let text = field.text_of(value);
    match &field.field_type {
        FieldType::Code(list) => {
            codes::list(list).map_or(text.clone(), |l| l.name_of(&text).to_owned())
        }
        FieldType::Choice(_) | FieldType::Flag => sentence(&text),
        FieldType::Texts => text.replace('\n', "; "),
        _ => text,
    }
}
