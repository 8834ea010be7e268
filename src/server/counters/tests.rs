//! The text of the metrics.

use super::*;

#[test]
fn each_metric_appears_under_its_name() {
    let counters = Counters::new();
    let status = |code| StatusCode::from_u16(code).unwrap();
    counters.answered(DocumentKind::Feed, FormatLabel::Rss, status(200), Some(Reason::TagDiffers), 1000);
    counters.answered(DocumentKind::Feed, FormatLabel::Rss, status(304), None, 0);
    counters.answered(DocumentKind::Media, FormatLabel::Image, status(206), None, 24);
    counters.answered(DocumentKind::Other, FormatLabel::Other, status(599), None, 0);
    counters.scanned(Duration::from_millis(2), ScanOutcome::Different(5));
    let figures = Figures { edition: 7, published: 1.5, articles: 3, feeds: 5 };
    counters.published(figures);
    let health = Health::new();
    health.watching("poll", None);
    health.scanned(DateTime::from_timestamp(1_767_225_600, 0).unwrap(), ScanOutcome::Same);
    health.stale(crate::server::health::Cause::Content, "gone");
    counters.problems(2);
    counters.overflowed(3);
    counters.panicked(PanicSite::Watcher);
    counters.rendered(Duration::from_millis(1));
    let text = counters.text(&health);
    for line in [
        "feedmill_requests_total{route=\"feed\",format=\"rss\",status=\"200\"} 1",
        "feedmill_requests_total{route=\"feed\",format=\"rss\",status=\"304\"} 1",
        "feedmill_requests_total{route=\"feed\",format=\"atom\",status=\"304\"} 0",
        "feedmill_requests_total{route=\"media\",format=\"image\",status=\"206\"} 1",
        "feedmill_requests_total{route=\"other\",format=\"other\",status=\"other\"} 1",
        "feedmill_queue_overflows_total 3",
        "feedmill_panics_total{room=\"watcher\"} 1",
        "feedmill_panics_total{room=\"request\"} 0",
        "feedmill_render_seconds_count 1",
        concat!("feedmill_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        "feedmill_full_answers_total{reason=\"tag differs\"} 1",
        "feedmill_not_modified_total 1",
        "feedmill_sent_bytes_total 1024",
        "feedmill_edition 7",
        "feedmill_edition_published_seconds 1.5",
        "feedmill_articles 3",
        "feedmill_feeds 5",
        "feedmill_problems 2",
        "feedmill_look_seconds_count 1",
        "feedmill_looks_total{result=\"different\"} 1",
        "feedmill_looks_total{result=\"same\"} 0",
        "feedmill_last_look_seconds 1767225600.0",
        "feedmill_watch{mode=\"poll\"} 1",
        "feedmill_watch{mode=\"events\"} 0",
        "feedmill_stale 1",
        "feedmill_ready 0",
        "# EOF",
    ] {
        assert!(text.lines().any(|each| each == line), "no {line} in\n{text}");
    }
}

#[test]
fn the_text_stays_short_however_many_urls_are_requested() {
    let counters = Counters::new();
    for code in 100..1000 {
        let status = StatusCode::from_u16(code).unwrap();
        for kind in DocumentKind::ALL {
            for format_label in FormatLabel::ALL {
                counters.answered(kind, format_label, status, None, 1);
            }
        }
    }
    let text = counters.text(&Health::new());
    assert!(text.lines().count() < 700, "{} lines", text.lines().count());
}
