//! A list of units or gaps brought in from a file, as a browser without script does it: upload, columns,
//! plan, receipt.

mod by_api;

use super::{Answer, Instance, forms::between, instance};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use symbolon_domain::kinds::Role;

const GAPS: &str = "Title,Domain,Stated by,Baseline,Partner,From,Colour\r\n\
Boats without crews,training,office,Two of nine crews,MLI,2026-01,red\r\n\
Radios without keys,training,office,None,MLI,2026-02,\r\n";

const START: &str = "/records/capability_gap/import";

/// A form with a file, as a browser sends it.
fn multipart(parts: &[(&str, Option<&str>, &[u8])]) -> (String, Vec<u8>) {
    let mut body = vec![];
    for (name, file, bytes) in parts {
        let file = file.map_or(String::new(), |f| format!("; filename=\"{f}\""));
        let head =
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    ("multipart/form-data; boundary=edge".to_owned(), body)
}

impl Instance {
    fn send_file(&self, cookie: &str, csrf: &str, name: &str, bytes: &[u8]) -> Answer {
        let (kind, body) =
            multipart(&[("csrf", None, csrf.as_bytes()), ("file", Some(name), bytes)]);
        let request = Request::post(START)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, kind);
        self.send(request.body(Body::from(body)).unwrap())
    }

    /// Uploads a file; where it is decided.
    fn bring(&self, cookie: &str, name: &str, bytes: &[u8]) -> String {
        let sent = self.send_file(cookie, &self.csrf(cookie), name, bytes);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        sent.headers[header::LOCATION].to_str().unwrap().to_owned()
    }

    /// Says where the columns go and opens the plan.
    fn plan(&self, cookie: &str, here: &str, pairs: &[(&str, &str)]) -> Answer {
        let checked = self.fill_in(&format!("{here}/check"), cookie, pairs);
        assert_eq!(checked.status, StatusCode::SEE_OTHER, "{}", checked.body);
        self.get(&format!("{here}/plan"), cookie)
    }

    fn take(&self, cookie: &str, here: &str, pairs: &[(&str, &str)]) -> Answer {
        let taken = self.fill_in(&format!("{here}/take"), cookie, pairs);
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
        self.get(&format!("{here}/plan"), cookie)
    }

    fn gaps(&self, cookie: &str) -> String {
        self.get("/api/v1/records/capability_gap", cookie).body
    }
}

/// Where the columns of the list of gaps go.
const MAPPING: [(&str, &str); 7] = [
    ("to.0", "title"),
    ("to.1", "domain"),
    ("to.2", "stated_by"),
    ("to.3", "baseline"),
    ("to.4", "partner"),
    ("to.5", "valid_from"),
    ("to.6", ""),
];

fn plan_of(page: &Answer) -> String {
    between(&page.body, "name=\"plan\" value=\"", "\"").to_owned()
}

/// A number beside its label in a list of facts.
fn count(page: &Answer, label: &str) -> String {
    let fact = format!("<dt>{label}</dt><dd><bdi>");
    assert!(page.body.contains(&fact), "{label}: {}", page.body);
    between(&page.body, &fact, "<").to_owned()
}

