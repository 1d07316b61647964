//! What a driver's failure means to storage.

use symbolon_store::StoreError;

pub(crate) fn sqlite_error(e: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode;
    match &e {
        rusqlite::Error::SqliteFailure(f, _) if f.code == ErrorCode::DiskFull => StoreError::Full,
        rusqlite::Error::SqliteFailure(f, _)
            if f.extended_code == rusqlite::ffi::SQLITE_IOERR_FSYNC =>
        {
            StoreError::NotDurable
        }
        rusqlite::Error::SqliteFailure(f, Some(text))
            if f.code == ErrorCode::ConstraintViolation =>
        {
            constraint(text)
        }
        _ => StoreError::Database(e.to_string()),
    }
}

pub(crate) fn postgres_error(e: postgres::Error) -> StoreError {
    use postgres::error::SqlState;
    let Some(db) = e.as_db_error() else {
        let gone = e.is_closed()
            || std::error::Error::source(&e).is_some_and(|s| s.is::<std::io::Error>());
        return match gone {
            true => StoreError::Unreachable,
            false => StoreError::Database(e.to_string()),
        };
    };
    match *db.code() {
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::Unreachable,
        SqlState::DISK_FULL => StoreError::Full,
        SqlState::UNIQUE_VIOLATION => {
            StoreError::Duplicate(db.detail().unwrap_or_default().to_owned())
        }
        SqlState::FOREIGN_KEY_VIOLATION => constraint("FOREIGN KEY"),
        _ => StoreError::Database(format!("{} ({})", db.message(), db.code().code())),
    }
}

fn constraint(text: &str) -> StoreError {
    if text.starts_with("FOREIGN KEY") {
        StoreError::Invalid("it refers to a record that does not exist".to_owned())
    } else if text.starts_with("UNIQUE") {
        StoreError::Duplicate(text.to_owned())
    } else {
        StoreError::Database(text.to_owned())
    }
}
