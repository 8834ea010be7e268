//! Articles and images in their plainest form. A test that needs a special form writes the file itself.

use std::io::Write;

use flate2::{Compression, Crc, write::ZlibEncoder};

/// An article with a title, a date and one paragraph that names the title.
pub fn article(title: &str, date: &str) -> String {
    article_with(title, date, "")
}

/// Like `article`, with more lines of front matter, each ending with a line feed.
pub fn article_with(title: &str, date: &str, more: &str) -> String {
    // A JSON string is also a YAML string, whatever characters it contains.
    let quoted = serde_json::to_string(title).unwrap();
    format!("---\ntitle: {quoted}\ndate: {date}\n{more}---\n<p>Body of it.</p>\n")
}

/// A black PNG of the given size.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]); // 8 bits of grey, not interlaced

    // Each row is a filter byte and one byte for each pixel.
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
