//! The attacks: SQL that changes something a reader could see.

use crate::raw::{Holds, Table};

/// One attack.
pub struct Attack {
    pub name: String,
    pub sql: String,
    /// Attacks of a group do the same to the same thing.
    pub group: String,
    /// It changes the schema, which the dump of the tables may not show.
    pub schema: bool,
}

fn attack(name: String, sql: String) -> Attack {
    Attack {
        group: name.clone(),
        name,
        sql,
        schema: false,
    }
}

/// Seeded numbers.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// The key of the row at a place, as SQL.
fn key_at(table: &Table, row: usize) -> String {
    let (name, key) = (&table.name, table.key());
    format!("(SELECT \"{key}\" FROM \"{name}\" ORDER BY \"{key}\" LIMIT 1 OFFSET {row})")
}

/// Something else than what is there.
fn other(column: &str, holds: Holds) -> String {
    match holds {
        Holds::Int => format!("coalesce(\"{column}\", 41) + 1"),
        Holds::Text => format!("coalesce(\"{column}\", '') || 'x'"),
        Holds::Blob => format!(
            "(SELECT \"leaf\" FROM journal WHERE \"leaf\" <> coalesce(\"{column}\", \"seal\") LIMIT 1)"
        ),
    }
}

fn nothing(holds: Holds) -> &'static str {
    match holds {
        Holds::Int => "0",
        Holds::Text | Holds::Blob => "''",
    }
}

/// Edit, blank, set to nothing, swap, in the first and in the last row.
pub fn on_columns(table: &Table) -> Vec<Attack> {
    let name = &table.name;
    let mut all = vec![];
    for (column, holds) in &table.columns {
        for row in [0, table.rows - 1] {
            let key = key_at(table, row);
            let set = |what: &str, value: &str| {
                let sql = format!(
                    "UPDATE \"{name}\" SET \"{column}\" = {value} WHERE \"{}\" = {key}",
                    table.key()
                );
                attack(format!("{what} {name}.{column} row {row}"), sql)
            };
            all.push(set("edit", &other(column, *holds)));
            all.push(set("null", "NULL"));
            all.push(set("blank", nothing(*holds)));
            if *holds == Holds::Text {
                all.push(set("upper-case", &format!("upper(\"{column}\")")));
                all.push(set(
                    "space in",
                    &format!("replace(\"{column}\", ':', ': ')"),
                ));
                all.push(set("space after", &format!("\"{column}\" || ' '")));
            }
        }
        all.push(swap(table, &[column], 0, table.rows - 1));
        let group = format!("{name}.{column}");
        let new = all
            .iter_mut()
            .filter(|a: &&mut Attack| a.name.contains(&group));
        new.for_each(|a| a.group.clone_from(&group));
    }
    all
}

/// Swaps columns between two rows.
fn swap(table: &Table, columns: &[&String], a: usize, b: usize) -> Attack {
    let (name, key) = (&table.name, table.key());
    let list: Vec<String> = columns.iter().map(|c| format!("\"{c}\"")).collect();
    let (list, keys) = (
        list.join(", "),
        format!("({}, {})", key_at(table, a), key_at(table, b)),
    );
    let named: Vec<String> = (0..columns.len()).map(|i| format!("v{i}")).collect();
    let copied: Vec<String> = columns
        .iter()
        .zip(&named)
        .map(|(c, v)| format!("\"{c}\" AS {v}"))
        .collect();
    let sql = format!(
        "CREATE TEMP TABLE kept AS SELECT \"{key}\" AS k, {copied} FROM \"{name}\" WHERE \"{key}\" IN {keys}; \
         UPDATE \"{name}\" SET ({list}) = (SELECT {named} FROM kept WHERE k <> \"{name}\".\"{key}\") \
         WHERE \"{key}\" IN {keys}; DROP TABLE kept",
        copied = copied.join(", "),
        named = named.join(", "),
    );
    let what = if columns.len() == 1 {
        columns[0]
    } else {
        "all but the key"
    };
    attack(format!("swap {name}.{what} of rows {a} and {b}"), sql)
}

