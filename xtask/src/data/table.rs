//! Tables in and out: CSV, packed or not, read whole and written the same way every time.

use std::path::Path;

/// A table read whole, with its heads.
pub struct Table {
    name: String,
    heads: Vec<String>,
    /// Rows, as long as the head.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The number of a column.
    pub fn column(&self, head: &str) -> Result<usize, String> {
        let found = self.heads.iter().position(|h| h == head);
        found.ok_or_else(|| format!("{}: no column `{head}`", self.name))
    }

    /// The numbers of several columns.
    pub fn columns<const N: usize>(&self, heads: [&str; N]) -> Result<[usize; N], String> {
        let mut out = [0; N];
        for (slot, head) in out.iter_mut().zip(heads) {
            *slot = self.column(head)?;
        }
        Ok(out)
    }
}

/// The bytes of a file, unpacked where its name ends in `.zst`.
pub fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let raw = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    if path.extension().is_some_and(|e| e == "zst") {
        return zstd::decode_all(raw.as_slice()).map_err(|e| format!("{}: {e}", path.display()));
    }
    Ok(raw)
}

/// Reads a comma-separated file.
pub fn read(path: &Path) -> Result<Table, String> {
    parse(&path.display().to_string(), &bytes(path)?)
}

/// Reads comma-separated text; every row must be as long as the head.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Table, String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let heads = reader.headers().map_err(|e| format!("{name}: {e}"))?;
    let heads = heads.iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| format!("{name}: {e}"))?;
        rows.push(record.iter().map(str::to_owned).collect());
    }
    Ok(Table {
        name: name.to_owned(),
        heads,
        rows,
    })
}

/// Writes a comma-separated file, packed where its name ends in `.zst`.
pub fn write<const N: usize>(
    path: &Path,
    heads: [&str; N],
    rows: &[[String; N]],
) -> Result<(), String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(heads).map_err(|e| e.to_string())?;
    for row in rows {
        writer.write_record(row).map_err(|e| e.to_string())?;
    }
    let text = writer.into_inner().map_err(|e| e.to_string())?;
    write_bytes(path, &text)
}

/// Writes bytes, packed with a checksum where the name ends in `.zst`.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let packed = path.extension().is_some_and(|e| e == "zst");
    let out = if packed {
        pack(bytes).map_err(|e| e.to_string())?
    } else {
        bytes.to_vec()
    };
    std::fs::write(path, out).map_err(|e| format!("{}: {e}", path.display()))
}

fn pack(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packer = zstd::Encoder::new(Vec::new(), 19)?;
    packer.include_checksum(true)?;
    packer.include_contentsize(true)?;
    packer.set_pledged_src_size(Some(bytes.len() as u64))?;
    std::io::Write::write_all(&mut packer, bytes)?;
    packer.finish()
}
