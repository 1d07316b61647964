//! Pages made of sections with facts, tables and forms: one's own account, signing in, showing a factor,
//! administration. A form is data here; its markup, labels, hints and errors stand in one template.

use super::{Fact, Facts, Filters, Link, Page, Table, tree::Tree};
use crate::chart::Svg;
use askama::Template;
use serde::{Deserialize, Serialize};

/// A field of a form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Field {
    /// Name in the form.
    pub name: String,
    /// Label.
    pub label: String,
    /// What helps to fill it in.
    pub hint: String,
    /// What stands in it.
    pub value: String,
    /// `text`, `password`, `number`, `area`, `select`, `check` or `file`.
    pub sort: String,
    /// Choices of a selection: value and words.
    pub choices: Vec<(String, String)>,
    /// Whether its choices are names, which no catalogue says otherwise.
    pub names: bool,
    /// What the browser may fill in: `username`, `current-password`, `one-time-code`.
    pub autocomplete: String,
}

impl Field {
    /// A line of text.
    #[must_use]
    pub fn text(name: &str, label: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            sort: "text".to_owned(),
            autocomplete: "off".to_owned(),
            ..Self::default()
        }
    }

    /// One of several choices.
    #[must_use]
    pub fn select(name: &str, label: &str, choices: Vec<(String, String)>) -> Self {
        Self {
            choices,
            sort: "select".to_owned(),
            ..Self::text(name, label)
        }
    }

    /// The same of another sort.
    #[must_use]
    pub fn sort(mut self, sort: &str) -> Self {
        sort.clone_into(&mut self.sort);
        self
    }

    /// The same with names for choices.
    #[must_use]
    pub fn names(mut self) -> Self {
        self.names = true;
        self
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    /// The same with something in it.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    /// The same, for the browser to fill in.
    #[must_use]
    pub fn fill(mut self, what: &str) -> Self {
        what.clone_into(&mut self.autocomplete);
        self
    }

    /// The type of its input; words of a template are never taken for it.
    #[must_use]
    pub fn input(&self) -> &'static str {
        match self.sort.as_str() {
            "password" => "password",
            "number" => "number",
            _ => "text",
        }
    }
}

/// A form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Fields.
    pub fields: Vec<Field>,
    /// What is sent besides: name and value.
    pub hidden: Vec<(String, String)>,
    /// What the button says.
    pub button: String,
    /// What the button does, for those who do not see what stands beside it.
    pub about: String,
    /// What was wrong with it when it was sent; empty for nothing.
    pub error: String,
    /// `create` or `get`: the button asks the browser for a passkey; empty for none.
    pub passkey: String,
    /// The question to the browser, as JSON.
    pub question: String,
}

impl Form {
    /// A form that is sent to an address by a button.
    #[must_use]
    pub fn new(action: &str, button: &str) -> Self {
        Self {
            action: action.to_owned(),
            button: button.to_owned(),
            ..Self::default()
        }
    }

    /// Whether a file is sent with it.
    #[must_use]
    pub fn uploads(&self) -> bool {
        self.fields.iter().any(|f| f.sort == "file")
    }

    /// The same with a field more.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// The same with something sent besides.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.hidden.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with words for those who do not see the line it stands in.
    #[must_use]
    pub fn about(mut self, about: &str) -> Self {
        about.clone_into(&mut self.about);
        self
    }

    /// The same, asking the browser for a passkey first.
    #[must_use]
    pub fn passkey(mut self, what: &str, question: String) -> Self {
        (self.passkey, self.question) = (what.to_owned(), question);
        self
    }
}

/// A section.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Section {
    /// Id, unique on the page.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Paragraphs.
    pub text: Vec<String>,
    /// Something to write down, in a fixed-width face.
    pub codes: Vec<String>,
    /// Lines of facts.
    pub facts: Vec<Fact>,
    /// A form that asks the page anew; what it leads to is written by the program.
    #[serde(skip)]
    pub filters: Option<Filters>,
    /// A picture of what the next table says.
    #[serde(skip)]
    pub picture: Option<Svg>,
    /// A table; its addresses are made by the program, so it is no text from outside.
    #[serde(skip)]
    pub table: Option<Table>,
    /// What stands under what.
    pub tree: Option<Tree>,
    /// Links.
    pub links: Vec<Link>,
    /// Forms.
    pub forms: Vec<Form>,
    /// Whether it stands within another, so that its heading is one lower.
    pub under: bool,
}