#[test]
fn a_list_of_gaps_is_brought_in_step_by_step_and_the_same_list_again_changes_nothing() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let list = instance.get("/records/capability_gap", &desk);
    assert!(
        list.body
            .contains("href=\"/records/capability_gap/import\"")
    );
    assert_eq!(instance.get(START, &desk).status, StatusCode::OK);
    let here = instance.bring(&desk, "../gaps <1>.csv", GAPS.as_bytes());
    let map = instance.get(&here, &desk);
    assert!(map.body.contains("gaps &#60;1&#62;.csv"), "{}", map.body);
    assert!(
        map.body.contains("<option value=\"title\" selected>"),
        "the columns are guessed: {}",
        map.body
    );
    assert!(
        map.body
            .contains("First values: Boats without crews; Radios without keys")
    );
    let twice = instance.fill_in(
        &format!("{here}/check"),
        &desk,
        &[("to.0", "title"), ("to.1", "title")],
    );
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        twice
            .body
            .contains("goes where another column goes already")
    );
    let plan = instance.plan(&desk, &here, &MAPPING);
    assert_eq!(plan.status, StatusCode::OK);
    assert_eq!(
        (count(&plan, "New"), count(&plan, "Refused")),
        ("2".into(), "0".into()),
        "{}",
        plan.body
    );
    assert!(plan.body.contains("Take in 2 records"), "{}", plan.body);
    assert!(
        instance.gaps(&desk).contains("\"total\":0"),
        "nothing is written yet"
    );
    let done = instance.take(&desk, &here, &[("plan", &plan_of(&plan))]);
    assert!(done.body.contains("2 records taken in."), "{}", done.body);
    for link in ["The import IMP-", "Journal entry "] {
        assert!(done.body.contains(link), "{link}: {}", done.body);
    }
    let import = between(&done.body, "<a href=\"/records/import/", "\"");
    let import = instance.get(&format!("/records/import/{import}"), &desk);
    assert_eq!(import.status, StatusCode::OK);
    assert!(import.body.contains("gaps &#60;1&#62;.csv"));
    let entry = between(&done.body, "<a href=\"/journal/", "\"");
    assert_eq!(
        instance.get(&format!("/journal/{entry}"), &desk).status,
        StatusCode::OK
    );
    assert!(instance.gaps(&desk).contains("\"total\":2"));
    // Confirming again opens the receipt and writes nothing.
    let again = instance.take(&desk, &here, &[("plan", &plan_of(&plan))]);
    assert!(again.body.contains("2 records taken in."));
    let here = instance.bring(&desk, "gaps.csv", GAPS.as_bytes());
    let plan = instance.plan(&desk, &here, &MAPPING);
    assert_eq!(
        (count(&plan, "New"), count(&plan, "Unchanged")),
        ("0".into(), "2".into()),
        "{}",
        plan.body
    );
    assert!(plan.body.contains("There is nothing to take in"));
    assert!(instance.gaps(&desk).contains("\"total\":2"));
}

#[test]
fn refused_rows_come_back_as_a_file_and_are_left_out_only_when_that_is_said() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let file = format!("{GAPS}No domain,swimming,office,None,MLI,2026,\r\n");
    let here = instance.bring(&desk, "gaps.csv", file.as_bytes());
    let plan = instance.plan(&desk, &here, &MAPPING);
    assert_eq!(
        (count(&plan, "New"), count(&plan, "Refused")),
        ("2".into(), "1".into()),
        "{}",
        plan.body
    );
    assert!(plan.body.contains("Rows that cannot be taken"));
    assert!(
        plan.body.contains("<td>4</td>") || plan.body.contains(">4<"),
        "the line is named"
    );
    let refused = instance.get(&format!("{here}/refused.csv"), &desk);
    assert_eq!(refused.status, StatusCode::OK);
    assert_eq!(refused.body.lines().count(), 2, "{}", refused.body);
    assert!(refused.body.contains("import_reason") && refused.body.contains("swimming"));
    let hash = plan_of(&plan);
    let silent = instance.take(&desk, &here, &[("plan", &hash)]);
    assert!(
        silent
            .body
            .contains("Say that the refused rows are left out"),
        "{}",
        silent.body
    );
    assert!(instance.gaps(&desk).contains("\"total\":0"));
    let done = instance.take(&desk, &here, &[("plan", &hash), ("leave_out", "yes")]);
    assert!(done.body.contains("2 records taken in."), "{}", done.body);
    assert!(instance.gaps(&desk).contains("\"total\":2"));
    assert_eq!(
        instance.get(&format!("{here}/refused.csv"), &desk).status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn a_plan_that_no_longer_holds_is_not_carried_out_but_shown_anew() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let (first, second) = (
        instance.bring(&desk, "a.csv", GAPS.as_bytes()),
        instance.bring(
            &desk,
            "b.csv",
            GAPS.replace("Two of nine", "Three of nine").as_bytes(),
        ),
    );
    let plan = instance.plan(&desk, &first, &MAPPING);
    let other = instance.plan(&desk, &second, &MAPPING);
    instance.take(&desk, &second, &[("plan", &plan_of(&other))]);
    let moved = instance.take(&desk, &first, &[("plan", &plan_of(&plan))]);
    assert!(
        moved
            .body
            .contains("The records changed since you saw the plan"),
        "{}",
        moved.body
    );
    assert_eq!(count(&moved, "New"), "0", "{}", moved.body);
    assert!(instance.gaps(&desk).contains("Three of nine"));
    assert_ne!(plan_of(&moved), plan_of(&plan));
}