/// Remove, add, swap and renumber rows.
pub fn on_rows(table: &Table) -> Vec<Attack> {
    let (name, key) = (&table.name, table.key());
    let mut all = vec![];
    for row in 0..table.rows {
        let at = key_at(table, row);
        all.push(attack(
            format!("delete {name} row {row}"),
            format!("DELETE FROM \"{name}\" WHERE \"{key}\" = {at}"),
        ));
        for new in new_keys(table) {
            all.push(attack(
                format!("renumber {name} row {row} to {new}"),
                format!("UPDATE \"{name}\" SET \"{key}\" = {new} WHERE \"{key}\" = {at}"),
            ));
            all.push(copy_of(table, row, &new));
        }
    }
    all.push(attack(
        format!("delete all of {name}"),
        format!("DELETE FROM \"{name}\""),
    ));
    let values: Vec<&String> = table.columns[1..].iter().map(|(c, _)| c).collect();
    for row in 1..table.rows {
        all.push(swap(table, &values, row - 1, row));
    }
    for attack in &mut all {
        let verb = attack.name.split(' ').next().unwrap_or_default();
        attack.group = format!("{verb} {name}");
    }
    all
}

fn new_keys(table: &Table) -> Vec<String> {
    let (name, key) = (&table.name, table.key());
    match table.columns[0].1 {
        Holds::Int => vec![
            format!("(SELECT max(\"{key}\") + 1 FROM \"{name}\")"),
            format!("{}", (77_i64 << 32) + 1),
            "-5".to_owned(),
        ],
        _ => vec![
            "'00000000-0000-4000-8000-000000000001'".to_owned(),
            "'x'".to_owned(),
        ],
    }
}

/// A copy of a row under a new key, and a new code where codes are unique.
fn copy_of(table: &Table, row: usize, new: &str) -> Attack {
    let values: Vec<String> = table.columns[1..]
        .iter()
        .map(|(c, _)| {
            if c == "owner" {
                "owner || '2'".to_owned()
            } else {
                format!("\"{c}\"")
            }
        })
        .collect();
    let name = &table.name;
    attack(
        format!("copy {name} row {row} as {new}"),
        format!(
            "INSERT INTO \"{name}\" SELECT {new}, {} FROM \"{name}\" WHERE \"{}\" = {}",
            values.join(", "),
            table.key(),
            key_at(table, row)
        ),
    )
}

/// A cell changed at random.
pub fn random_cell(tables: &[Table], random: &mut Random) -> Attack {
    let table = &tables[random.below(tables.len())];
    let (column, holds) = &table.columns[random.below(table.columns.len())];
    let row = random.below(table.rows);
    let value = match (holds, random.below(4)) {
        (_, 0) => "NULL".to_owned(),
        (Holds::Int, 1) => format!("\"{column}\" - 1"),
        (Holds::Int, _) => random.below(1 << 40).to_string(),
        (Holds::Text, 1) => format!("'{}' || \"{column}\"", random.below(10)),
        (Holds::Text, 2) => format!("substr(\"{column}\", 2)"),
        (Holds::Text, _) => format!("'{}'", random.below(1 << 30)),
        (Holds::Blob, _) => other(column, Holds::Blob),
    };
    attack(
        format!("{}.{column} row {row} = {value}", table.name),
        format!(
            "UPDATE \"{}\" SET \"{column}\" = {value} WHERE \"{}\" = {}",
            table.name,
            table.key(),
            key_at(table, row)
        ),
    )
}

/// Cuts at each checkpoint, and roll-backs of what hangs on the entries that were cut.
pub fn on_the_tail(sizes: Vec<u64>, partner: String) -> Vec<Attack> {
    let last = sizes[sizes.len() - 1];
    let mut all = vec![
        attack(
            "cut the newest checkpoint".into(),
            format!("DELETE FROM checkpoint WHERE size = {last}"),
        ),
        attack(
            "cut every checkpoint".into(),
            "DELETE FROM checkpoint".into(),
        ),
        attack(
            "cut a checkpoint in the middle".into(),
            format!("DELETE FROM checkpoint WHERE size = {}", sizes[1]),
        ),
        attack(
            "cut the newest entry and checkpoint".into(),
            format!(
                "DELETE FROM checkpoint WHERE size = {last}; DELETE FROM journal WHERE seq = {}",
                last - 1
            ),
        ),
        attack(
            "move every entry up by one".into(),
            "UPDATE journal SET seq = seq + 1000; UPDATE journal SET seq = seq - 999".into(),
        ),
        attack(
            "an old version of a record".into(),
            format!(
                "UPDATE partner SET version = 1, name = 'Mali', other_names = '[]', \
                 entry = (SELECT min(seq) FROM journal WHERE object = 'partner/{partner}') WHERE id = '{partner}'"
            ),
        ),
    ];
    for size in sizes {
        all.push(attack(
            format!("cut back to {size} entries, rows and checkpoints with them"),
            cut(size),
        ));
    }
    all.pop();
    all
}

