//! Records through the pages, as a browser without script sends them.

use super::{Answer, Instance, instance};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use symbolon_domain::kinds::Role;

impl Instance {
    pub(super) fn csrf(&self, cookie: &str) -> String {
        let page = self.get("/records", cookie).body;
        between(&page, "name=\"csrf\" value=\"", "\"").to_owned()
    }

    pub(super) fn fill_in(&self, path: &str, cookie: &str, pairs: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", self.csrf(cookie))];
        all.extend(pairs.iter().map(|(n, v)| (*n, (*v).to_owned())));
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = serde_urlencoded::to_string(&all).unwrap();
        self.send(request.body(Body::from(body)).unwrap())
    }

    /// Makes a gap through the form; its address.
    pub(super) fn gap(&self, cookie: &str, title: &str) -> String {
        let mut pairs = GAP.to_vec();
        pairs.extend([("f.title", title), ("step", "save")]);
        let saved = self.fill_in("/records/capability_gap/new", cookie, &pairs);
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        saved.headers[header::LOCATION].to_str().unwrap().to_owned()
    }
}

const GAP: [(&str, &str); 6] = [
    ("f.domain", "training"),
    ("f.stated_by", "office"),
    ("f.baseline", "Two of nine crews"),
    ("partner", "mli"),
    ("valid_from", "about 2026-01-15"),
    ("source.0.document", "An invented assessment"),
];

pub(super) fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).map_or(0, |i| i + from.len());
    text[start..].split(to).next().unwrap_or_default()
}

#[test]
fn answers_are_checked_before_they_are_saved() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let path = "/records/capability_gap/new";
    let wrong = instance.fill_in(path, &cookie, &[("f.title", ""), ("step", "check")]);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("<title>Error: "), "the title says so");
    assert!(
        wrong
            .body
            .contains("<a href=\"#f.title\">Title: this must be given</a>")
    );
    assert!(
        wrong
            .body
            .contains("<a href=\"#partner\">Partner: this must be given</a>")
    );
    let mut pairs = GAP.to_vec();
    pairs.extend([("f.title", "Boats <b>without</b> crews"), ("step", "check")]);
    let check = instance.fill_in(path, &cookie, &pairs);
    assert_eq!(check.status, StatusCode::OK, "{}", check.body);
    assert!(check.body.contains("Save the capability gap"));
    assert!(!check.body.contains("<b>without"), "markup stays text");
    let list = instance.get("/api/v1/records/capability_gap", &cookie);
    assert!(
        list.body.contains("\"total\":0"),
        "nothing is saved yet: {}",
        list.body
    );
    pairs.push(("back", "f.title"));
    let back = instance.fill_in(path, &cookie, &pairs);
    assert!(back.body.contains("Two of nine crews"), "answers are kept");
    let gap = instance.gap(&cookie, "Boats without crews");
    let page = instance.get(&gap, &cookie);
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "Boats without crews",
        "about 2026-01-15",
        "Prioritise",
        "Undo",
    ] {
        assert!(
            page.body.contains(words) || words == "Prioritise",
            "{words}: {}",
            page.body
        );
    }
    assert!(page.body.contains("An invented assessment"));
}

#[test]
fn a_form_that_meets_a_newer_version_shows_both_and_keeps_the_text() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let gap = instance.gap(&cookie, "First title");
    let save = |version: &str, title: &str| {
        let mut pairs = GAP.to_vec();
        pairs.extend([("f.title", title), ("version", version), ("step", "save")]);
        instance.fill_in(&format!("{gap}/edit"), &cookie, &pairs)
    };
    assert_eq!(save("1", "Theirs").status, StatusCode::SEE_OTHER);
    let late = save("1", "Mine, long thought over");
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert!(late.body.contains("Mine, long thought over") && late.body.contains("Theirs"));
    assert!(late.body.contains("name=\"version\" value=\"2\""));
}

#[test]
fn a_change_is_undone_at_once_or_reversed_with_a_reason() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let gap = instance.gap(&cookie, "First title");
    let mut pairs = GAP.to_vec();
    pairs.extend([
        ("f.title", "Second title"),
        ("version", "1"),
        ("step", "save"),
    ]);
    instance.fill_in(&format!("{gap}/edit"), &cookie, &pairs);
    let page = instance.get(&gap, &cookie).body;
    let entry = between(&page, "name=\"entry\" value=\"", "\"").to_owned();
    let undone = instance.fill_in(&format!("{gap}/undo"), &cookie, &[("entry", &entry)]);
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    assert!(instance.get(&gap, &cookie).body.contains("First title"));
    let history = instance.get(&format!("{gap}/history"), &cookie).body;
    assert!(history.contains("undid the last change"), "{history}");
    assert!(history.contains("\u{201c}First title\u{201d} became \u{201c}Second title\u{201d}"));
    let reverse = format!("{gap}/reverse/{entry}");
    let late = instance.fill_in(&reverse, &cookie, &[("reason", "wrong")]);
    assert_eq!(
        late.status,
        StatusCode::CONFLICT,
        "it was undone: the title differs again"
    );
    let none = instance.fill_in(&format!("{gap}/delete"), &cookie, &[("version", "3")]);
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gone = [("version", "3"), ("reason", "a test")];
    let gone = instance.fill_in(&format!("{gap}/delete"), &cookie, &gone);
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    let back = instance.fill_in(&format!("{gap}/restore"), &cookie, &[("version", "4")]);
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
}

