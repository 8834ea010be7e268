//! Articles and images as authors leave them on the disk.
//! Knows the plainest form only; a test about a special form writes it out itself.

use std::io::Write;

use flate2::{Compression, Crc, write::ZlibEncoder};

/// An article with a title, a date and one paragraph that names the title.
pub fn article(title: &str, date: &str) -> String {
    article_with(title, date, "")
}

/// The same with more lines of front matter, each ended by a line feed.
pub fn article_with(title: &str, date: &str, more: &str) -> String {
    // A JSON string is a YAML string too, whatever characters it holds.
    let quoted = serde_json::to_string(title).unwrap();
    format!("---\ntitle: {quoted}\ndate: {date}\n{more}---\n<p>Body of it.</p>\n")
}

/// A real, black PNG of the given size.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]); // eight bits of grey, nothing interlaced

    // One filter byte and one byte a pixel in each row.
    let row = vec![0; usize::try_from(width).unwrap() + 1];
    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..height {
        pixels.write_all(&row).unwrap();
    }

    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &pixels.finish().unwrap());
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut sum = Crc::new();
    sum.update(&kind);
    sum.update(data);
    file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    file.extend(kind);
    file.extend(data);
    file.extend(sum.sum().to_be_bytes());
}
