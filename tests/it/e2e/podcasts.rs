//! Podcasts: feeds with a `podcast` section in site.yaml or in a definition.

use crate::driver::{Folder, article_with, png};

const BASE: &str = "https://feeds.example.org";

const SITE: &str = "title: News\nlanguage: en\nauthor: {name: Desk}\npodcast:\n  title: The Spice Rack\n  \
    category: [Arts/Food, TV & Film]\n  explicit: false\n  owner: {name: Ada, email: ada@example.org}\n  \
    image: /cover.png\n  type: serial\n  locked: true\n  funding: {url: 'https://example.org/tip?a=1&b=2', text: Tip}\n";

/// An MP3 of this many frames of 417 bytes and 26 ms.
fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0];
    frame.resize(417, 0);
    frame.repeat(frames)
}

/// A site with an episode that says everything, one that says nothing, and a post with a picture.
fn folder() -> Folder {
    let folder = Folder::new();
    let fields = "audio: [one.mp3, bonus.mp3]\nattachments: notes.pdf\ncover: lead.png\nduration: 0:59\nepisode: 3\nexplicit: true\n\
        podcast:\n  title: Salt\n  season: 2\n  type: bonus\n  author: Bo & Co\n  image: own.png\n  \
        transcript: [a.vtt, {url: 'https://example.org/a.srt', language: de, rel: captions}]\n  chapters: a.chapters.json\n  \
        person: [Ada, {name: Bo, role: guest, img: bo.png, href: 'https://bo.example/'}]\n";
    folder.write("one.md", article_with("3: Salt", "2026-01-03", fields));
    folder.write(
        "two.md",
        article_with("Pepper", "2026-01-02", "audio: https://cdn.example.org/two.mp3\nduration: 0:59\n"),
    );
    folder.write("post.md", article_with("A picture", "2026-01-01", "cover: lead.png\n"));
    folder.write("one.mp3", mp3(383));
    folder.write("bonus.mp3", mp3(9));
    folder.write("notes.pdf", "%PDF-1.7\n%%EOF\n");
    for image in ["lead.png", "own.png", "bo.png"] {
        folder.write(image, png(40, 30));
    }
    folder.write("cover.png", png(1400, 1400));
    folder.write("a.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nSalt.\n");
    folder.write("a.chapters.json", "{\"version\": \"1.2.0\", \"chapters\": []}");
    folder.define("site.yaml", SITE);
    folder
}

#[test]
fn a_podcast_says_what_directories_require() {
    let server = folder().serve_with(&["--base-url", BASE]);
    let rss = server.get("/rss.xml").ok().xml();
    let channel = rss.one("channel");
    assert_eq!(channel.child("title").text, "The Spice Rack");
    let categories = channel.own("itunes:category");
    assert_eq!(categories[0].attribute("text"), "Arts");
    assert_eq!(categories[0].one("itunes:category").attribute("text"), "Food");
    assert_eq!(categories[1].attribute("text"), "TV & Film");
    for (name, text) in [
        ("itunes:author", "Desk"),
        ("itunes:explicit", "false"),
        ("itunes:type", "serial"),
        ("podcast:locked", "yes"),
        ("podcast:funding", "Tip"),
    ] {
        assert_eq!(channel.child(name).text, text, "{name}");
    }
    assert_eq!(channel.one("itunes:owner").one("itunes:email").text, "ada@example.org");
    assert_eq!(channel.child("itunes:image").attribute("href"), format!("{BASE}/media/cover.png"));
    assert_eq!(channel.child("podcast:funding").attribute("url"), "https://example.org/tip?a=1&b=2");
    // UUIDv5 of `feeds.example.org/rss.xml` in the namespace of the specification, made with Python's `uuid`.
    assert_eq!(channel.child("podcast:guid").text, "10c84b91-62ef-5638-a450-43b4cad68696");
}