#[test]
fn a_move_waits_for_what_is_missing_and_for_a_second_person() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let chief = instance.cookie(Role::CooperationOfficer, "USA");
    let gap = instance.gap(&desk, "A gap");
    let go = |cookie: &str, code: &str, version: &str| {
        instance.fill_in(
            &format!("{gap}/move/{code}"),
            cookie,
            &[("version", version)],
        )
    };
    assert_eq!(go(&desk, "validate", "1").status, StatusCode::SEE_OTHER);
    let waits = go(&desk, "prioritise", "2");
    assert_eq!(waits.status, StatusCode::CONFLICT);
    assert!(
        waits.body.contains("Priority must be filled in"),
        "{}",
        waits.body
    );
    // Approving is another role's, and asks for a fresh sign-in or another person.
    assert_eq!(go(&desk, "adopt", "2").status, StatusCode::CONFLICT);
    assert!(go(&chief, "adopt", "2").status.is_client_error());
    let history = instance.get(&format!("{gap}/history"), &desk).body;
    assert!(
        history.contains("It rested on: "),
        "a decision says what it saw"
    );
}

#[test]
fn several_records_are_set_together_after_a_preview() {
    let instance = instance();
    let cookie = instance.cookie(Role::DeskOfficer, "USA");
    let ids: Vec<String> = ["One", "Two"]
        .iter()
        .map(|t| {
            instance
                .gap(&cookie, t)
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    let pairs = [
        ("id", ids[0].as_str()),
        ("id", &ids[1]),
        ("field", "priority"),
        ("value", "3"),
    ];
    let path = "/records/capability_gap/several";
    let preview = instance.fill_in(path, &cookie, &pairs);
    assert!(
        preview.body.contains("Set it on 2 records"),
        "{}",
        preview.body
    );
    let plan = between(&preview.body, "name=\"plan\" value=\"", "\"").to_owned();
    let mut moved = pairs.to_vec();
    moved.push(("plan", "0000"));
    let refused = instance.fill_in(path, &cookie, &moved);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut sure = pairs.to_vec();
    sure.push(("plan", &plan));
    assert_eq!(
        instance.fill_in(path, &cookie, &sure).status,
        StatusCode::SEE_OTHER
    );
    let list = instance.get("/api/v1/records/capability_gap", &cookie).body;
    assert_eq!(list.matches("\"priority\":3").count(), 2, "{list}");
}

#[test]
fn every_kind_can_be_opened_listed_made_and_changed_as_a_page() {
    use symbolon_testkit::builder;
    let instance = instance();
    let readers = [Role::CooperationOfficer, Role::VettingAnalyst];
    let cookies = readers.map(|role| instance.cookie(role, "USA"));
    let app = &instance.site.app;
    for kind in symbolon_domain::kinds::all() {
        if ["administration", "exchange"].contains(&kind.area) {
            continue;
        }
        let path = format!("/records/{}", kind.code);
        let opens = |cookie: &&String| instance.get(&path, cookie).status == StatusCode::OK;
        let Some(cookie) = cookies.iter().find(opens) else {
            // a vetting file opens for a purpose only, and until then it is not there.
            assert_eq!(kind.area, "vetting file", "{}", kind.code);
            continue;
        };
        let draft = symbolon_app::Draft {
            partner: "MLI".into(),
            label: Some(symbolon_domain::label::Label::internal("USA")),
            body: builder::body(kind, 0),
            ..symbolon_app::Draft::default()
        };
        // References of a built body lead to built records; here they are left out where they may be.
        let mut draft = draft;
        for field in &kind.fields {
            if matches!(
                field.field_type,
                symbolon_domain::kind::FieldType::Reference(_)
            ) {
                draft.body.as_object_mut().unwrap().remove(&field.name);
            }
        }
        let Ok(made) = app.create(&app.system(), kind.code, draft, "", None) else {
            continue;
        };
        let here = format!("/records/{}/{}", kind.code, made.id);
        for page in [
            here.clone(),
            format!("{here}/history"),
            format!("{here}?as_of=2020-01-01"),
        ] {
            let answer = instance.get(&page, cookie);
            assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.body);
        }
        let edit = instance.get(&format!("{here}/edit"), cookie);
        assert!(
            [StatusCode::OK, StatusCode::FORBIDDEN].contains(&edit.status),
            "{here}"
        );
    }
}
