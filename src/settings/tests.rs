//! Tests of the command line as a whole.

use super::*;

fn of(arguments: &[&str]) -> Settings {
    read(std::iter::once("feedmill").chain(arguments.iter().copied()).map(OsString::from)).unwrap()
}

fn serve_of(arguments: &[&str]) -> ServeSettings {
    match of(arguments) {
        Settings::Serve(serve) => serve,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_pause_between_runs_is_a_minute_or_more() {
    let images = |every: &str| read(["feedmill", "images", "--every", every].map(OsString::from));
    assert!(matches!(images("60s"), Ok(Settings::Images(ImagesSettings { every: Some(_), .. }))));
    let error = images("59s").unwrap_err().to_string();
    assert_eq!(error, "`59s` is too short for --every; write 1m or more");
}

#[test]
fn serve_is_the_default_command_and_has_the_documented_defaults() {
    let serve = serve_of(&[]);
    assert_eq!(serve, serve_of(&["serve"]));
    assert!(serve.bind.is_empty());
    assert_eq!(
        serve_of(&["--bind", ":80", "--bind", "unix:/run/a,unix:/run/b"]).bind,
        [":80", "unix:/run/a", "unix:/run/b"]
    );
    assert_eq!(
        (serve.watch.poll, serve.watch.rescan, serve.drain),
        (Duration::from_secs(2), Duration::from_mins(10), Duration::from_secs(3))
    );
    assert_eq!(serve.document_cache, None);
}

#[test]
fn flags_may_come_before_or_after_the_command() {
    assert_eq!(serve_of(&["--content", "x", "serve"]).places.content, PathBuf::from("x"));
    assert_eq!(serve_of(&["serve", "--content", "x"]).places.content, PathBuf::from("x"));
    assert_eq!(serve_of(&["--content", "build"]).places.content, PathBuf::from("build"), "a value is not a command");
    let Settings::Check(check) = of(&["--content", "x", "--deny-warnings", "check"]) else { panic!() };
    assert_eq!((check.places.content, check.fails_on), (PathBuf::from("x"), FailsOn::Warnings));
}

#[test]
fn a_word_that_is_no_command_is_not_served_but_reported_with_the_nearest_command() {
    for arguments in [&["chekc"][..], &["--content", "x", "chekc"], &["-q", "chekc", "--deep"]] {
        let error = read(std::iter::once("feedmill").chain(arguments.iter().copied()).map(OsString::from)).unwrap_err();
        assert!(error.to_string().contains("a similar subcommand exists: 'check'"), "{error}");
    }
}

#[test]
fn times_and_sizes_have_units() {
    let serve = serve_of(&["--poll", "500ms", "--rescan", "1h", "--document-cache", "2MiB", "--admin-bind", "off"]);
    assert_eq!((serve.watch.poll, serve.watch.rescan), (Duration::from_millis(500), Duration::from_hours(1)));
    assert_eq!((serve.document_cache, serve.admin), (Some(2 << 20), AdminBind::Off));
    for wrong in [["--poll", "soon"], ["--poll", "2 weeks"], ["--document-cache", "large"]] {
        assert!(read(["feedmill", wrong[0], wrong[1]].map(OsString::from)).is_err(), "{wrong:?}");
    }
}