#[test]
fn an_episode_says_what_its_front_matter_says() {
    let server = folder().serve_with(&["--base-url", BASE]);
    let rss = server.get("/rss.xml").ok().xml();
    let items = rss.all("item");
    let [one, two, post] = &items[..] else { panic!("{} items", items.len()) };
    for (name, text) in [
        ("itunes:title", "Salt"),
        // The file itself is longer than what is written.
        ("itunes:duration", "10"),
        ("itunes:episode", "3"),
        ("itunes:season", "2"),
        ("itunes:episodeType", "bonus"),
        ("itunes:explicit", "true"),
        ("itunes:author", "Bo & Co"),
    ] {
        assert_eq!(one.child(name).text, text, "{name}");
    }
    assert_eq!(one.child("itunes:image").attribute("href"), format!("{BASE}/media/own.png"));
    let transcripts = one.own("podcast:transcript");
    assert_eq!(
        (transcripts[0].attribute("url"), transcripts[0].attribute("type")),
        (&*format!("{BASE}/media/a.vtt"), "text/vtt")
    );
    assert_eq!(transcripts[1].attribute("type"), "application/x-subrip");
    assert_eq!((transcripts[1].attribute("language"), transcripts[1].attribute("rel")), ("de", "captions"));
    let chapters = one.child("podcast:chapters");
    assert_eq!(
        (chapters.attribute("url"), chapters.attribute("type")),
        (&*format!("{BASE}/media/a.chapters.json"), "application/json+chapters")
    );
    let persons = one.own("podcast:person");
    assert_eq!((&*persons[0].text, &*persons[1].text), ("Ada", "Bo"));
    assert_eq!(
        (persons[1].attribute("role"), persons[1].attribute("img")),
        ("guest", &*format!("{BASE}/media/bo.png"))
    );
    for path in ["/media/a.vtt", "/media/a.chapters.json", "/media/own.png", "/media/bo.png", "/media/cover.png"] {
        server.get(path).ok();
    }
    // Of a remote recording, the front matter knows the duration.
    assert_eq!((&*two.child("itunes:title").text, &*two.child("itunes:duration").text), ("Pepper", "59"));
    assert_eq!(post.all("itunes:title").len() + post.all("itunes:duration").len(), 0);
    assert_eq!(post.child("itunes:image").attribute("href"), format!("{BASE}/media/lead.png"));
}

#[test]
fn a_podcast_plays_recordings_only() {
    let server = folder().serve_with(&["--base-url", BASE]);
    let rss = server.get("/rss.xml").ok().xml();
    let items = rss.all("item");
    let [one, _, post] = &items[..] else { panic!("{} items", items.len()) };
    assert_eq!(one.child("enclosure").attribute("url"), format!("{BASE}/media/one.mp3"));
    let contents: Vec<_> = one.all("media:content").iter().map(|content| content.attribute("url").to_owned()).collect();
    assert_eq!(contents, [format!("{BASE}/media/bonus.mp3")]);
    assert_eq!(one.one("media:thumbnail").attribute("url"), format!("{BASE}/media/lead.png"));
    assert_eq!(post.all("enclosure").len() + post.all("media:content").len(), 0);
    assert_eq!(post.one("media:thumbnail").attribute("url"), format!("{BASE}/media/lead.png"));
    let atom = server.get("/atom.xml").ok().xml();
    let enclosures = |entry: &crate::driver::Element| {
        entry.all("link").iter().filter(|link| link.attribute("rel") == "enclosure").count()
    };
    let entries = atom.all("entry");
    assert_eq!((enclosures(entries[0]), enclosures(entries[2])), (3, 0));
    assert_eq!(entries[2].all("media:content").len(), 0);
    let json = server.get("/feed.json").ok().json();
    assert_eq!(json["items"][2].get("attachments"), None);
    assert_eq!(json["items"][2]["image"], format!("{BASE}/media/lead.png"));
    assert_eq!(json["items"][1]["attachments"][0]["duration_in_seconds"], 59);
}

