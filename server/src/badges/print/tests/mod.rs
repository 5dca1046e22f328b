//! Badges are rendered by poppler, and their codes read by zbar: neither has seen our code.

mod codes;
mod looks;
mod picture;

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{Face, Fonts, Format, Frame, Paper, Printed, print};
use picture::Picture;

/// As long as tokens are, in their alphabet.
const TOKEN: &str = "6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3/XIV0W23NTDEPWK G2EP4J0BGJLFX3R3VHXK.PJ:2DPF6R:5SVBHABVCNN95SWMPHQUHQN%A400H%UBT16Y51Y9AT1:+P6YBKD0:XB7NGJQOIS7I$H%T5+XO";

fn face(name: &str) -> Face {
    Face {
        name: name.to_owned(),
        form_of_address: Some("Sra.".to_owned()),
        affiliation: Some("República Oriental del Uruguay".to_owned()),
        category: "Delegada".to_owned(),
        colour: Some("#1f5fa8".to_owned()),
        token: TOKEN.to_owned(),
    }
}

fn frame() -> Frame {
    let event_title = "Décima Semana de Seguridad Ciudadana".to_owned();
    Frame { event_title, logo: None, language: "es".to_owned() }
}

fn system_fonts() -> Fonts {
    Fonts::new(std::path::Path::new("no such folder"))
}

fn printed(badges: &[Face], format: Format, paper: Paper) -> Printed {
    print(&system_fonts(), &frame(), badges, (format, paper)).unwrap()
}

fn one(name: &str) -> Printed {
    printed(&[face(name)], Format::A6, Paper::Single)
}

/// Runs a program on a document; what it wrote.
fn run(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{program} does not run: {error}"));
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    // Whoever writes a pipe that nobody reads yet, waits.
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    output.stdout
}

/// The text of the document, as a reader of PDFs finds it.
fn text_of(printed: &Printed) -> String {
    String::from_utf8(run("pdftotext", &["-", "-"], &printed.pdf)).unwrap()
}

fn pictures_of(printed: &Printed, dots_per_inch: u32) -> Vec<Picture> {
    let rendered = run("pdftoppm", &["-gray", "-r", &dots_per_inch.to_string(), "-"], &printed.pdf);
    Picture::read_all(&rendered)
}

/// What zbar reads in the picture.
fn read_codes(picture: &Picture) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.pgm");
    std::fs::write(&path, picture.to_pgm()).unwrap();
    let arguments = ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path.to_str().unwrap()];
    let read = String::from_utf8(run("zbarimg", &arguments, b"")).unwrap();
    read.lines().map(str::to_owned).collect()
}
