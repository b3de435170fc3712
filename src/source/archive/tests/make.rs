//! Making archives, sound and otherwise.

use std::io::Write as _;

/// One entry of a zip that is made.
#[derive(Clone)]
pub(super) struct ZipEntry {
    pub(super) name: Vec<u8>,
    pub(super) local_name: Vec<u8>,
    pub(super) data: Vec<u8>,
    pub(super) method: u16,
    pub(super) flags: u16,
    pub(super) crc: u32,
    pub(super) size: u32,
    pub(super) mode: u32,
    pub(super) extra: Vec<u8>,
    /// Added to where the directory says that it is.
    pub(super) shift: i64,
    /// The length alone stands in the local header, the rest behind the data.
    pub(super) sized_ahead: bool,
    /// Bytes after its data.
    pub(super) behind: Vec<u8>,
}

/// A zip that is made.
#[derive(Clone, Default)]
pub(super) struct Zip {
    pub(super) entries: Vec<ZipEntry>,
    pub(super) comment: Vec<u8>,
    pub(super) large: bool,
    pub(super) count: Option<u16>,
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

impl Zip {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn file(self, name: impl AsRef<[u8]>, bytes: &[u8]) -> Self {
        self.entry(name, bytes.to_vec(), 0, bytes)
    }

    pub(super) fn deflated(self, name: impl AsRef<[u8]>, bytes: &[u8]) -> Self {
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(bytes).unwrap();
        self.entry(name, packed.finish().unwrap(), 8, bytes)
    }

    fn entry(mut self, name: impl AsRef<[u8]>, data: Vec<u8>, method: u16, bytes: &[u8]) -> Self {
        self.entries.push(ZipEntry {
            name: name.as_ref().to_vec(),
            local_name: name.as_ref().to_vec(),
            data,
            method,
            flags: 0,
            crc: crc(bytes),
            size: u32::try_from(bytes.len()).unwrap(),
            mode: 0o100_644,
            extra: Vec::new(),
            shift: 0,
            sized_ahead: false,
            behind: Vec::new(),
        });
        self
    }

    /// Changes the last entry.
    pub(super) fn with(mut self, change: impl FnOnce(&mut ZipEntry)) -> Self {
        change(self.entries.last_mut().unwrap());
        self
    }

    pub(super) fn build(&self) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        let short = |n: usize| u16::try_from(n).unwrap().to_le_bytes();
        let long = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
        for entry in &self.entries {
            let offset = i64::try_from(out.len()).unwrap() + entry.shift;
            let behind = entry.flags & 8 != 0;
            let sizes = [entry.crc.to_le_bytes(), long(entry.data.len()), entry.size.to_le_bytes()].concat();
            let common = |sizes: &[u8], name: &[u8], extra: usize| {
                let head = [entry.flags.to_le_bytes(), entry.method.to_le_bytes(), [0; 2], [0; 2]].concat();
                [&head, sizes, &short(name.len()), &short(extra)].concat()
            };
            out.extend(b"PK\x03\x04\x14\0");
            let mut here = if behind { vec![0; 12] } else { sizes.clone() };
            if entry.sized_ahead {
                here[8..].copy_from_slice(&entry.size.to_le_bytes());
            }
            out.extend(common(&here, &entry.local_name, 0));
            out.extend(&entry.local_name);
            out.extend(&entry.data);
            if behind {
                out.extend(b"PK\x07\x08");
                out.extend(&sizes);
            }
            out.extend(&entry.behind);
            directory.extend(b"PK\x01\x02\x14\x03\x14\0");
            directory.extend(common(&sizes, &entry.name, entry.extra.len()));
            directory.extend([0; 6]);
            directory.extend((entry.mode << 16).to_le_bytes());
            directory.extend(u32::try_from(offset).unwrap().to_le_bytes());
            directory.extend(&entry.name);
            directory.extend(&entry.extra);
        }
        let (at, count) = (out.len(), self.entries.len());
        out.extend(&directory);
        if self.large {
            let end = out.len() as u64;
            let wide = |n: usize| (n as u64).to_le_bytes();
            out.extend(b"PK\x06\x06");
            out.extend(44_u64.to_le_bytes());
            out.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            out.extend([wide(count), wide(count), wide(directory.len()), wide(at)].concat());
            out.extend(b"PK\x06\x07\0\0\0\0");
            out.extend(end.to_le_bytes());
            out.extend(1_u32.to_le_bytes());
        }
        out.extend(b"PK\x05\x06\0\0\0\0");
        let said = self.count.map_or(short(count), u16::to_le_bytes);
        if self.large {
            out.extend([0xff; 12]);
        } else {
            out.extend([&said[..], &said, &long(directory.len()), &long(at)].concat());
        }
        out.extend(short(self.comment.len()));
        out.extend(&self.comment);
        out
    }
}

/// A tar that is made.
#[derive(Clone, Default)]
pub(super) struct Tar(pub(super) Vec<u8>);

impl Tar {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn file(self, name: impl AsRef<[u8]>, bytes: &[u8]) -> Self {
        self.member(name, b'0', b"", bytes)
    }

    pub(super) fn member(self, name: impl AsRef<[u8]>, kind: u8, link: &[u8], bytes: &[u8]) -> Self {
        let size = format!("{:011o}\0", bytes.len());
        self.raw(name.as_ref(), kind, link, size.as_bytes(), bytes)
    }

    pub(super) fn raw(mut self, name: &[u8], kind: u8, link: &[u8], size: &[u8], bytes: &[u8]) -> Self {
        let mut block = [0; 512];
        block[..name.len()].copy_from_slice(name);
        block[100..108].copy_from_slice(b"0000644\0");
        block[124..136].copy_from_slice(size);
        block[156] = kind;
        block[157..157 + link.len()].copy_from_slice(link);
        block[257..265].copy_from_slice(b"ustar\x0000");
        self.0.extend(sealed(block));
        self.0.extend(bytes);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    pub(super) fn build(&self) -> Vec<u8> {
        [&self.0[..], &[0; 1024]].concat()
    }
}

/// A header with its checksum.
pub(super) fn sealed(mut block: [u8; 512]) -> [u8; 512] {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

pub(super) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}