#[test]
fn a_mapping_is_remembered_for_the_next_file_of_the_same_sort() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let file = GAPS.replace("Title,", "Lacuna,");
    let here = instance.bring(&desk, "gaps.csv", file.as_bytes());
    let mut pairs = MAPPING.to_vec();
    pairs.push(("remember", "Gaps of the embassy"));
    instance.plan(&desk, &here, &pairs);
    let next = instance.bring(&desk, "more.csv", file.as_bytes());
    let page = instance.get(&next, &desk);
    assert!(page.body.contains("Gaps of the embassy"), "{}", page.body);
    assert!(!page.body.contains("<option value=\"title\" selected>"));
    let id = page.body.split("Gaps of the embassy").next().unwrap();
    let id = between(id.rsplit("<option ").next().unwrap(), "value=\"", "\"").to_owned();
    let used = instance.fill_in(&format!("{next}/mapping"), &desk, &[("mapping", &id)]);
    assert_eq!(used.status, StatusCode::SEE_OTHER, "{}", used.body);
    let page = instance.get(&next, &desk);
    assert!(
        page.body.contains("<option value=\"title\" selected>"),
        "{}",
        page.body
    );
}

#[test]
fn an_upload_is_its_owners_alone_and_forgotten_when_it_is_not_decided() {
    let instance = instance();
    let (desk, other) = (
        instance.cookie(Role::DeskOfficer, "USA"),
        instance.cookie(Role::DeskOfficer, "USA"),
    );
    let here = instance.bring(&desk, "gaps.csv", GAPS.as_bytes());
    assert_eq!(instance.get(&here, &other).status, StatusCode::NOT_FOUND);
    assert_eq!(instance.get(&here, "").status, StatusCode::NOT_FOUND);
    let elsewhere = here.replace("capability_gap", "unit");
    assert_eq!(
        instance.get(&elsewhere, &desk).status,
        StatusCode::NOT_FOUND
    );
    let gone = instance.fill_in(&format!("{here}/forget"), &desk, &[]);
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(instance.get(&here, &desk).status, StatusCode::NOT_FOUND);
    let here = instance.bring(&desk, "gaps.csv", GAPS.as_bytes());
    let minutes = symbolon_exchange::limits::Limits::shipped().upload_minutes;
    for _ in 0..minutes {
        instance.clock.pass(60);
        instance.get("/records", &desk); // the session is used meanwhile
    }
    assert_eq!(instance.get(&here, &desk).status, StatusCode::NOT_FOUND);
    let most = symbolon_exchange::limits::Limits::shipped().uploads_kept;
    let first = instance.bring(&desk, "0.csv", GAPS.as_bytes());
    for _ in 0..most {
        instance.bring(&desk, "n.csv", GAPS.as_bytes());
    }
    assert_eq!(
        instance.get(&first, &desk).status,
        StatusCode::NOT_FOUND,
        "the oldest makes room"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_refused_with_its_place_and_who_may_not_import_finds_nothing() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let csrf = instance.csrf(&desk);
    for (bytes, words) in [
        (&b"a,b\n1\n"[..], "2"),
        (b"%PDF-1.7", "CSV"),
        (b"", "empty"),
        (b"a\n\xff\n", "UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0", ""),
    ] {
        let answer = instance.send_file(&desk, &csrf, "x.csv", bytes);
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            answer.body
        );
        assert!(
            answer.body.contains("<title>Error: ") && answer.body.contains(words),
            "{}",
            answer.body
        );
    }
    let forged = instance.send_file(&desk, "wrong", "x.csv", GAPS.as_bytes());
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let (kind, body) = multipart(&[("file", Some("x.csv"), GAPS.as_bytes())]);
    let request = Request::post(START)
        .header(header::COOKIE, &desk)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, kind);
    let tokenless = instance.send(request.body(Body::from(body)).unwrap());
    assert_eq!(tokenless.status, StatusCode::FORBIDDEN);
    let plain = instance.fill_in(START, &desk, &[("file", "x")]);
    assert_eq!(plain.status, StatusCode::BAD_REQUEST);
    for role in [Role::Auditor, Role::SecurityOfficer] {
        let cookie = instance.cookie(role, "USA");
        assert_eq!(instance.get(START, &cookie).status, StatusCode::NOT_FOUND);
        let sent = instance.send_file(&cookie, &csrf, "x.csv", GAPS.as_bytes());
        assert_eq!(sent.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(instance.get(START, "").status, StatusCode::NOT_FOUND);
}

#[test]
fn a_file_at_the_limit_is_taken_and_one_byte_more_is_refused_r45() {
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let csrf = instance.csrf(&desk);
    let most = usize::try_from(symbolon_exchange::limits::Limits::shipped().upload).unwrap();
    let mut file = b"Title\n".to_vec();
    let row = [b"x".repeat(999), b"\n".to_vec()].concat();
    while file.len() + row.len() <= most {
        file.extend_from_slice(&row);
    }
    file.resize(most, b'y');
    let whole = instance.send_file(&desk, &csrf, "long.csv", &file);
    assert_eq!(whole.status, StatusCode::SEE_OTHER, "{}", whole.body);
    file.push(b'y');
    let more = instance.send_file(&desk, &csrf, "longer.csv", &file);
    assert_eq!(more.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(more.body.contains("larger than 25 MiB"), "{}", more.body);
}

#[test]
fn one_sheet_of_a_workbook_is_read_and_it_can_be_chosen() {
    use symbolon_exchange::export::{Field, Notes, Sheet};
    let instance = instance();
    let desk = instance.cookie(Role::DeskOfficer, "USA");
    let mut book = vec![];
    let heads = ["Title", "Domain"].map(str::to_owned);
    let mut sheet = Sheet::xlsx(&mut book, &heads, &Notes::default()).unwrap();
    sheet
        .row(&[Field::Text("Boats"), Field::Text("training")])
        .unwrap();
    sheet.finish().unwrap();
    let here = instance.bring(&desk, "gaps.xlsx", &book);
    let page = instance.get(&here, &desk);
    assert!(page.body.contains("Sheet of the workbook"), "{}", page.body);
    let unknown = instance.fill_in(&format!("{here}/sheet"), &desk, &[("sheet", "None")]);
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("First values: Boats"));
    let sheets: Vec<&str> = page
        .body
        .split("name=\"sheet\"")
        .nth(1)
        .unwrap()
        .split("<option value=\"")
        .skip(1)
        .take(2)
        .map(|o| o.split('"').next().unwrap())
        .collect();
    let choose = |name: &str| instance.fill_in(&format!("{here}/sheet"), &desk, &[("sheet", name)]);
    // The second sheet holds notes, which are no table: that is said, and the first stays chosen.
    let notes = choose(sheets[1]);
    assert_eq!(notes.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(notes.body.contains("<title>Error: "), "{}", notes.body);
    assert_eq!(choose(sheets[0]).status, StatusCode::SEE_OTHER);
    let plan = instance.plan(&desk, &here, &MAPPING[..2]);
    assert_eq!(count(&plan, "Rows"), "1", "{}", plan.body);
}