#[test]
fn only_feeds_with_the_section_are_podcasts() {
    let folder = folder();
    folder.write(
        "one.md",
        article_with("One", "2026-01-03", "audio: one.mp3\ncover: lead.png\nduration: 0:59\ntags: [salt, news]\n"),
    );
    folder.define("site.yaml", "language: en\n");
    folder.define("salt.yaml", "tag: salt\npodcast: {category: Arts, explicit: true, owner: {email: ada@example.org}, guid: 917393e3-1b1e-5cef-ace4-edaa54e1f810}\n");
    folder.define("empty.yaml", "tag: news\npodcast: {}\n");
    let server = folder.serve();
    for path in ["/rss.xml", "/tags/news/rss.xml"] {
        let text = server.get(path).ok().text();
        assert!(!text.contains("itunes") && !text.contains("podcast:") && text.contains("<media:content"), "{text}");
    }
    let rss = server.get("/tags/salt/rss.xml").ok().xml();
    let channel = rss.one("channel");
    assert_eq!(channel.child("podcast:guid").text, "917393e3-1b1e-5cef-ace4-edaa54e1f810");
    assert_eq!(channel.child("itunes:explicit").text, "true");
    assert_eq!(server.get("/feed.json").json()["items"][0]["attachments"][0]["duration_in_seconds"], 10);
}

#[test]
fn without_what_directories_require_there_are_no_elements_and_check_says_why() {
    let folder = folder();
    folder.define("site.yaml", "title: x\npodcast:\n  title: Salt\n  image: lead.png\n");
    let text = folder.serve().get("/rss.xml").ok().text();
    assert!(
        !text.contains("itunes")
            && !text.contains("podcast:")
            && !text.contains("<media:content url=\"http://127.0.0.1"),
        "{text}"
    );
    let check = folder.run(&["check"]);
    check.assert_says("site.yaml:3:3: the podcast has no `podcast.category`, no `podcast.explicit`, no `podcast.owner.email`, no `language`, so its feed is not marked as one");
    check.assert_says("site.yaml:3:3: the cover `lead.png` of the podcast has 40 by 30 pixels");
    for (line, mistake) in [
        ("podcast: {category: Cooking}", "site.yaml:2:21: `Cooking` is not a category of Apple Podcasts"),
        ("podcast: {owner: {email: x}}", "site.yaml:2:26: this is not an e-mail address"),
        ("podcast: {explict: true}", "site.yaml:2:11: unknown key `explict`"),
    ] {
        folder.define("site.yaml", &format!("title: x\n{line}\n"));
        folder.run(&["check"]).assert_says(mistake);
    }
    folder.define("site.yaml", SITE);
    let check = folder.run(&["check"]);
    check.assert_says("two.md:4:8: the length of the recording `https://cdn.example.org/two.mp3` is not known");
    check.assert_says("two.md:4:8: an episode of a serial podcast has no number");
    assert_eq!(check.out.matches("[warning: podcast]").count(), 2, "{}", check.out);
    let whole = "audio: https://cdn.example.org/two.mp3 1234 audio/mpeg\nepisode: 2\n";
    folder.write("two.md", article_with("Pepper", "2026-01-02", whole));
    let check = folder.run(&["check"]);
    assert!(!check.said().contains("podcast"), "{}", check.said());
}

#[test]
fn transcripts_that_lead_nowhere_and_values_that_attach_nothing_are_reported() {
    let folder = folder();
    folder.write(
        "one.md",
        article_with("One", "2026-01-03", "audio: one.mp3\ntranscript: lost.vtt\nchapters: a.chapters.json\n"),
    );
    folder.write("two.md", article_with("Two", "2026-01-02", "audio: true\n"));
    folder.write("three.md", article_with("Three", "2026-01-02", "enclosure: 17\n"));
    folder.write("four.md", article_with("Four", "2026-01-02", "video: https://www.youtube.com/watch?v=dQw4w9WgXcQ\n"));
    let check = folder.run(&["check"]);
    check.assert_says("one.md:5:13: the attachment `lost.vtt` does not exist");
    check.assert_says("two.md:4:8: `audio` is `true`, which is neither a path nor a URL");
    check.assert_says("three.md:4:12: `enclosure` is `17`, which is neither a path nor a URL");
    check.assert_says("four.md:4:8: `https://www.youtube.com/watch?v=dQw4w9WgXcQ` leads to a page and not to a file");
}