impl Section {
    /// A section with a heading.
    #[must_use]
    pub fn new(id: &str, title: &str) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            ..Self::default()
        }
    }

    /// The same with a paragraph more.
    #[must_use]
    pub fn says(mut self, text: &str) -> Self {
        self.text.push(text.to_owned());
        self
    }

    /// The same with a table.
    #[must_use]
    pub fn table(mut self, table: Table) -> Self {
        self.table = Some(table);
        self
    }

    /// The same with a form more.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.forms.push(form);
        self
    }

    /// The same within another section.
    #[must_use]
    pub fn inner(mut self) -> Self {
        self.under = true;
        self
    }

    /// The same with facts.
    #[must_use]
    pub fn facts(mut self, facts: Vec<Fact>) -> Self {
        self.facts = facts;
        self
    }

    /// Its facts, to be shown.
    #[must_use]
    pub fn fact_list(&self) -> Facts {
        Facts {
            lines: self.facts.clone(),
        }
    }
}

/// The page.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "desk.html")]
pub struct Desk {
    /// The frame.
    pub page: Page,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// Puts back what was typed into the form of some sections that was sent to `action`, with what was wrong.
pub(super) fn put_back<'s>(
    sections: impl Iterator<Item = &'s mut Section>,
    action: &str,
    typed: &[(String, String)],
    error: &str,
) {
    let same = |f: &&mut Form| {
        let sent = |(n, v): &(String, String)| typed.iter().any(|(tn, tv)| tn == n && tv == v);
        f.action == action && f.hidden.iter().all(sent)
    };
    let mut forms = sections.flat_map(|s| s.forms.iter_mut());
    let Some(form) = forms.find(same) else {
        return;
    };
    error.clone_into(&mut form.error);
    for field in form.fields.iter_mut().filter(|f| f.sort != "password") {
        match typed.iter().find(|(n, _)| *n == field.name) {
            Some((_, value)) => field.value.clone_from(value),
            // An empty box is not sent at all.
            None if field.sort == "check" => field.value.clear(),
            None => {}
        }
    }
}

impl Desk {
    /// Puts back what was typed into the form that was sent to `action`, with what was wrong. What is
    /// typed as a password is not sent back.
    pub fn put_back(&mut self, action: &str, typed: &[(String, String)], error: &str) {
        put_back(self.sections.iter_mut(), action, typed, error);
    }

    /// Samples: every sort of field and section, and a form that was refused.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        use super::{Cell, Column};
        let roles = vec![
            ("a".to_owned(), "auditor".to_owned()),
            ("b".to_owned(), super::sample::ARABIC.to_owned()),
        ];
        let table = Table::new(
            "sample-t",
            "Sessions",
            vec![Column::text("Way"), Column::tight("Since")],
        )
        .rows(vec![vec![
            Cell::text("link"),
            Cell::text(super::sample::LONG),
        ]])
        .quiet();
        let form = Form::new("/account/password", "Set the password")
            .field(
                Field::text("name", "Sign-in name")
                    .fill("username")
                    .hint("3 to 64 characters"),
            )
            .field(
                Field::text("password", "Password")
                    .sort("password")
                    .fill("new-password"),
            )
            .field(Field::select("role", "Role", roles).value("b"))
            .field(Field::text("reason", "Why").sort("area"))
            .field(Field::text("days", "Days").sort("number").value("30"))
            .field(Field::text("writes", "May change things").sort("check"))
            .with("id", "1")
            .about("of A. Officer");
        let mut section = Section::new("sample", "A section")
            .says(super::sample::LONG)
            .table(table)
            .form(form);
        section.codes = vec!["ABCD-EFGH".into()];
        section.facts = vec![Fact::new("Name", super::sample::ARABIC)];
        section.links = vec![Link::new("Roles", "/admin/roles")];
        let passkey = Form::new("/sign-in/factor", "Use a passkey")
            .passkey("get", "{\"challenge\":\"AA\"}".into());
        let file = Field::text("file", "File").sort("file").hint("CSV or XLSX");
        let upload = Form::new("/records/unit/import", "Upload the file").field(file);
        let two = Section::new("two", "Another").form(passkey).form(upload);
        let mut page = super::sample::page("My account", "/account");
        page.alarms = vec![Link::new(
            "You look beyond your role until 12:00 UTC.",
            "/account#glass",
        )];
        let plain = Self {
            page,
            sections: vec![section, two],
        };
        let mut refused = plain.clone();
        let typed = [
            ("id".to_owned(), "1".to_owned()),
            ("name".to_owned(), "ada".to_owned()),
        ];
        refused.put_back(
            "/account/password",
            &typed,
            "A password has 15 to 128 characters",
        );
        vec![plain, refused]
    }
}
