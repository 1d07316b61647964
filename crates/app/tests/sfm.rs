//! Invented units in the form of Security Force Monitor's files, taken in.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;

use common::on_each_engine;
use symbolon_app::load;
use symbolon_exchange::import::sfm::Folder;
use symbolon_store::query::RecordQuery;

const UNITS: &str = "Organization:Name\tSource: Name\tConfidence: Name\tOrganization:other_names\tOrganization division_id\tOrganizationOrganization:parent_id\tSource: OrganizationOrganization:parent_id\tConfidence: OrganizationOrganization:parent_id\tOrganizationOrganization:classification\tOrganizationOrganization:date_first_cited\tOrganizationOrganization:date_last_cited\tOrganizationOrganization:open_ended\n\
1 Test Battalion\ts1\tHigh\t1st Test Battalion\tml\t1 Test Brigade\ts1\tMedium\tCommand\t8/31/2007\tApril 2018\tN\n";
const SOURCES: &str = "source_id_lookup,title,published_on,source_url,publication_title\ns1,An invented report,2010-09-28,https://example.org/r,Test Paper\n";
const PERSONS: &str = "Name,Organization,Role,Rank,First citation,Last citation,End date? (Y/N),division_id\nGrigory Orlovtest,1 Test Battalion,Commander,Colonel,10/6/2014,,N,ml\n";
const INCIDENTS: &str = "pk,uuid,divisionid,enddate,firstallegation,locationdescription,perpetratorclassification,startdate,type\n1,i-1,ocd-division/country:ml,,2013-02-00,A test place,Army; Police,2012-11-00,Beating; Torture\n";

#[test]
fn units_parents_postings_and_incidents_come_with_sources_and_a_second_time_change_nothing() {
    on_each_engine(|app| {
        let mut folder = Folder::default();
        let files = [
            ("u.tsv", UNITS),
            ("s.csv", SOURCES),
            ("p.csv", PERSONS),
            ("i.csv", INCIDENTS),
        ];
        for (name, text) in files {
            assert!(folder.read(name, text.as_bytes()).unwrap(), "{name}");
        }
        folder.close();
        let system = app.system();
        let dry = load::sfm(app, &system, &folder, true).unwrap();
        let all = |kind: &str| {
            app.store
                .list(&system, kind, &RecordQuery::default())
                .unwrap()
        };
        assert!(all("unit").is_empty(), "a dry run writes nothing");
        let done = load::sfm(app, &system, &folder, false).unwrap();
        assert_eq!(done.made, dry.made);
        assert_eq!((done.made["unit"], done.made["incident_party"]), (2, 2));
        let parent = &all("unit_parent")[0];
        assert_eq!(parent.envelope.partner, "MLI");
        assert_eq!(parent.envelope.valid.to.unwrap().to_string(), "2018-05");
        assert_eq!(parent.envelope.sources[0].url, "https://example.org/r");
        assert_eq!(parent.envelope.sources[0].confidence.to_string(), "medium");
        assert_eq!(all("posting")[0].body["commands"], true);
        let incident = &all("incident")[0];
        assert_eq!(
            (&incident.body["violation"], &incident.body["began"]),
            (&"torture".into(), &"2012-11".into())
        );
        assert_eq!(incident.envelope.state, "alleged");
        let again = load::sfm(app, &system, &folder, false).unwrap();
        assert!(again.made.is_empty() && again.kept > 0);
    });
}