/// Takes away the entries from a number on, and everything that names them.
fn cut(size: u64) -> String {
    let mut sql = format!(
        "DELETE FROM checkpoint WHERE size > {size}; DELETE FROM journal WHERE seq >= {size}; \
         DELETE FROM label WHERE entry >= {size};"
    );
    for kind in symbolon_domain::kinds::all() {
        sql.push_str(&format!(
            "DELETE FROM \"{}\" WHERE entry >= {size};",
            kind.code
        ));
    }
    for table in symbolon_store::facts::TABLES {
        sql.push_str(&format!(
            "DELETE FROM {0} WHERE id >= (SELECT coalesce(max(number), 0) + 1 FROM dataset) * 4294967296;",
            table.name
        ));
    }
    sql
}

/// Attacks on the schema itself.
pub fn on_schema(engine: &str, tables: &[Table]) -> Vec<Attack> {
    let mut all: Vec<String> = [
        "DROP INDEX journal_object",
        "DROP INDEX partner_owner_code",
        "DROP INDEX observation_0",
        "CREATE INDEX another ON journal(actor)",
        "CREATE TABLE another(a INTEGER)",
        "CREATE TABLE \"sqliteXanother\"(a INTEGER)",
        "CREATE VIEW another AS SELECT * FROM account",
        "ALTER TABLE account ADD COLUMN another TEXT",
        "ALTER TABLE account RENAME COLUMN nation TO another",
        "ALTER TABLE observation RENAME TO another",
        "DROP INDEX journal_object; CREATE INDEX journal_object ON journal(object)",
        "DROP INDEX partner_owner_code; CREATE INDEX partner_owner_code ON partner(owner, code)",
    ]
    .map(str::to_owned)
    .to_vec();
    all.extend(tables.iter().map(|t| drop_table(engine, &t.name)));
    let own: &[&str] = if engine == "SQLite" {
        &[
            "CREATE TRIGGER another AFTER INSERT ON account BEGIN DELETE FROM session; END",
            "CREATE TRIGGER \"sqliteXanother\" AFTER INSERT ON account BEGIN DELETE FROM session; END",
            "ANALYZE",
            "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'journal'",
            "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET name = 'sqlite_x' WHERE name = 'journal_object'",
        ]
    } else {
        &[
            "CREATE FUNCTION another() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; \
             CREATE TRIGGER another BEFORE INSERT ON session FOR EACH ROW EXECUTE FUNCTION another()",
            "CREATE FUNCTION another() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE RULE another AS ON INSERT TO session DO INSTEAD NOTHING",
            "ALTER TABLE session ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY another ON session USING (false)",
            "ALTER TABLE session SET UNLOGGED",
            "ALTER TABLE session DROP CONSTRAINT session_account_fkey",
            "ALTER TABLE session ADD CHECK (expires > 0)",
            "ALTER TABLE session ALTER COLUMN expires SET DEFAULT 9",
            "ALTER TABLE session ALTER COLUMN owner DROP NOT NULL",
            "ALTER TABLE session ALTER COLUMN owner TYPE varchar",
            "ALTER TABLE session DROP CONSTRAINT session_pkey",
            "CREATE SEQUENCE another",
            "CREATE MATERIALIZED VIEW another AS SELECT 1",
            "CREATE TABLE child() INHERITS (session)",
        ]
    };
    all.extend(own.iter().map(|s| (*s).to_owned()));
    all.into_iter()
        .map(|sql| Attack {
            name: sql.clone(),
            group: sql.clone(),
            sql,
            schema: true,
        })
        .collect()
}

fn drop_table(engine: &str, name: &str) -> String {
    let cascade = if engine == "SQLite" { "" } else { " CASCADE" };
    format!("DROP TABLE \"{name}\"{cascade}")
}
