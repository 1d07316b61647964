//! A second connection that obeys none of the program's rules: what an attacker with the file, or
//! with the database's own administrator account, would use.

use rusqlite::config::DbConfig;

/// The type of a column, as far as attacks differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Int,
    Text,
    Blob,
}

/// A table as it stands in the database. The first column is the key.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<(String, Holds)>,
    pub rows: usize,
}

impl Table {
    pub fn key(&self) -> &str {
        &self.columns[0].0
    }
}

pub enum Raw {
    Sqlite(rusqlite::Connection),
    Postgres(Box<postgres::Client>),
}

impl Raw {
    pub fn sqlite(path: &std::path::Path) -> rusqlite::Result<Self> {
        let conn = rusqlite::Connection::open(path)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
        conn.execute_batch(
            "PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON; PRAGMA synchronous=OFF",
        )?;
        Ok(Self::Sqlite(conn))
    }

    pub fn postgres(url: &str) -> Self {
        let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
        // No foreign keys, no triggers: what only the administrator of the server can do.
        client
            .batch_execute(
                "SET session_replication_role = replica; SET client_min_messages = warning",
            )
            .unwrap();
        Self::Postgres(Box::new(client))
    }

    pub fn run(&mut self, sql: &str) -> Result<(), String> {
        match self {
            Self::Sqlite(c) => c.execute_batch(sql).map_err(|e| e.to_string()),
            Self::Postgres(c) => c.batch_execute(sql).map_err(|e| format!("{e:?}")),
        }
    }

    /// The first column of each row, as text.
    pub fn texts(&mut self, sql: &str) -> Result<Vec<String>, String> {
        match self {
            Self::Sqlite(c) => {
                let mut statement = c.prepare(sql).map_err(|e| e.to_string())?;
                let rows = statement
                    .query_map([], |row| row.get::<_, String>(0))
                    .map_err(|e| e.to_string())?;
                rows.collect::<Result<_, _>>().map_err(|e| e.to_string())
            }
            Self::Postgres(c) => {
                let rows = c.query(sql, &[]).map_err(|e| format!("{e:?}"))?;
                Ok(rows.iter().map(|r| r.get(0)).collect())
            }
        }
    }

    /// Every table, its columns and how many rows it has.
    pub fn tables(&mut self) -> Vec<Table> {
        let list = match self {
            Self::Sqlite(_) => {
                "SELECT m.name || ' ' || c.name || ' ' || c.type FROM sqlite_schema m, pragma_table_info(m.name) c \
                 WHERE m.type = 'table' ORDER BY m.name, c.cid"
            }
            Self::Postgres(_) => {
                "SELECT table_name || ' ' || column_name || ' ' || data_type FROM information_schema.columns \
                 WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
            }
        };
        let mut tables: Vec<Table> = vec![];
        for line in self.texts(list).unwrap() {
            let mut words = line.splitn(3, ' ');
            let mut word = || words.next().unwrap().to_owned();
            let (table, column, holds) = (word(), word(), word());
            let holds = match holds.as_str() {
                "INTEGER" | "bigint" => Holds::Int,
                "TEXT" | "text" => Holds::Text,
                _ => Holds::Blob,
            };
            if tables.last().is_none_or(|t| t.name != table) {
                let rows = self
                    .texts(&format!("SELECT CAST(count(*) AS TEXT) FROM \"{table}\""))
                    .unwrap();
                tables.push(Table {
                    name: table,
                    columns: vec![],
                    rows: rows[0].parse().unwrap(),
                });
            }
            tables.last_mut().unwrap().columns.push((column, holds));
        }
        tables
    }

    /// Everything that can be read, as text; an error where something cannot.
    pub fn dump(&mut self, tables: &[Table]) -> Result<Vec<String>, String> {
        let mut all = match self {
            Self::Sqlite(_) => self.texts(
                "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name",
            )?,
            Self::Postgres(_) => vec![],
        };
        for table in tables {
            let row = match self {
                Self::Sqlite(_) => {
                    let cells: Vec<String> = table
                        .columns
                        .iter()
                        .map(|(c, _)| format!("typeof(\"{c}\") || quote(\"{c}\")"))
                        .collect();
                    cells.join(" || ',' || ")
                }
                Self::Postgres(_) => "CAST(t.* AS TEXT)".to_owned(),
            };
            all.push(table.name.clone());
            all.extend(self.texts(&format!(
                "SELECT {row} FROM \"{}\" t ORDER BY \"{}\"",
                table.name,
                table.key()
            ))?);
        }
        Ok(all)
    }
}
